"""Text from crawled bytes, whatever they claim to be written in. Pure."""

import re

_CHARSET = re.compile(rb"<(?:meta|\?xml)[^>]+(?:charset|encoding)\s*=\s*[\"']?\s*([\w-]+)", re.IGNORECASE)
_HEAD_BYTES = 4096
# Browsers read these names as Windows-1252, so pages that say them are written in it.
_LATIN = frozenset({"iso-8859-1", "iso8859-1", "latin-1", "latin1", "us-ascii", "ascii"})
# Above one bad byte in a thousand characters a page that says UTF-8 does not know itself.
_MAX_BAD = 1 / 1000


def decode(data: bytes) -> str:
    """Text from bytes: a BOM's word, the declared charset's, UTF-8, and at last Windows-1252."""
    if data[:2] in {b"\xff\xfe", b"\xfe\xff"}:
        return data.decode("utf-16", "replace")
    match = _CHARSET.search(data[:_HEAD_BYTES])
    declared = match[1].decode("ascii").lower() if match else "utf-8"
    declared = "cp1252" if declared in _LATIN else declared
    for name in (declared, "utf-8-sig"):
        try:
            return data.decode(name).replace("\0", "")
        except (LookupError, UnicodeDecodeError):
            continue
    text = data.decode("utf-8", "replace")
    if text.count("\ufffd") > len(text) * _MAX_BAD:
        text = data.decode("cp1252", "replace")
    return text.replace("\0", "")
