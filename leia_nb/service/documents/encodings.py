"""Decoding text files of unknown encoding."""

from __future__ import annotations

import codecs
import re
import unicodedata
from itertools import islice
from typing import TYPE_CHECKING

from leia_nb.service.documents.base import InputDocument, UnreadableDocument, add_note

if TYPE_CHECKING:
    from charset_normalizer import CharsetMatch

_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# In order of preference: several encodings of Latin script decode a short text equally well.
_CANDIDATES = (
    "cp1252", "cp1250", "iso8859_2", "cp1251", "koi8_r", "cp1253", "cp1254", "cp1255", "cp1256",
    "cp932", "gb18030", "big5", "cp949", "euc_jp", "cp874",
)  # fmt: skip
_FALLBACK = "cp1252"
_BEYOND_ASCII = re.compile(rb"[\x80-\xff]")
_LEAST_EVIDENCE = 3  # bytes
_SAMPLE_BYTES = 1 << 16
_CONTEXT_BYTES = 1 << 10
_DAMAGED_SHARE = 0.1  # of the characters beyond ASCII; more is not damaged UTF-8
_PUNCTUATION = {"Pd", "Pi", "Pf", "Po", "Ps", "Pe", "Sc"}
# Jamo and half-width katakana are rare in texts, and frequent in wrongly decoded ones.
_RARE_LETTERS = re.compile("[\u3130-\u318f\uff61-\uff9f]")


def decode(document: InputDocument, data: bytes) -> str:
    """Decode text: by its byte order mark, as UTF-8, or in the encoding that fits it best.

    The job gets a note if bytes are damaged or the encoding is uncertain.
    Raises `UnreadableDocument` if the data is binary.
    """
    encoding = next((encoding for bom, encoding in _BOMS if data.startswith(bom)), None)
    text = data.decode(encoding, errors="replace") if encoding else _decode(document, data)
    if "\0" in text:
        advice = "Upload plain text, or a PDF that contains text."
        raise UnreadableDocument(document, "is binary, not text", advice)
    return text


def _decode(document: InputDocument, data: bytes) -> str:
    # Incremental, because the data may end within a character.
    text = codecs.getincrementaldecoder("utf-8")("replace").decode(data)
    damaged = text.count("\ufffd") - data.count("\ufffd".encode())
    if not damaged:
        return text
    beyond_ascii = sum(character > "\x7f" for character in text) - damaged
    if damaged <= beyond_ascii * _DAMAGED_SHARE:
        add_note(f"{document.label} is UTF-8 with invalid bytes ({damaged:,}), replaced by \ufffd.")
        return text
    encoding, is_certain = detect(data)
    if not is_certain:
        add_note(
            f"{document.label} was decoded as {encoding}, which is a guess. Upload it as UTF-8."
        )
    return data.decode(encoding, errors="replace")


def detect(data: bytes) -> tuple[str, bool]:
    """Return the encoding that fits text best, and whether it is certain.

    Examples
    --------
    >>> detect("請求書の合計は二千円です。".encode("shift_jis"))
    ('cp932', True)
    """
    from charset_normalizer import from_bytes

    beyond_ascii = [
        match.start() for match in islice(_BEYOND_ASCII.finditer(data), _LEAST_EVIDENCE)
    ]
    if len(beyond_ascii) < _LEAST_EVIDENCE:
        return _FALLBACK, False
    # ASCII tells nothing, so the sample starts just before the first other byte.
    start = max(0, beyond_ascii[0] - _CONTEXT_BYTES)
    sample = data[start : start + _SAMPLE_BYTES]
    matches = from_bytes(sample, cp_isolation=list(_CANDIDATES), preemptive_behaviour=False)
    ranked = sorted((match for match in matches if match.encoding in _CANDIDATES), key=_rank)
    if not ranked:
        return _FALLBACK, False
    best, *others = ranked
    rivals = [other for other in others if _rank(other)[:2] == _rank(best)[:2]]
    return best.encoding, all(str(rival) == str(best) for rival in rivals)


def _rank(match: CharsetMatch) -> tuple[float, float, int, int]:
    """Return what sorts the better match first."""
    fit = round(match.chaos, 2), -round(match.coherence, 1)
    return *fit, _oddness(str(match)), _CANDIDATES.index(match.encoding)


def _oddness(text: str) -> int:
    """Count the characters beyond ASCII that are neither letters nor punctuation."""
    beyond_ascii = [character for character in text if character > "\xa0"]
    odd = sum(
        not character.isalpha() and unicodedata.category(character) not in _PUNCTUATION
        for character in beyond_ascii
    )
    return odd + len(_RARE_LETTERS.findall(text))
