"""Real crawls, many of them damaged on purpose."""

from collections import Counter
from pathlib import Path

from evidence.corpus.errors import DocumentError
from evidence.corpus.records import Record
from evidence.corpus.sources import read_all

# Every head of a response or resource that a scan of the unpacked bytes finds is read, but for those named here.
SAMPLES = {
    "clipped.warc.gz": "truncated",
    "missing-status-text.warc": "truncated",
    "example-space-in-url.arc": "truncated",
    "bad.arc": "empty",
    "example-trunc.warc": "malformed",
    "pywb/example.warc": "malformed",
    "invalid_example_1.wacz": "unsupported",
}


def test_every_readable_record_of_real_crawls_is_read_and_the_damaged_are_named(shared_data: Path) -> None:
    files = sorted(path for path in (shared_data / "warc_samples").glob("*/*") if path.is_file())
    found = list(read_all(files))
    failed = {path for path, value in found if isinstance(value, DocumentError)}
    assert all(any(str(path).endswith(name) for name in SAMPLES) for path in failed)
    for name, status in SAMPLES.items():
        said = {v.status for path, v in found if str(path).endswith(name) and isinstance(v, DocumentError)}
        assert status in said
    records = Counter(path.name for path, value in found if isinstance(value, Record))
    assert records["clueweb-quirk.warc.gz"] == 29
    assert records["warcfile.warc"] == records["warcfile.warc.gz"] == records["warcfile.warc.lz4"] == 16
    assert records["iana.warc.gz"] == 16
    # 122 pages of 168 captures, and 10 of them seen again
    assert (len(files), records.total()) == (41, 132)
