"""When two spellings mean the same: codes, owners of rows, names and numbers."""

from collections.abc import Callable, Iterable, Sequence
from decimal import Decimal, InvalidOperation

from rapidfuzz import fuzz, process

from .folding import fold
from .folding import words as words_of

Owns = Callable[[str, str], bool]  # the owner cell of a row, the verified code

NEAR = 85  # of 100: one letter wrong in a first name, not another first name
_CODES_APART = ";"  # several guardians in one cell


def normal_code(text: str) -> str:
    """A code without case, accents, spaces, dashes and other separators."""
    return "".join(letter for letter in fold(text) if letter.isalnum())


def codes_in(cell: str) -> frozenset[str]:
    """The codes of an owner cell, each in its normal spelling; empty ones are none."""
    spelt = (normal_code(code) for code in cell.split(_CODES_APART))
    return frozenset(code for code in spelt if code)


def is_owned(cell: str, code: str) -> bool:
    """Whether a row with this owner cell belongs to the holder of `code`."""
    return normal_code(code) in codes_in(cell)


def wrote_code(code: str, said: Iterable[str]) -> bool:
    """Whether one of the messages holds the code: whole words, however separated.

    A part of a longer word does not count: who wrote one code has not written
    the shorter one inside it.
    """
    wanted = normal_code(code)
    return bool(wanted) and any(_holds(_pieces(text), wanted) for text in said)


def plain(text: str) -> str:
    """A text without case, accents and punctuation: equal means the same value."""
    return " ".join(words_of(text))


def may_be_one(name: str, other: str) -> bool:
    """Whether two names may be one child's: with the family's name, or without it."""
    fewer, more = sorted((set(_split(name)), set(_split(other))), key=len)
    return plain(name) == plain(other) or (bool(fewer) and fewer <= more)


def as_number(text: str) -> Decimal | None:
    """The number that a cell holds ("1" and "1.0" are equal), or None."""
    bare = "".join(text.split()).replace(",", ".")
    try:
        number = Decimal(bare)
    except InvalidOperation:
        return None
    return number if number.is_finite() else None


def nearest(
    wanted: str, values: Iterable[str], *, known_words: Iterable[str] = ()
) -> str | None:
    """The value that is meant, in its `plain` spelling, or None.

    Equal comes first; then the value whose words are all in `wanted`, when the rest
    are `known_words`; then the one whose words hold `wanted`; then one misspelling.
    Two that are as near as each other are none.
    """
    spelt = {plain(value): value for value in values if plain(value)}
    key = plain(wanted)
    if not key or key in spelt:
        return key or None
    return (
        _only([v for v in spelt if _adds_only(wanted, spelt[v], known_words)])
        or _only([v for v in spelt if set(_split(wanted)) <= set(_split(spelt[v]))])
        or _misspelt(key, list(spelt))
    )


def _misspelt(key: str, choices: Sequence[str]) -> str | None:
    found = process.extract(key, choices, scorer=fuzz.ratio, score_cutoff=NEAR, limit=2)
    if len(found) == 2 and found[0][1] == found[1][1]:
        return None
    return found[0][0] if found else None


def _adds_only(wanted: str, value: str, known_words: Iterable[str]) -> bool:
    said, named = set(_split(wanted)), set(_split(value))
    return named <= said and said - named <= {fold(word) for word in known_words}


def _only(found: Sequence[str]) -> str | None:
    return found[0] if len(found) == 1 else None


def _split(text: str) -> list[str]:
    # A compound first name is one word here: its half names another child.
    return fold(text).split()


def _pieces(text: str) -> list[str]:
    spaced = "".join(letter if letter.isalnum() else " " for letter in fold(text))
    return spaced.split()


def _holds(pieces: Sequence[str], wanted: str) -> bool:
    return any(_starts(pieces[at:], wanted) for at in range(len(pieces)))


def _starts(pieces: Sequence[str], wanted: str) -> bool:
    rest = wanted
    for piece in pieces:
        if not rest.startswith(piece):
            return False
        rest = rest[len(piece) :]
        if not rest:
            return True
    return False
