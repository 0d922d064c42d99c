"""What was measured is written into a person's models.toml, and nothing else of it is touched."""

import tomllib
from dataclasses import asdict

import pytest

from evidence.corpus.model_edits import calibrated_line, write_calibrated
from evidence.corpus.model_entries import Calibrated, read_entries
from evidence.corpus.models import SHIPPED

MEASURED = Calibrated(
    version=1,
    weights="a" * 64,
    selects=0.208,
    refuses=0.5,
    refuses_below=-0.057,
    judges=0.562,
    judges_below=-0.886,
    free=0.417,
    writes="copied",
)
LINE = calibrated_line(MEASURED)


def added(before: str, after: str) -> list[str]:
    """The lines of `after` that `before` lacks; the others are the same and in the same order."""
    rest = after.splitlines()
    for line in before.splitlines():
        if not line.startswith("calibrated"):
            assert line in rest
    new = [line for line in rest if line not in before.splitlines()]
    kept = [line for line in before.splitlines() if not line.startswith("calibrated")]
    assert [line for line in rest if line not in new] == kept
    return new


def test_the_shipped_file_gets_one_line_and_reads_as_before() -> None:
    text = SHIPPED.read_text(encoding="utf-8")
    edited = write_calibrated(text, "smollm2-135m", MEASURED)
    assert edited is not None
    assert added(text, edited) == [LINE]
    before, after = (read_entries(tomllib.loads(one))[2]["smollm2-135m"] for one in (text, edited))
    assert after.calibrated == MEASURED
    # reports name the digest: two of the same weights that were measured otherwise may differ
    assert before.digest != after.digest


@pytest.mark.parametrize(
    "text",
    [
        "[models.m]\nrole = 'x'\n",
        "# a\n[models.m] # mine\nrole = 'x' # b\n\n# c\n[models.n]\nrole = 'y'\n",
        "[models.n]\nrole = 'y'\n[models.\"m\"]\nrole = 'x'",
        "[ models . 'm' ]\n  role = 'x'\n[models.m.companions]\na = 'b'\n",
        "[models.m]\ncalibrated = { version = 7 }\nrole = 'x'\n",
        "[models.m]\n",
        "[models.m]\nlanguages = [\n  'en',\n]\n# end\n",
    ],
)
def test_comments_order_and_other_tables_stay(text: str) -> None:
    edited = write_calibrated(text, "m", MEASURED)
    assert edited is not None
    assert added(text, edited) == [LINE]
    assert tomllib.loads(edited)["models"]["m"]["calibrated"] == asdict(MEASURED)
    assert write_calibrated(edited, "m", MEASURED) == edited


@pytest.mark.parametrize(
    "text",
    [
        "[models]\nm = { role = 'x' }\n",
        "[models.n]\nrole = 'x'\n",
        "[models.n]\nnote = '''\n[models.m]\n'''\n[models]\nm.role = 'x'\n",
        "[models.m]\ncalibrated.version = 7\n",
        "",
    ],
)
def test_a_file_whose_place_is_not_plain_is_left_alone(text: str) -> None:
    assert write_calibrated(text, "m", MEASURED) is None
