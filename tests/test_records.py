"""Files to records: sniffed by content, split verbatim, and every broken part named while the rest goes on."""

import gzip
import io
import json
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evidence.corpus.documents import read_document
from evidence.corpus.errors import DocumentError, UsageError
from evidence.corpus.records import MAX_RECORD_BYTES, Record
from evidence.corpus.sniffing import Media
from evidence.corpus.sources import read_records
from evidence.corpus.walking import find_files

HTML = b"<!DOCTYPE html><html><body><p>A page of words.</p></body></html>"
PDF = b"%PDF-1.7\nrubbish"
ARTICLE = b'{"title": "T",  "text": "caf\\u00e9"}'
WriteFolder = Callable[..., Path]


def _split(folder: Path, name: str) -> tuple[list[Record], list[DocumentError]]:
    found = list(read_records(folder / name))
    return [r for r in found if isinstance(r, Record)], [e for e in found if isinstance(e, DocumentError)]


def _only_failure(folder: Path, name: str) -> DocumentError:
    records, failures = _split(folder, name)
    assert (records, len(failures)) == ([], 1)
    assert failures[0].path.startswith(str(folder / name))
    return failures[0]


@pytest.mark.parametrize("packed", [False, True])
@pytest.mark.parametrize(
    ("name", "data", "media"),
    [
        ("report.html", PDF, Media.PDF),
        ("report.pdf", HTML, Media.HTML),
        ("page.txt", b"\xef\xbb\xbf \n<?xml version='1.0'?>\n<!-- a --><!-- b -->\n<HTML>", Media.HTML),
        ("wide.txt", "<html><body>x</body></html>".encode("utf-16"), Media.HTML),
        ("wide.xml", "<html><body>x</body></html>".encode("utf-16-le").join([b"\xff\xfe", b""]), Media.HTML),
        ("page.json", b"A note.", Media.TEXT),
        ("wide-note", "A note.".encode("utf-16"), Media.TEXT),
        ("prose.json", b"[Editor's note] This is prose.", Media.TEXT),
        ("article.html", ARTICLE, Media.ARTICLE),
        ("pretty.txt", json.dumps({"text": "x"}, indent=1).encode(), Media.ARTICLE),
    ],
)
def test_what_a_file_is_is_read_from_its_content(
    write_folder: WriteFolder, name: str, data: bytes, media: Media, packed: bool
) -> None:
    folder = write_folder({name: gzip.compress(data, mtime=0) if packed else data})
    records, failures = _split(folder, name)
    assert [(r.media, r.data, r.path) for r in records] == [(media, data, str(folder / name))]
    assert failures == []


ITEMS = [ARTICLE, b'{"text":"two, with ] and } in it"}', b'{ "n": [1, {"a": []}] }']


@pytest.mark.parametrize("packed", [False, True])
@pytest.mark.parametrize(
    "data",
    [
        b"\n".join(ITEMS),
        b"\n" + b"\r\n\n".join(ITEMS) + b"\n\n",
        b"[" + b",".join(ITEMS) + b"]",
        b"\n [\n" + b" ,\n".join(ITEMS) + b"\n]\n",
        b"\xef\xbb\xbf[" + b",".join(ITEMS) + b"]",
    ],
)
def test_an_export_is_split_into_its_verbatim_items(write_folder: WriteFolder, data: bytes, packed: bool) -> None:
    folder = write_folder({"e.dat": gzip.compress(data, mtime=0) if packed else data})
    records, failures = _split(folder, "e.dat")
    assert [r.data for r in records] == ITEMS
    assert all(r.path.startswith(f"{folder / 'e.dat'}#") for r in records)
    assert failures == []


@given(st.lists(st.dictionaries(st.text(max_size=5), st.text(max_size=9) | st.floats() | st.none()), min_size=1))
def test_the_items_of_any_list_come_back(
    tmp_path_factory: pytest.TempPathFactory, rows: list[dict[str, object]]
) -> None:
    path = tmp_path_factory.mktemp("list") / "list.json"
    path.write_bytes(json.dumps(rows, ensure_ascii=False).encode("utf-8", "surrogatepass"))
    records = [r for r in read_records(path) if isinstance(r, Record)]
    assert [r.data for r in records] == [
        json.dumps(r, ensure_ascii=False).encode("utf-8", "surrogatepass") for r in rows
    ]


@pytest.mark.parametrize("bad", [1, 2, 3])
def test_a_bad_json_line_is_named_and_the_rest_is_read(write_folder: WriteFolder, bad: int) -> None:
    lines = [b'{"text": "one"}', b'{"text": "two"}', b'{"text": "three"}']
    lines[bad - 1] = lines[bad - 1][:-2]
    folder = write_folder({"wire.jsonl": b"\n".join(lines)})
    texts, failures = [], []
    for record in _split(folder, "wire.jsonl")[0]:
        try:
            texts.append(read_document(record).text)
        except DocumentError as error:
            failures.append((error.status, error.path))
    assert len(texts) == 2
    assert failures == [("malformed", f"{folder / 'wire.jsonl'}#{bad}")]


@pytest.mark.parametrize(
    ("status", "data"),
    [
        ("empty", b""),
        ("empty", b" \n\n\t "),
        ("empty", gzip.compress(b"", mtime=0)),
        ("empty", b"[ ]"),
        ("malformed", b'{"text": "cut sho'),
        ("malformed", b'[{"text": "one"}, {"text": "cut sho'),
        ("malformed", b"[1, 2, three]"),
        ("malformed", b"[" * 100_000 + b"]"),
        ("unsupported", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR"),
        ("unsupported", b"PK\x03\x04\0\0 a zip"),
        ("unsupported", b"<?xml version='1.0'?><urlset></urlset>"),
        ("empty", b"<?xml version='1.0'?><rss></rss>"),
        ("truncated", gzip.compress(HTML * 50, mtime=0)[:-20]),
        ("truncated", b"\x1f\x8b\x08\0\0\0\0\0\0\3" + b"no deflate stream at all"),
        ("unreadable", gzip.compress(HTML, mtime=0)[:-8] + b"bad ends"),
    ],
)
def test_a_file_that_cannot_be_read_is_a_failure_with_a_status(
    write_folder: WriteFolder, status: str, data: bytes
) -> None:
    folder = write_folder({"a": data})
    assert _only_failure(folder, "a").status == status


def test_a_page_over_the_limit_is_a_failure(write_folder: WriteFolder) -> None:
    folder = write_folder({"big.html": HTML + b" " * MAX_RECORD_BYTES})
    error = _only_failure(folder, "big.html")
    assert (error.status, "32 MB" in error.reason) == ("too-large", True)


@pytest.mark.parametrize("start", [HTML, b'{"text": "'])
def test_a_gzip_bomb_is_a_failure(write_folder: WriteFolder, start: bytes) -> None:
    packed = io.BytesIO()
    with gzip.GzipFile(fileobj=packed, mode="wb", compresslevel=1) as file:
        file.write(start)
        for _ in range(8):
            file.write(b"a" * (1 << 23))
    folder = write_folder({"bomb.html.gz": packed.getvalue()})
    assert _only_failure(folder, "bomb.html.gz").status == "too-large"


def test_a_line_over_the_limit_is_named_and_the_rest_is_read(write_folder: WriteFolder) -> None:
    lines = [b'{"text": "one"}', b'{"text": "' + b"a" * MAX_RECORD_BYTES + b'"}', b'{"text": "three"}']
    folder = write_folder({"wire.jsonl": b"\n".join(lines)})
    records, failures = _split(folder, "wire.jsonl")
    assert [r.data for r in records] == [lines[0], lines[2]]
    assert [(e.status, e.path) for e in failures] == [("too-large", f"{folder / 'wire.jsonl'}#2")]


def test_many_comments_before_something_else_take_no_time(write_folder: WriteFolder) -> None:
    folder = write_folder({"a": b"<!---->" * 500 + b"no page"})
    records, _ = _split(folder, "a")
    assert [r.media for r in records] == [Media.TEXT]


def test_a_missing_source_is_a_usage_error(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no such file or folder"):
        find_files([tmp_path / "mispelt"])


def test_hidden_files_and_sidecars_are_no_documents(write_folder: WriteFolder) -> None:
    files = ["b/z.txt", "a.txt", ".hidden.txt", ".git/config", "b/.DS_Store", "a.txt.meta.json"]
    folder = write_folder(dict.fromkeys(files, "x"))
    assert find_files([folder]) == [folder / "a.txt", folder / "b" / "z.txt"]
    assert find_files([folder / "b" / "z.txt", folder, folder]) == [folder / "b" / "z.txt", folder / "a.txt"]


def test_a_hidden_file_that_is_asked_for_by_name_is_read(write_folder: WriteFolder) -> None:
    folder = write_folder({".notes.txt": "x"})
    assert find_files([folder / ".notes.txt"]) == [folder / ".notes.txt"]


def test_identity_is_the_content_and_not_the_path(write_folder: WriteFolder) -> None:
    names = {"a.html": HTML, "deep/b.htm": HTML, "c.gz": gzip.compress(HTML, mtime=0), "other.html": HTML + b" "}
    folder = write_folder({**names, "said.html": HTML}, {"said.html": {"published": "2025-08-27"}})
    ids = {name: _split(folder, name)[0][0].id for name in (*names, "said.html")}
    assert ids["a.html"] == ids["deep/b.htm"] == ids["c.gz"]
    assert len(set(ids.values())) == 3
