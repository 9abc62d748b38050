"""A parent code in what somebody wrote, and what is left of the message without it."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from tools.code_shapes import CodeShape
from tools.folding import fold

from .lexicon import word_set
from .words import is_year

SHORTEST, LONGEST = 4, 14  # letters and digits of a code
_MAX_SHORT_WORDS = 4  # an answer to "your code, please" is this short

_PIECE = r"[^\W_]+"
_GROUPED = re.compile(rf"{_PIECE}(?:\s?[-‐-—_./]\s?{_PIECE})+")
_TOKEN = re.compile(_PIECE)
_AFTER_CODE = re.compile(
    r"\bcodes?\b(?:\s+(?:parent|famille|family|secret))?\s*"
    r"(?:(?:est|c'est|c est|cest|is|:|=|c)\s*)*:?\s*"
    rf"(?P<code>{_PIECE}(?:\s?[-‐-—_]?\s?{_PIECE}){{0,2}})"
)
_CLOSE = re.compile(r"[^\w\s\-‐-—_./]|\n")  # what no code has between its parts
_MAX_PIECES = 4  # of a code written in several words
_HOUR = re.compile(r"^\d{1,2}(h|hr|hrs|am|pm|min|mn|heures?)(\d{2})?$")
_ORDINAL = re.compile(
    r"^\d{1,2}(er|ere|re|e|em|eme|ieme|nd|nde|st|rd|th|ans?|mois|jrs?|km|kg)$"
)
_AMOUNT = re.compile(r"^\d+(f|fcfa|cfa|frs?|francs?|k|eur|euros?|m|mille)$")
_PHONE = re.compile(r"^(?:00221|221)?[37]\d{8}$")


@dataclass(frozen=True)
class Found:
    """A code as it was written, and the message without it."""

    code: str
    rest: str


def find_code(
    text: str, *, is_expected: bool, shapes: Sequence[CodeShape] = ()
) -> Found | None:
    """The parent code in a message: the last one, if several were tried.

    `is_expected`: a code was just asked for, so that a short message with digits
    or in capitals is one, too. `shapes`: what the codes of this world look like.
    """
    folded = fold(text)
    if len(folded) != len(text):  # a ligature grew: positions would not fit
        text = folded
    span = (
        _shaped(folded, shapes, is_expected=is_expected)
        or _after_the_word(folded, text)
        or _grouped(folded)
        or _alone(folded, text, is_expected=is_expected)
        or _mixed(folded)
    )
    if span is None:
        return None
    start, end = span
    rest = f"{text[: _start_of_talk(folded, start)]} {text[end:]}"
    return Found(text[start:end].strip(), rest.strip(" ,.:;\n"))


def _shaped(
    folded: str, shapes: Sequence[CodeShape], *, is_expected: bool
) -> tuple[int, int] | None:
    """The last words that together look like the codes of this world."""
    tokens = list(_TOKEN.finditer(folded))
    for last in reversed(range(len(tokens))):
        for first in range(max(0, last - _MAX_PIECES + 1), last + 1):
            start, end = tokens[first].start(), tokens[last].end()
            written = folded[start:end]
            if _CLOSE.search(written):
                continue
            is_alone = len(tokens) == last - first + 1
            if not is_alone and _is_phrase(written):
                continue
            fitting = [shape for shape in shapes if shape.fits(written)]
            if any(s.is_distinct or (is_expected and is_alone) for s in fitting):
                return start, end
    return None


def _is_phrase(written: str) -> bool:
    """Whether it is words of a sentence: "en 2025" has the shape of some codes."""
    parts = written.split()
    everyday = (
        word_set("light")
        | word_set("not_names")
        | word_set("spelling").union(word_set("kinds", "when"))
    )
    return len(parts) > 1 and any(part in everyday for part in parts)


def _start_of_talk(folded: str, start: int) -> int:
    """Where "mon code est" begins that leads to the code."""
    for match in reversed(list(_TOKEN.finditer(folded[:start]))):
        if match[0] not in word_set("code_words"):
            break
        start = match.start()
    return start


def _size(piece: str) -> int:
    return sum(letter.isalnum() for letter in piece)


def _has_digit(piece: str) -> bool:
    return any(letter.isdigit() for letter in piece)


def _has_letter(piece: str) -> bool:
    return any(letter.isalpha() for letter in piece)


def _is_mixed(piece: str) -> bool:
    return _has_digit(piece) and _has_letter(piece)


def _is_everyday(token: str) -> bool:
    """An hour, a rank, an amount or SMS spelling: letters and digits, but no code."""
    return (
        any(form.match(token) for form in (_HOUR, _ORDINAL, _AMOUNT))
        or token in word_set("not_codes")
        or token in word_set("spelling")
    )


def _fits(piece: str) -> bool:
    return SHORTEST <= _size(piece) <= LONGEST


def _grouped(folded: str) -> tuple[int, int] | None:
    """Groups with dashes, letters and digits together: the form of most codes."""
    found = [
        match.span()
        for match in _GROUPED.finditer(folded)
        if _fits(match[0])
        and _is_mixed(match[0])
        and not all(_is_everyday(piece) for piece in _TOKEN.findall(match[0]))
        and not _has_long_word(match[0])
    ]
    return found[-1] if found else None


def _has_long_word(group: str) -> bool:
    """Whether words are only joined by a dash, as in "week-end" or "rendez-vous"."""
    return any(
        piece.isalpha() and (len(piece) > 5 or piece in word_set("light"))
        for piece in _TOKEN.findall(group)
    )


def _mixed(folded: str) -> tuple[int, int] | None:
    """A word of letters and digits in the middle of a sentence."""
    found = [
        match.span()
        for match in _TOKEN.finditer(folded)
        if _fits(match[0])
        and _is_mixed(match[0])
        and not _is_everyday(match[0])
        and len(match[0]) > SHORTEST
    ]
    return found[-1] if found else None


def _after_the_word(folded: str, text: str) -> tuple[int, int] | None:
    """What follows "my code is": anything with a digit, or in capitals."""
    for match in reversed(list(_AFTER_CODE.finditer(folded))):
        start, end = match.span("code")
        span = _longest_code(folded, text, start, end)
        if span:
            return span
    return None


def _longest_code(
    folded: str, text: str, start: int, end: int
) -> tuple[int, int] | None:
    ends = [m.end() + start for m in _TOKEN.finditer(folded[start:end])]
    best = None
    for stop in ends:
        piece = folded[start:stop]
        if not _is_possible(piece, text[start:stop]):
            continue
        best = (start, stop)
    return best


def _is_possible(piece: str, written: str) -> bool:
    parts = _TOKEN.findall(piece)
    if not _fits(piece) or any(_is_everyday(part) for part in parts):
        return False
    if any(part in word_set("light") for part in parts if part.isalpha()):
        return False
    if _has_digit(piece):
        return all(_has_digit(part) or len(part) <= 4 for part in parts)
    return written.isupper() and len(parts) == 1


def _alone(folded: str, text: str, *, is_expected: bool) -> tuple[int, int] | None:
    """The code when the message is little more than the code itself."""
    matches = [
        match
        for match in _TOKEN.finditer(folded)
        if match[0] not in word_set("code_words")
    ]
    if not 0 < len(matches) <= _MAX_SHORT_WORDS - 1:
        return None
    start, end = matches[0].start(), matches[-1].end()
    parts = [match[0] for match in matches]
    if not _are_code_parts(parts, text[start:end], is_expected=is_expected):
        return None
    return start, end


def _are_code_parts(parts: list[str], written: str, *, is_expected: bool) -> bool:
    whole = "".join(parts)
    if not _fits(whole) or _is_everyday(whole):
        return False
    everyday = [part for part in parts if _is_everyday(part)]
    if everyday and (not is_expected or len(everyday) == len(parts)):
        return False
    if _is_date_or_phone(parts):
        return False
    if _is_mixed(whole):
        longest = 4 if is_expected else 3
        return all(_has_digit(part) or len(part) <= longest for part in parts)
    if not is_expected:
        return False
    if _has_digit(whole):
        return True
    return written.isupper() and len(parts) == 1


def _is_date_or_phone(parts: list[str]) -> bool:
    whole = "".join(parts)
    if _PHONE.match(whole) and len(parts) != 1:
        return True
    words = word_set("not_names") | word_set("light")
    return any(part in words for part in parts) or (
        len(parts) > 1 and all(is_year(part) for part in parts)
    )
