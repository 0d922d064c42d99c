"""The project's rules about itself: which way imports point, who may import what, and what files may say."""

import ast
import re
import resource
import subprocess
import sys
from collections.abc import Iterator
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

from evidence.corpus import errors

ROOT = Path(__file__).resolve().parent.parent

# Each floor may import those before it and itself.
FLOORS = ("corpus", "indexer", "retriever", "generator", "evidence")
# The generator's rooms, and which other rooms each may import.
ROOMS = {
    "reading": set[str](),
    "gate": {"reading"},
    "comparison": {"reading"},
    "weighing": {"reading"},
    "writing": {"reading", "gate"},
}

# Values, validation and the command line's own library are everywhere; every other library has one module.
COMMON = {"numpy", "pydantic", "click"}
LXML = "tree sheets selectors html blocks grid inline_xbrl statements pagedates feeditems".split()
OWNERS = {
    "Stemmer": {"indexer/words.py"},
    "faiss": {"indexer/vectors.py"},
    "fastwarc": {"corpus/warc.py", "corpus/bodies.py", "corpus/inflating.py"},
    "htmldate": {"corpus/guessing.py"},
    "jinja2": {"evidence/views/html.py"},
    "llama_cpp": {"generator/writing/llama.py"},
    # a tree is the value between the module that parses it and those that read it
    "lxml": {f"corpus/{name}.py" for name in LXML},
    "nupunkt": {"indexer/sentences.py"},
    # a term dictionary is an Arrow file, too
    "pyarrow": {
        f"indexer/{name}.py"
        for name in ("arrow", "document_rows", "passage_rows", "gathering", "dictionary", "names")
    },
    "py3langid": {"corpus/language.py"},
    "pypdfium2": {"corpus/pdfpages.py"},
    "pyseccomp": {"corpus/sandbox.py"},
    "rich": {"evidence/progress.py", "evidence/views/terminal.py"},
    "sentence_transformers": {"indexer/sentence_transformer.py", "retriever/cross_encoder.py"},
    "threadpoolctl": {"indexer/bert_embedder.py"},
    "tokenizers": {"indexer/wordpieces.py"},
    "trafilatura": {"corpus/html.py"},
    "transformers": {"indexer/sentence_transformer.py", "retriever/cross_encoder.py"},
}
NETWORK = set(
    "socket ssl http ftplib smtplib asyncio xmlrpc telnetlib requests httpx aiohttp urllib3 websockets".split()
)

# Written in two parts, for this file is looked through as well.
FORBIDDEN = [
    *("pypi" + ".org", "pythonhosted" + ".org", "hugging" + "face.co", "https://hf" + ".co", "github" + ".com/"),
    *("/work" + "/", "/tmp" + "/", "/ro" + "ot/", "/ho" + "me/", "conda" + ".io", "pytorch" + ".org"),
]
HEAVY = {
    "torch",
    "faiss",
    "pyarrow",
    "transformers",
    "lxml",
    "sentence_transformers",
    "llama_cpp",
    "numpy",
    "pydantic",
}
# Seconds of processor time; it takes 0.06.
HELP_SECONDS = 0.3


def _modules() -> Iterator[tuple[str, Path, ast.Module]]:
    """Import name, path and tree of every module of the five packages."""
    for floor in FLOORS:
        for path in sorted((ROOT / floor).rglob("*.py")):
            parts = path.relative_to(ROOT).with_suffix("").parts
            name = ".".join(parts if parts[0] == "evidence" else ("evidence", *parts)).removesuffix(".__init__")
            yield name, path, ast.parse(path.read_text(encoding="utf-8"))


def _imported(tree: ast.AST) -> Iterator[str]:
    """Every module a tree imports, with the names taken from it, anywhere in it."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "imports are absolute"
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def _floor(name: str) -> int:
    """A module's floor; what is `evidence.x` and no floor is the front door."""
    parts = name.split(".")
    return FLOORS.index(parts[1]) if len(parts) > 1 and parts[1] in FLOORS[:-1] else len(FLOORS) - 1


def _graph() -> dict[str, set[str]]:
    """Modules of ours to modules of ours that they import."""
    names = {name for name, _, _ in _modules()}
    graph: dict[str, set[str]] = {}
    for name, _, tree in _modules():
        ours = {full for full in _imported(tree) if full.split(".")[0] == "evidence"}
        graph[name] = {full if full in names else full.rpartition(".")[0] for full in ours} & names
    return graph


def test_imports_point_one_way() -> None:
    wrong = [(name, other) for name, others in _graph().items() for other in others if _floor(other) > _floor(name)]
    assert wrong == []


def test_the_generators_rooms_are_entered_one_way() -> None:
    folders = {path.parent.name for path in (ROOT / "generator").glob("*/*.py")}
    assert folders == set(ROOMS)
    graph = _graph()
    for room, may in ROOMS.items():
        own = {name: others for name, others in graph.items() if f"evidence.generator.{room}." in name}
        entered = {other.split(".")[2] for others in own.values() for other in others if "generator." in other}
        assert own and entered & set(ROOMS) <= {room} | may, room
        assert "report" not in entered


def test_no_module_is_imported_by_a_second_path() -> None:
    found = [(name, full) for name, _, tree in _modules() for full in _imported(tree)]
    assert [(name, full) for name, full in found if full.split(".")[0] in FLOORS[:-1]] == []


def test_there_is_no_cycle() -> None:
    graph = _graph()
    # the package's first file opens the Python API on demand, and the API stands on it
    graph["evidence"].discard("evidence.archive")
    assert len(list(TopologicalSorter(graph).static_order())) == len(graph)


def test_each_foreign_library_has_one_module_that_knows_it() -> None:
    users: dict[str, set[str]] = {}
    for _, path, tree in _modules():
        for full in _imported(tree):
            users.setdefault(full.split(".")[0], set()).add(str(path.relative_to(ROOT)))
    foreign = users.keys() - sys.stdlib_module_names - COMMON - {"evidence"}
    assert {library: users[library] for library in foreign} == OWNERS


def test_no_module_imports_what_could_reach_a_network() -> None:
    found = [(name, full) for name, _, tree in _modules() for full in _imported(tree)]
    assert [(n, full) for n, full in found if full.split(".")[0] in NETWORK or "urllib.request" in full] == []


def test_every_error_is_drawn_in_the_tree_at_the_top_of_its_file() -> None:
    drawn, above = {"EvidenceError": "Exception"}, {0: "EvidenceError"}
    for indent, name in re.findall(r"^( *)\+ (\w+)", str(errors.__doc__), re.MULTILINE):
        depth = len(indent) // 2 + 1
        drawn[name], above[depth] = above[depth - 1], name
    real = {
        name: kind.__mro__[1].__name__
        for name, kind in vars(errors).items()
        if isinstance(kind, type) and issubclass(kind, Exception)
    }
    assert drawn == real


def _help(*options: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, *options, "-m", "evidence", "--help"]
    return subprocess.run(command, capture_output=True, text=True, check=True)


def test_the_help_page_costs_little() -> None:
    taken = []
    for _ in range(5):
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        _help()
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        taken.append(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
    assert min(taken) < HELP_SECONDS


def test_the_help_page_imports_nothing_heavy() -> None:
    imported = {line.rpartition("|")[2].strip() for line in _help("-X", "importtime").stderr.splitlines()}
    assert "evidence.cli" in imported
    assert {name.split(".")[0] for name in imported} & HEAVY == set()


def _files() -> list[Path]:
    """The project's own text files; the sample corpus is fiction with addresses of its own."""
    folders = (*FLOORS, "tests", "bench", "docs", ".ci")
    below = [path for folder in folders for path in (ROOT / folder).rglob("*") if path.is_file()]
    top = [path for path in ROOT.iterdir() if path.is_file() and path.name != ".git"]
    kept = [path for path in (*below, *top) if not {"sample", "__pycache__"} & set(path.relative_to(ROOT).parts)]
    return sorted(kept)


@pytest.mark.parametrize("word", FORBIDDEN)
def test_no_file_names_a_registry_or_a_place_on_somebodys_machine(word: str) -> None:
    assert len(_files()) > 80
    assert [path for path in _files() if word.encode() in path.read_bytes()] == []


def test_the_map_names_every_folder_and_every_module() -> None:
    text = (ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8")
    code = {path.relative_to(ROOT).parts[0] for path in _files() if len(path.relative_to(ROOT).parts) > 1}
    assert [folder for folder in sorted(code) if f"{folder}/" not in text] == []
    for floor in (*FLOORS, *(f"generator/{room}" for room in ROOMS)):
        section = text.partition(f"## {floor}/")[2].partition("\n## ")[0]
        names = {path.name for path in (ROOT / floor).glob("*.py") if not path.name.startswith("__")}
        assert names - set(re.findall(r"`(\w+\.py)`", section)) == set(), floor
        assert set(re.findall(r"^\| `(\w+\.py)`", section, re.MULTILINE)) - names == set(), floor
