"""What is stated about a document: sidecars, `--metadata` files and the fields of an export."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from evidence.corpus.articles import read_article
from evidence.corpus.documents import read_document
from evidence.corpus.errors import DocumentError, UsageError
from evidence.corpus.metadata import Metadata, MetadataFile
from evidence.corpus.records import Record
from evidence.corpus.sniffing import Media
from evidence.corpus.sources import read_records
from evidence.corpus.values import Basis, Document, Grade

WriteFolder = Callable[..., Path]

STATED = {
    "url": "https://a.example/x",
    "title": "A title",
    "publisher": "A publisher",
    "language": "en",
    "published": "2025-08-27T16:20:00-04:00",
    "modified": "2025-08-28T00:00Z",
    "captured": "2025-08-29",
    "kind": "filing",
    "form": "10-Q",
    "company": "A company",
    "ticker": "ACO",
}


def _only(path: Path, stated: MetadataFile | None = None) -> Record | DocumentError:
    (found,) = read_records(path, stated)
    return found


def _read(path: Path, stated: MetadataFile | None = None) -> Document:
    record = _only(path, stated)
    assert isinstance(record, Record)
    return read_document(record)


def _article(row: Any) -> Document:
    return read_document(Record("a", Media.ARTICLE, json.dumps(row).encode()))


def test_everything_a_sidecar_states_is_the_documents(write_folder: WriteFolder) -> None:
    document = _read(write_folder({"a.txt": "Words."}, {"a.txt": STATED}) / "a.txt").as_json()
    plain = STATED.keys() - {"published", "modified", "captured", "language"}
    assert {key: document[key] for key in plain} == {key: STATED[key] for key in plain}
    assert document["published"]["earliest"] == "2025-08-27T16:20:00-04:00"
    assert (document["published"]["basis"], document["published"]["grade"]) == ("sidecar", "A")
    assert document["captured"] == "2025-08-29T23:59:59Z"


@pytest.mark.parametrize(
    ("sidecar", "reason"),
    [
        ('{"publishd": "2025-08-27"}', "unknown key 'publishd'; the keys are url, title, "),
        ('{"published": "27/08/2025"}', "is not a date"),
        ('{"modified": "last tuesday"}', "is not a date"),
        ('{"published": 20250827}', "published"),
        ('{"kind": "novel"}', "kind"),
        ('["published"]', "the object"),
        ("{published: 2025}", "a.txt.meta.json"),
        ("", "a.txt.meta.json"),
        (b"\xff\xfe{}", "a.txt.meta.json"),
    ],
)
def test_a_sidecar_that_cannot_be_believed_fails_its_document(
    write_folder: WriteFolder, sidecar: str | bytes, reason: str
) -> None:
    folder = write_folder({"a.txt": "Words.", "a.txt.meta.json": sidecar})
    error = _only(folder / "a.txt")
    assert isinstance(error, DocumentError)
    assert (error.status, reason in error.reason) == ("bad-metadata", True)


def test_a_misspelt_sidecar_key_is_refused() -> None:
    with pytest.raises(ValueError, match="datePublished"):
        Metadata.model_validate({"datePublished": "2025-08-27"})


def test_labels_in_a_sidecar_are_refused(write_folder: WriteFolder) -> None:
    folder = write_folder({"a.txt": "Words."}, {"a.txt": {"labels": ["secret"]}})
    with pytest.raises(DocumentError, match="labelled"):
        _read(folder / "a.txt")


def test_the_spelling_of_a_sidecar_is_no_part_of_a_documents_identity(write_folder: WriteFolder) -> None:
    one, two = '{"title": "\\u00e9", "form": "8-K"}', '{\n"form": "8-K", "title": "é", "url": null}'
    folder = write_folder(dict.fromkeys(["a.txt", "b.txt"], "x") | {"a.txt.meta.json": one, "b.txt.meta.json": two})
    assert _read(folder / "a.txt").id == _read(folder / "b.txt").id


def test_a_metadata_file_names_documents_by_paths_relative_to_itself(write_folder: WriteFolder) -> None:
    rows = [{"path": "news/a.txt", "published": "2025-08-27"}, {"path": "../source/b.txt", "title": "B"}]
    lines = "\n\n".join(json.dumps(row) for row in rows)
    folder = write_folder({"news/a.txt": "Words.", "b.txt": "Words.", "c.txt": "Words.", "all.jsonl": lines})
    stated = MetadataFile.read(folder / "all.jsonl")
    published = _read(folder / "news" / ".." / "news" / "a.txt", stated).published
    assert published is not None
    assert (published.basis, published.grade) == (Basis.SIDECAR, Grade.A)
    assert _read(folder / "b.txt", stated).title == "B"
    assert stated.of(folder / "c.txt") is None


def test_the_metadata_file_goes_before_a_sidecar(write_folder: WriteFolder) -> None:
    row = json.dumps({"path": "a.txt", "title": "From the file"})
    folder = write_folder({"a.txt": "Words.", "all.jsonl": row}, {"a.txt": {"title": "From the sidecar"}})
    assert _read(folder / "a.txt", MetadataFile.read(folder / "all.jsonl")).title == "From the file"


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ('{"path": "b.txt", "publishd": "2025-08-27"}', "publishd"),
        ('{"path": "b.txt", "published": "03/04/2025"}', "'03/04/2025' is not a date"),
        ('{"published": "2025-08-27"}', "no 'path' in it"),
        ('{"path": 7}', "line 3"),
        ('{"path": "b.txt"', "line 3"),
        ("[]", "line 3"),
        ("null", "line 3"),
    ],
)
def test_a_bad_line_of_a_metadata_file_is_a_usage_error_that_names_it(
    write_folder: WriteFolder, line: str, reason: str
) -> None:
    folder = write_folder({"all.jsonl": f'{{"path": "a.txt"}}\n\n{line}\n'})
    with pytest.raises(UsageError) as caught:
        MetadataFile.read(folder / "all.jsonl")
    assert f"{folder / 'all.jsonl'}, line 3" in str(caught.value)
    assert reason in str(caught.value)


@pytest.mark.parametrize("name", ["missing.jsonl", "latin.jsonl", "."])
def test_a_metadata_file_that_cannot_be_read_is_a_usage_error(write_folder: WriteFolder, name: str) -> None:
    folder = write_folder({"latin.jsonl": '{"path": "Möder.txt"}'.encode("latin-1")})
    with pytest.raises(UsageError, match="cannot be read"):
        MetadataFile.read(folder / name)


@pytest.mark.parametrize(
    "row",
    [
        {"maintext": "Words.", "title": "T", "source_domain": "p.example", "date_publish": "2025-08-01 00:00:00"},
        {"text": "Words.", "headline": "T", "publisher": {"name": "p.example"}, "publishedAt": 1754006400},
        {"body": " Words.\r\n", "title": "T", "url": "https://www.p.example/2025/08/01/t", "date": "Aug 1, 2025"},
        {
            "content": "<p>Words.<!-- x --></p><p hidden>No.</p>",
            "name": "T",
            "site": "p.example",
            "date": "20250801",
        },
        {
            "text": "",
            "articleBody": "Words.",
            "title": "T",
            "domain": "p.example",
            "pubDate": "1 Aug 2025 07:00 GMT",
        },
    ],
)
def test_an_export_may_name_its_fields_as_the_common_ones_do(row: dict[str, Any]) -> None:
    document = _article(row)
    assert (document.text, document.title, document.publisher) == ("Words.", "T", "p.example")
    assert document.published is not None
    assert document.published.earliest.date().isoformat() == "2025-08-01"


def test_the_download_time_of_an_export_bounds_its_date() -> None:
    document = _article({"text": "Words.", "date": "2025-08-27", "date_download": "2025-08-01 10:00:00"})
    assert document.flags == ("dated-after-capture",)


@pytest.mark.parametrize(
    "odd", [{"date": float("nan")}, {"date": 1e400}, {"url": "http://[bad"}, {"title": "\ud800"}, {"labels": []}]
)
def test_an_odd_value_costs_an_article_nothing_but_itself(odd: dict[str, Any]) -> None:
    document = _article({"text": "W\ud800rds."} | odd)
    assert (document.text, document.published, len(document.text_sha256)) == ("W?rds.", None, 64)


@pytest.mark.parametrize(
    ("row", "status"),
    [({"text": "x", "labels": ["secret"]}, "labelled"), ({"text": " "}, "no-text"), ([1], "malformed")],
)
def test_an_article_that_cannot_be_used_says_why(row: Any, status: str) -> None:
    with pytest.raises(DocumentError) as caught:
        _article(row)
    assert caught.value.status == status


def test_markup_in_an_export_is_cleaned_like_a_page() -> None:
    body = "<meta charset=latin-1><p>Möder<!-- x --> words</p><p style='display:none'>No.</p><script>n()</script>"
    reading = read_article(Record("a", Media.ARTICLE, json.dumps({"text": body}).encode()))
    assert (reading.text, reading.flags) == ("Möder words", ("hidden-text",))
