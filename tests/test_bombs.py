"""A gigabyte in a megabyte, wherever it is put: bounded memory, little time, a typed status."""

import gzip
import io
import json
import subprocess
import sys
import zipfile
import zlib
from pathlib import Path

import pytest
from fastwarc.stream_io import BrotliWriter, ZstdWriter

GIGABYTE = 1 << 30
# What one reader may have, with what Python and the libraries take.
MEMORY_BYTES = 1200 << 20
SECONDS = 20
PAGE = b"<p>A page.</p>"

_CHILD = """
import json, resource, sys, time
from pathlib import Path
resource.setrlimit(resource.RLIMIT_AS, (int(sys.argv[2]), int(sys.argv[2])))
from evidence.corpus.sources import read_records
start = time.process_time()
found = [str(getattr(value, "status", "")) for value in read_records(Path(sys.argv[1]))]
# the kernel's other figure also counts the process that this one was started from
used = next(int(line.split()[1]) << 10 for line in open("/proc/self/status") if line.startswith("VmHWM"))
print(json.dumps({"found": found, "seconds": time.process_time() - start, "bytes": used}))
"""


def _read(path: Path) -> list[str]:
    """Statuses of what a limited process reads in the file."""
    command = [sys.executable, "-c", _CHILD, str(path), str(MEMORY_BYTES)]
    result = subprocess.run(command, capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stderr[-2000:]
    measured = json.loads(result.stdout)
    assert measured["seconds"] < SECONDS
    assert measured["bytes"] < MEMORY_BYTES // 2
    found: list[str] = measured["found"]
    return found


def _deflated(start: bytes, filler: bytes, size: int = GIGABYTE) -> tuple[bytes, int]:
    """A raw deflate stream of `start` and much of `filler`, and the checksum of what comes out."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    block = filler * ((1 << 20) // len(filler))
    count = size // len(block)
    out = packer.compress(start) + packer.flush(zlib.Z_FULL_FLUSH)
    # after a full flush the same block is the same bytes again
    same = packer.compress(block) + packer.flush(zlib.Z_FULL_FLUSH)
    check = zlib.crc32(start)
    for _ in range(count):
        check = zlib.crc32(block, check)
    return out + same * count + packer.flush(), check


def _gzip(start: bytes, filler: bytes) -> bytes:
    data, check = _deflated(start, filler)
    size = len(start) + GIGABYTE // (1 << 20) * ((1 << 20) // len(filler)) * len(filler)
    head = b"\x1f\x8b\x08\0\0\0\0\0\0\xff"
    return head + data + check.to_bytes(4, "little") + (size % (1 << 32)).to_bytes(4, "little")


def _streamed(writer: type[ZstdWriter] | type[BrotliWriter], start: bytes = b"<p>") -> bytes:
    out = io.BytesIO()
    packer = writer(out)
    packer.write(start)
    for _ in range(128):
        packer.write(b"a" * (1 << 23))
    packer.close()
    return out.getvalue()


def _warc(body: bytes, length: int | None = None, head: str = "") -> bytes:
    block = f"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n{head}\r\n".encode() + body
    stated = len(block) if length is None else length
    return (
        (
            f"WARC/1.1\r\nWARC-Type: response\r\nWARC-Target-URI: https://x.example/\r\n"
            f"WARC-Date: 2025-08-01T00:00:00Z\r\nContent-Type: application/http; msgtype=response\r\n"
            f"Content-Length: {stated}\r\n\r\n"
        ).encode()
        + block
        + b"\r\n\r\n"
    )


GOOD = gzip.compress(_warc(PAGE), mtime=0)


@pytest.mark.parametrize(
    ("start", "filler"),
    [
        (b"<html><p>", b"a"),
        (b'{"text": "', b"a"),
        (b"[", b"["),
        (b"<rss><channel>", b"<item>"),
        (b"<SEC-DOCUMENT>\n<SEC-HEADER>\n", b"\n"),
        (b"", b"\0"),
    ],
)
def test_as_a_file(tmp_path: Path, start: bytes, filler: bytes) -> None:
    (tmp_path / "a.gz").write_bytes(_gzip(start, filler))
    assert _read(tmp_path / "a.gz") in (["too-large"], ["empty"], ["unsupported"])


@pytest.mark.parametrize("stated", [len(PAGE), GIGABYTE, 1 << 62])
def test_as_one_record_of_a_crawl(tmp_path: Path, stated: int) -> None:
    head = _warc(b"", stated)[:-4]
    (tmp_path / "a.warc.gz").write_bytes(GOOD + _gzip(head, b"a") + GOOD)
    found = _read(tmp_path / "a.warc.gz")
    assert (found[0], found[-1]) == ("ok", "ok")
    assert "too-large" in found


def test_as_a_body(tmp_path: Path) -> None:
    bodies = {"gzip": _gzip(b"<p>", b"a"), "br": _streamed(BrotliWriter), "zstd": _streamed(ZstdWriter)}
    crawl = [_warc(body, head=f"Content-Encoding: {name}\r\n") for name, body in bodies.items()]
    (tmp_path / "a.warc").write_bytes(_warc(PAGE).join([b"", *crawl, b""]))
    assert _read(tmp_path / "a.warc") == ["ok", "too-large"] * 3 + ["ok"]


def test_as_a_member_of_a_wacz(tmp_path: Path) -> None:
    bomb = _gzip(_warc(b"", GIGABYTE)[:-4], b"a")
    with zipfile.ZipFile(tmp_path / "a.wacz", "w") as archive:
        archive.writestr("archive/a.warc.gz", bomb + GOOD)
        archive.writestr("archive/b.warc.gz", GOOD)
    assert _read(tmp_path / "a.wacz") == ["too-large", "ok", "ok"]


def test_as_the_zip_itself(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.wacz", "w", zipfile.ZIP_DEFLATED) as archive:
        with archive.open("archive/a.warc", "w") as member:
            member.write(_warc(b"", 100 << 20)[:-4])
            for _ in range(100):
                member.write(b"a" * (1 << 20))
        archive.writestr("archive/b.warc.gz", GOOD)
    assert _read(tmp_path / "a.wacz") == ["too-large"]


def test_in_another_compression(tmp_path: Path) -> None:
    (tmp_path / "a.zst").write_bytes(_streamed(ZstdWriter, b"<html><p>"))
    assert _read(tmp_path / "a.zst") == ["too-large"]
    (tmp_path / "a.warc.zst").write_bytes(_streamed(ZstdWriter, _warc(b"", GIGABYTE)[:-4]))
    assert _read(tmp_path / "a.warc.zst") == ["too-large"]


def test_many_at_once(tmp_path: Path) -> None:
    bomb = _gzip(_warc(b"", GIGABYTE)[:-4], b"a")
    (tmp_path / "a.warc.gz").write_bytes((bomb + GOOD) * 20)
    assert _read(tmp_path / "a.warc.gz") == ["too-large", "ok"] * 20


def test_an_archive_of_nothing_but_lies_ends(tmp_path: Path) -> None:
    lie = _warc(PAGE, 1 << 40)
    (tmp_path / "a.warc").write_bytes(lie * 100_000)
    found = _read(tmp_path / "a.warc")
    assert set(found) == {"malformed", "truncated"} or set(found) == {"malformed"}
