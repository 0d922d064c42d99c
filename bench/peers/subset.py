"""A data folder that holds fewer articles: embedding them all takes a peer half an hour."""

import gzip
import json
from datetime import date, timedelta
from pathlib import Path

from judged import rows
from realtimeqa import realtimeqa

# Facts are of the months from here on, and articles of these months are what they hide among.
_AUTUMN = "2023-09-01"
_ARTICLES = Path("realtimeqa") / "articles_2023.jsonl.gz"


def in_windows(data: Path, folder: Path) -> Path:
    """`data` with those articles of 2023 alone that some question with gold articles may see, or of autumn."""
    if not folder.exists():
        days = _days(data)
        kept = [
            row for row in rows(data / _ARTICLES) if row["publish_date"] in days or row["publish_date"] >= _AUTUMN
        ]
        _link(data, folder)
        _link(data / "realtimeqa", folder / "realtimeqa")
        (folder / _ARTICLES).unlink()
        with gzip.open(folder / _ARTICLES, "wt", encoding="utf-8") as file:
            file.writelines(json.dumps(row, ensure_ascii=False) + "\n" for row in kept)
    return folder


def _days(data: Path) -> set[str]:
    """Every day that a question's window holds."""
    days = set()
    for topic in realtimeqa(data, data, ("2023",)).topics:
        if topic.relevant:
            since, until = date.fromisoformat(topic.since), date.fromisoformat(topic.until)
            days |= {(since + timedelta(days=day)).isoformat() for day in range((until - since).days + 1)}
    return days


def _link(source: Path, folder: Path) -> None:
    """Everything in `source`, as links, in a folder of its own."""
    folder.unlink(missing_ok=True)
    folder.mkdir(parents=True)
    for path in source.iterdir():
        (folder / path.name).symlink_to(path.resolve())
