"""How long a report takes: with a model, and with --no-llm on an archive that is warm.

The demo's question over an index of the sample corpus, as `evidence ask` answers it. The first report warms what
the process holds; the figure is that of the second.

    python bench/report_time.py --index DIR [--models FILE] [--model NAME] [--no-llm]
"""

import argparse
import os
import time
from pathlib import Path

import evidence
from evidence.generator.writing.steps import Step
from evidence.openmp import wait_asleep

QUESTION = (
    "H&V/SARQ/Pellmarch order backlogs tagged to CoRIL/hybrid-bonding tools for Ostrellan/Danmora; "
    "lead times to install."
)
WINDOW = ("2025-05-27", "2025-08-27")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--index", type=Path, required=True)
    parser.add_argument("--models", type=Path)
    parser.add_argument("--model")
    parser.add_argument("--no-llm", action="store_true")
    parser.add_argument("--question", default=QUESTION)
    parser.add_argument("--since", default=WINDOW[0])
    parser.add_argument("--until", default=WINDOW[1])
    arguments = parser.parse_args()
    wait_asleep(os.environ)
    archive = evidence.open(arguments.index, arguments.models)
    archive.generator_name = arguments.model
    stages: dict[str, float] = {}
    last: list[tuple[str, float]] = []

    def note(step: Step) -> None:
        now = time.monotonic()
        if last:
            stages[last[0][0]] = stages.get(last[0][0], 0.0) + now - last[0][1]
        last[:] = [(step.stage, now)]

    archive.notify = note
    archive.ask(arguments.question, arguments.since, arguments.until, llm=False)
    if not arguments.no_llm:
        # loaded, and nothing read
        _ = archive.generator
    began, spent = time.monotonic(), time.process_time()
    report = archive.ask(arguments.question, arguments.since, arguments.until, llm=not arguments.no_llm)
    seconds, processor = time.monotonic() - began, time.process_time() - spent
    model = report["models"]["generator"]
    parts = ", ".join(f"{stage} {spent:.1f}" for stage, spent in stages.items())
    print(
        f"{model['name'] if model else 'no model'}: {len(report['findings'])} findings, "
        f"{len(report['analysis']['sentences'])} sentences, {seconds:.2f} s ({processor:.2f} s of processor)"
        + (f": {parts}" if parts else "")
    )


if __name__ == "__main__":
    main()
