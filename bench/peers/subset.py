"""A data folder that holds fewer articles: a peer embeds those of a year for half an hour."""

import gzip
import json
from pathlib import Path

from judged import rows

_ARTICLES = Path("realtimeqa") / "articles_2023.jsonl.gz"


def between(data: Path, since: str, until: str, work: Path) -> Path:
    """`data` with only those articles of 2023 that were published on these ISO days or between them."""
    folder = work / f"data-{since}-{until}"
    if not folder.exists():
        kept = [row for row in rows(data / _ARTICLES) if since <= row["publish_date"] <= until]
        _link(data, folder)
        _link(data / "realtimeqa", folder / "realtimeqa")
        (folder / _ARTICLES).unlink()
        with gzip.open(folder / _ARTICLES, "wt", encoding="utf-8") as file:
            file.writelines(json.dumps(row, ensure_ascii=False) + "\n" for row in kept)
    return folder


def _link(source: Path, folder: Path) -> None:
    """Everything in `source`, as links, in a folder of its own."""
    folder.unlink(missing_ok=True)
    folder.mkdir(parents=True)
    for path in source.iterdir():
        (folder / path.name).symlink_to(path.resolve())
