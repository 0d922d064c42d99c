"""What a model may do beyond writing, by what was measured of it. Pure.

A model that was not measured, or not this one, writes in the quotes' own words and does nothing else.
"""

from dataclasses import dataclass

from evidence.corpus.model_entries import Calibrated, Writing
from evidence.generator.writing.calibration_cases import VERSION

# Of the questions that a passage answers the model names the right sentence of six this often; chance is a sixth.
MIN_SELECTED = 0.8
# Area under the curve of a margin that parts what is to be kept from what is to be dropped; chance is 0.5.
MIN_AREA = 0.9


@dataclass(frozen=True, slots=True)
class Skills:
    """A threshold is None where the role was not earned."""

    selects: bool = False
    refuses_below: float | None = None
    judges_below: float | None = None
    writes: Writing = "copied"


NO_SKILLS = Skills()


def skills_of(measured: Calibrated | None, sha256: str) -> Skills:
    """The roles that were earned by these weights on this version of the cases."""
    if measured is None or measured.version != VERSION or measured.weights != sha256:
        return NO_SKILLS
    return Skills(
        selects=measured.selects >= MIN_SELECTED,
        refuses_below=measured.refuses_below if measured.refuses >= MIN_AREA else None,
        judges_below=measured.judges_below if measured.judges >= MIN_AREA else None,
        writes=measured.writes,
    )
