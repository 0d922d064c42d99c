"""The one module that knows htmldate: a publication day guessed from a page."""

from htmldate import find_date

from evidence.corpus.values import Basis, Claim


def guess_date(page: str) -> tuple[Claim, ...]:
    """htmldate reads footers and copyright lines, so what it finds is a guess (grade C), never a claim."""
    try:
        day = find_date(page, original_date=True, outputformat="%Y-%m-%d")
    except (ValueError, RecursionError):
        return ()
    return (Claim("published", Basis.TEXT, day),) if day else ()
