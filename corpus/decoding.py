"""Text from crawled bytes, whatever they claim to be written in. Pure."""

import codecs
import re

UTF_16_BOMS = frozenset({codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE})

_CHARSET = re.compile(rb"<(?:meta|\?xml)[^>]+(?:charset|encoding)\s*=\s*[\"']?\s*([\w-]+)", re.IGNORECASE)
_HEAD_BYTES = 4096
# Browsers read these names as larger sets, so pages that say them are written in those (WHATWG Encoding, 4.2).
_AS_BROWSERS = {
    "iso8859-1": "cp1252",
    "ascii": "cp1252",
    "gb2312": "gb18030",
    "shift_jis": "cp932",
    "euc_kr": "cp949",
}
# Python codecs that no page is written in; bytes that could be searched for `charset` are not UTF-16.
_NEVER = re.compile(r"utf-?(?:7|16|32)|idna|punycode|undefined|(?:raw-)?unicode-escape")
_DEFAULT = "utf-8-sig"
_SEVEN_BITS = ("iso2022", "hz")
# Above one bad byte in a thousand characters a page that says UTF-8 does not know itself.
_MAX_BAD = 1 / 1000


def decode(data: bytes) -> str:
    """Text from bytes: UTF-8 where they are that, else what a BOM or the page says, and at last Windows-1252."""
    return _decode(data).replace("\0", "")


def _decode(data: bytes) -> str:
    if data[:2] in UTF_16_BOMS:
        return data.decode("utf-16", "replace")
    declared = _declared(data)
    # text that was written in another set is never UTF-8 by accident; the sets of seven bits always are
    first = (declared, _DEFAULT) if declared.startswith(_SEVEN_BITS) else (_DEFAULT, declared)
    for name in first:
        try:
            return data.decode(name)
        except (LookupError, UnicodeDecodeError):
            continue
    text = data.decode(_DEFAULT, "replace")
    if text.count("\ufffd") > len(text) * _MAX_BAD:
        text = data.decode("cp1252", "replace")
    return text


def _declared(data: bytes) -> str:
    match = None if data.startswith(codecs.BOM_UTF8) else _CHARSET.search(data[:_HEAD_BYTES])
    try:
        name = codecs.lookup(match[1].decode("ascii")).name if match else _DEFAULT
    except LookupError:
        return _DEFAULT
    return _DEFAULT if _NEVER.match(name) else _AS_BROWSERS.get(name, name)
