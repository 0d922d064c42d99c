"""What a record says, as the bytes that its entry names, under one of two policies. Pure.

`full` keeps texts. `hash` keeps ids, dates, numbers and digests, and of every other text a salted SHA-256: who has
the text can show that it was this one, who has the log alone cannot read it. A guess can be tested by whoever has
the payload, for the salt stands in it; that is what `hash` does not protect against.
"""

from typing import Any

from evidence.corpus.hashing import canonical, digest
from evidence.indexer.manifest import HASH

# What `hash` leaves as it is: identifiers, dates, and words of which the program has a closed list. Whatever key is
# not named here is concealed, so that a text that reports gain later is never kept by oversight.
CLEAR = frozenset(
    "schema id document_id passage findings sha256 original output since until as_of tz min_grade known_by "
    "first_instant last_instant known_instant first_day last_day earliest latest precision basis grade captured "
    "generated_at first last state verdict class level label mechanism excluded finding run head "
    "citations grammar program system machine cpu python numpy outcome".split()
)
_MARK = "sha256:"


def payload_bytes(body: dict[str, Any], policy: str, salt: str) -> bytes:
    """The payload's file. `salt` is random, in hexadecimal; the same body and salt give the same bytes."""
    kept = conceal(body, salt) if policy == HASH else body
    return canonical({"salt": salt, **kept}) + b"\n"


def conceal(value: Any, salt: str, clear: bool = False) -> Any:
    """The value with each text that is not under a key of CLEAR replaced by its salted digest."""
    if isinstance(value, dict):
        return {key: conceal(part, salt, key in CLEAR) for key, part in value.items()}
    if isinstance(value, list | tuple):
        return [conceal(part, salt, clear) for part in value]
    if isinstance(value, str) and not clear:
        return _MARK + salted(value.encode("utf-8", "surrogatepass"), salt)
    return value


def salted(data: bytes, salt: str) -> str:
    """SHA-256 of the salt's bytes and the data."""
    return digest(bytes.fromhex(salt) + data)
