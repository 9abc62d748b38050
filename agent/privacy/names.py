"""The parts of a person's name: what may stand alone and still mean this person."""

from collections.abc import Collection
from dataclasses import dataclass

from .spelling import words_of_value

SHORTEST = 2  # letters of a name that may stand alone: "Sy", "Ba"

_PARTICLES = frozenset(
    {"de", "da", "do", "du", "des", "dos", "di", "del", "d", "le", "la", "les", "l"}
    | {"el", "al", "ben", "bin", "ould", "van", "von", "et", "e", "y"}
)


@dataclass(frozen=True, slots=True)
class FullName:
    """First names and surname of a name that has both."""

    given: tuple[str, ...]
    surname: str


def joined(value: str) -> str:
    """The letters and digits of a value, folded, without what parts them."""
    return "".join(words_of_value(value))


def full_name(value: str, *, surnames: Collection[str] = ()) -> FullName | None:
    """First names and surname, whichever comes first; None for a single name.

    The surname is a known one (joined), or the only word in capitals, or the last.
    """
    words = [word for word in value.split() if joined(word) not in _PARTICLES]
    words = [word for word in words if joined(word)]
    if len(words) < 2:
        return None
    at = _place_of_surname(words, surnames)
    return FullName(tuple(words[:at] + words[at + 1 :]), words[at])


def has_surname(value: str, surnames: Collection[str]) -> bool:
    """Whether one of the words is a surname that is known already."""
    return any(joined(word) in surnames for word in value.split())


def lone_words(value: str) -> list[str]:
    """The words of a longer name that mean this person also alone."""
    words = value.split()
    if len(words) < 2:
        return []
    return [
        word
        for word in words
        if len(joined(word)) >= SHORTEST and joined(word) not in _PARTICLES
    ]


def turned(value: str) -> str | None:
    """The name with its last word first: "Diop Awa"; None for a single word."""
    words = value.split()
    return " ".join([words[-1], *words[:-1]]) if len(words) > 1 else None


def _place_of_surname(words: list[str], surnames: Collection[str]) -> int:
    known = [at for at, word in enumerate(words) if joined(word) in surnames]
    loud = [at for at, word in enumerate(words) if len(word) > 1 and word.isupper()]
    if len(known) == 1:
        return known[0]
    return loud[0] if len(loud) == 1 else len(words) - 1
