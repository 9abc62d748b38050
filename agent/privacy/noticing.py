"""What a contact's own words hold that no record told us: e-mails, phones, codes."""

import re
from collections.abc import Iterator, Sequence

from tools.code_shapes import CodeShape

from .phones import phones_in
from .spelling import folded
from .tokens import Kind
from .vocabulary import word_set

# From the beginning of a word only: long texts are read once.
_EMAIL = re.compile(r"(?<![\w.+-])[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_PIECE = re.compile(r"[^\W_]+")
_MAX_PIECES = 4  # of a code written in several words
_HOUR = re.compile(r"\d{1,2}\s?[hH:]\s?\d{0,2}")


def noticed(text: str, shapes: Sequence[CodeShape]) -> Iterator[tuple[Kind, str]]:
    """Every e-mail, phone number and code that stands in this text, as written."""
    for email in _EMAIL.findall(text):
        yield "email", email
    for phone in phones_in(text):
        yield "phone", phone
    for code in _codes(text, shapes):
        yield "code", code


def _codes(text: str, shapes: Sequence[CodeShape]) -> Iterator[str]:
    distinct = [shape for shape in shapes if shape.is_distinct]
    pieces = list(_PIECE.finditer(text)) if distinct else []
    at = 0
    while at < len(pieces):
        for length in range(_MAX_PIECES, 0, -1):
            some = pieces[at : at + length]
            written = text[some[0].start() : some[-1].end()]
            if any(shape.fits(written) for shape in distinct) and _is_code(written):
                yield written
                at += len(some) - 1
                break
        at += 1


def _is_code(written: str) -> bool:
    """Whether this is no year, amount or hour that has the form of a code."""
    if _HOUR.fullmatch(written):
        return False
    # "KA-2026" is meant as one word, "en 2026" is two.
    words = [folded(word) for word in written.split()]
    return len(words) < 2 or word_set("beside_numbers").isdisjoint(words)
