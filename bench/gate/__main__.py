"""How many planted errors the gate catches, and how many true sentences it cuts.

    python bench/gate --data ../shared/data [--half test] [--limit 500] [--seed 7] [--show KIND]

Errors are planted by rule in sentences of news, filings and pages; true sentences are the same said otherwise by
rule. Sources are halved for ever by a hash of their names: what was tuned saw `dev` alone. Behind it two sets that
people wrote: fever_symmetric (claims with a sentence that supports or refutes each; a page's title is taken to be
the claim's first name) and expertqa (claims of models with passages, and whether these support them completely).
Prints a table by kind and one line of figures; --show prints what went wrong with a kind.
"""

import argparse
import gzip
import json
import random
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from pathlib import Path

from paraphrased import RULES, say_again
from planted import PLANTERS, Planted, plant
from texts import Quoted, quoted

from evidence.generator.gate.grounds import Ground
from evidence.generator.gate.support import judge
from evidence.generator.reading.names import NO_NAMES, Names
from evidence.generator.reading.readings import read
from evidence.generator.verdicts import Verdict

FALSE_KINDS = (*PLANTERS, "cited")
TRUE_KINDS = ("verbatim", *RULES)
_STEP = 16
# The most sentences of one text: no article counts for many.
_OF_ONE_TEXT = 6


def verdict(made: Planted, names: Names) -> Verdict:
    return judge(made.sentence, list(range(1, len(made.cited) + 1)), dict(enumerate(made.cited, start=1)), names)


def build(
    data: Path,
    half: str,
    limit: int,
    seed: int,
    kinds: tuple[str, ...],
    make: Callable[[str, Quoted, random.Random], Planted | None],
) -> Iterator[tuple[Planted, Names]]:
    """As many of each kind as there are, up to its share of `limit`; each quote serves one kind."""
    draw = random.Random(seed)
    pool = list(quoted(data, half, _STEP))
    draw.shuffle(pool)
    wanted = {kind: limit // len(kinds) + (n < limit % len(kinds)) for n, kind in enumerate(kinds)}
    used: Counter[str] = Counter()
    for quote in pool:
        if used[quote.text[:80]] >= _OF_ONE_TEXT:
            continue
        for kind in sorted(kinds, key=lambda kind: -wanted[kind]):
            if wanted[kind] > 0 and (made := make(kind, quote, draw)) is not None:
                wanted[kind] -= 1
                used[quote.text[:80]] += 1
                yield made, quote.names
                break


def fever(data: Path, limit: int) -> Iterator[tuple[bool, str, Ground]]:
    for name in ("full", "generated"):
        path = data / "fever_symmetric" / "symmetric_v0.1" / f"fever_symmetric_{name}.jsonl"
        for line in path.read_text(encoding="utf-8").splitlines()[:limit]:
            row = json.loads(line)
            claim, evidence = _plain(row["claim"]), _plain(row["evidence_sentence"])
            title = re.split(r" (?:is|was|are|were|has|had|did|does|will|can|could)\b|['’]s\b", claim)[0]
            title = (
                title
                if title[:1].isupper() and len(title.split()) < 6
                else next((run.text for run in read(claim).runs), None)
            )
            yield row["label"] == "SUPPORTS", claim, Ground((evidence,), title=title)


def _plain(text: str) -> str:
    """Without the tokeniser's marks."""
    for mark, plain in (
        ("-LRB-", "("),
        ("-RRB-", ")"),
        ("-LSB-", "("),
        ("-RSB-", ")"),
        ("``", '"'),
        (" ''", '"'),
        ("--", "–"),
    ):
        text = text.replace(mark, plain)
    return re.sub(r" (?=[.,;:!?)’']|n't)|(?<=\() ", "", text)


def expertqa(data: Path, limit: int) -> Iterator[tuple[bool, str, tuple[Ground, ...]]]:
    with gzip.open(data / "expertqa" / "rand_val.jsonl.gz", "rt", encoding="utf-8") as file:
        for line in list(file)[:limit]:
            for answer in json.loads(line)["answers"].values():
                for claim in answer["claims"]:
                    passages = [text.split("\n\n", 1)[1] for text in claim["evidence"] if "\n\n" in text]
                    if passages and claim["support"] in {"Complete", "Incomplete", "Partial"}:
                        text = re.sub(r"\s*\[\d+\]", "", claim["claim_string"])
                        yield claim["support"] == "Complete", text, tuple(Ground((p,)) for p in passages)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    parser.add_argument("--half", choices=("dev", "test"), default="test")
    parser.add_argument("--limit", type=int, default=500)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--show")
    arguments = parser.parse_args()
    common = (arguments.data, arguments.half, arguments.limit, arguments.seed)
    rates = []
    for word, kinds, make in (("caught", FALSE_KINDS, plant), ("cut", TRUE_KINDS, say_again)):
        rates.append(report(word, build(*common, kinds, make), arguments.show))
    rates.append(human(arguments))
    rates.append("verifier: no weights of one can be had as a package, so none was measured")
    print("  ".join(rates))


def report(word: str, made: Iterator[tuple[Planted, Names]], show: str | None) -> str:
    """Prints a table by kind; returns the figure over all of them."""
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    for item, names in made:
        found = verdict(item, names)
        hit = not (found.stands and (word == "cut" or item.is_left(found.text)))
        counts[item.kind][word if hit else "other"] += 1
        counts[item.kind]["partly"] += found.value == "partly"
        if show in {item.kind, "all"} and hit == (word == "cut"):
            print(
                f"- [{item.kind}] {item.sentence}\n    quoted: {item.cited[0].text}\n"
                f"    title: {item.cited[0].title}\n    {found.reason} {found.text!r}"
            )
    total, hits = 0, 0
    for kind, row in counts.items():
        count = row[word] + row["other"]
        total, hits = total + count, hits + row[word]
        print(f"{kind:12} {row[word]:4} of {count:4} {word} {row[word] / count:6.1%}  partly {row['partly']}")
    return f"{word} {hits}/{total} = {hits / max(total, 1):.1%}"


def human(arguments: argparse.Namespace) -> str:
    figures = []
    sets = (
        ("fever", ((true, text, (ground,)) for true, text, ground in fever(arguments.data, 4 * arguments.limit))),
        ("expertqa", expertqa(arguments.data, arguments.limit)),
    )
    for name, rows in sets:
        kept: Counter[bool] = Counter()
        all_of: Counter[bool] = Counter()
        reasons: Counter[str] = Counter()
        for true, text, grounds in rows:
            found = judge(text, list(range(1, len(grounds) + 1)), dict(enumerate(grounds, start=1)), NO_NAMES)
            all_of[true] += 1
            kept[true] += found.stands
            if true and not found.stands:
                reasons[str(found.reason)] += 1
            if arguments.show in {f"{name}-cut" if true else f"{name}-kept"} and found.stands != true:
                print(f"- {text}\n    {grounds[0].text[:300]}\n    {found.reason}")
        print(name, "true cut for:", dict(reasons.most_common()))
        figures.append(f"{name}: true kept {kept[True]}/{all_of[True]}, false kept {kept[False]}/{all_of[False]}")
    return "; ".join(figures)


if __name__ == "__main__":
    main()
