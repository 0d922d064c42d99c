"""How much reading a passage once saves: the extraction of a report with and without what the context holds.

Passages of the sample corpus, each read alone with three queries and the question that nothing answers, as a report
does it; then the same prompts, each from an empty context. The answers must be the same to the last bit.

    python bench/prefix.py [--models FILE] [--model NAME] [--passages 12]

With half a billion parameters about three minutes of two cores, most of it without reuse.
"""

import argparse
import os
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from evidence.corpus.sample import folders
from evidence.generator.reading.quote_sentences import split_quote
from evidence.generator.writing.extraction import Pick, pick_sentences
from evidence.generator.writing.generator import Generator
from evidence.generator.writing.prompt import Prompt
from evidence.loading import load_generator, load_models
from evidence.openmp import wait_asleep

QUERIES = ("How large is the order backlog?", "What are the lead times?", "Who ordered bonders?")
# Characters of a passage of 220 wordpieces.
PASSAGE = 1000


def passages(count: int) -> list[list[str]]:
    """Sentences of the sample's plain texts, packed as the index packs them."""
    packed: list[list[str]] = [[]]
    for path in sorted(
        path for folder in folders() for path in folder.glob("*.*") if path.suffix in (".txt", ".md")
    ):
        for sentence in split_quote(path.read_text(encoding="utf-8")):
            if sum(map(len, packed[-1])) + len(sentence) > PASSAGE:
                packed.append([])
            packed[-1].append(sentence)
    return packed[:count]


def timed(work: Callable[[], list[list[Pick]]], generator: Generator) -> tuple[float, float, int, list[list[Pick]]]:
    began, spent, tokens = time.monotonic(), time.process_time(), generator.tokens
    picks = work()
    return time.monotonic() - began, time.process_time() - spent, generator.tokens - tokens, picks


class Forgetful:
    """Reads every prompt from its first token."""

    def __init__(self, generator: Generator) -> None:
        self._generator = generator
        self.chat = generator.chat

    @property
    def tokens(self) -> int:
        return self._generator.tokens

    def weigh(self, prompt: Prompt, answers: Sequence[str]) -> list[float]:
        self._generator._held.clear()
        return self._generator.weigh(prompt, answers)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--models", type=Path)
    parser.add_argument("--model")
    parser.add_argument("--passages", type=int, default=12)
    arguments = parser.parse_args()
    wait_asleep(os.environ)
    generator = load_generator(load_models(arguments.models), arguments.model)
    texts = passages(arguments.passages)
    # loaded and warm
    pick_sentences(["Gulls nest."], ["Who nests?"], generator)
    with_reuse = timed(lambda: [pick_sentences(text, QUERIES, generator) for text in texts], generator)
    forgetful = Forgetful(generator)
    without = timed(lambda: [pick_sentences(text, QUERIES, forgetful) for text in texts], forgetful)
    print(
        f"{generator.name}: {len(texts)} passages, {len(QUERIES)} queries each; with reuse {with_reuse[0]:.1f} s "
        f"({with_reuse[1]:.1f} s of processor, {with_reuse[2]} tokens), without {without[0]:.1f} s "
        f"({without[1]:.1f}, {without[2]}); {without[0] / with_reuse[0]:.1f} times as fast; "
        f"answers {'the same' if with_reuse[3] == without[3] else 'DIFFER'}"
    )


if __name__ == "__main__":
    main()
