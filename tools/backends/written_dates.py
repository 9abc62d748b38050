"""Dates and years as people write them in documents."""

import re
from collections.abc import Hashable, Mapping
from datetime import date
from typing import TypeVar

from ..folding import fold

Key = TypeVar("Key", bound=Hashable)

MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "janvier january",
            "fevrier february",
            "mars march",
            "avril april",
            "mai may",
            "juin june",
            "juillet july",
            "aout august",
            "septembre september",
            "octobre october",
            "novembre november",
            "decembre december",
        ),
        start=1,
    )
    for name in names.split()
}
_MONTH = "|".join(MONTHS)
_ISO = re.compile(r"\b(20\d\d)-(\d\d?)-(\d\d?)\b")
_SLASHED = re.compile(r"\b(\d\d?)[/.](\d\d?)[/.](20\d\d)\b")
_SPOKEN = re.compile(rf"\b(\d\d?)(?:er|st|nd|rd|th)?\s+({_MONTH})\s+(20\d\d)\b")
_ENGLISH = re.compile(rf"\b({_MONTH})\s+(\d\d?)(?:st|nd|rd|th)?,?\s+(20\d\d)\b")
_SHORT = re.compile(r"\b(\d\d?)[/.](\d\d?)[/.](\d\d)\b")
_MONTH_ONLY = re.compile(rf"\b({_MONTH}|sept|oct|nov|dec|janv|fev)\.?\s+(20\d\d)\b")
# However it is said; the date stands in the same breath.
_UPDATED = re.compile(
    r"\b(?:(?:derniere?\s+)?(?:mise?s?\s+a\s+jour|modification|relecture|revision"
    r"|verification)|actualisee?|a\s+jour\s+(?:au|le|du)|maj|modifiee?\s+le"
    r"|revisee?\s+le|arretee?\s+(?:par|le)|imprimee?\s+le|(?:last\s+)?(?:updated"
    r"|revised|reviewed)|(?:version|edition)\s+(?:du|de)|en\s+date\s+du)\b"
    r"[^;|]{0,40}?(?:20\d\d|\d\d?[/.]\d\d?[/.]\d\d)"
)
LONGEST_NOTE = 160  # characters: a longer line says more than its date
LONGEST_REST = 60  # of a line beside its date: a motto, not an answer
_SCHOOL_YEAR = re.compile(r"\b(20\d\d)\s*[-/–]\s*(20\d\d)\b")
_YEAR = re.compile(r"\b20\d\d\b")


def date_in(text: str) -> date | None:
    """The first date of a text: ISO, 01/09/2026, "1er septembre 2026", English."""
    folded = fold(text)
    if found := _ISO.search(folded):
        year, month, day = map(int, found.groups())
    elif found := _SLASHED.search(folded):
        day, month, year = map(int, found.groups())
    elif found := _SPOKEN.search(folded):
        day, month, year = int(found[1]), MONTHS[found[2]], int(found[3])
    elif found := _ENGLISH.search(folded):
        day, month, year = int(found[2]), MONTHS[found[1]], int(found[3])
    else:
        return None
    try:
        return date(year, month, day)
    except ValueError:
        return None


def is_note(line: str) -> bool:
    """Whether a line only says of which day the document is."""
    folded = fold(line)
    found = _UPDATED.search(folded)
    if (
        not found
        or line.lstrip().startswith(("|", "#", "- "))
        or len(line) > LONGEST_NOTE
    ):
        return False
    is_apart = bool(re.match(r"\s*(?:>|[*_(]+\w)", line)) or found.start() <= 3
    return is_apart or len(line) - len(found[0]) <= LONGEST_REST


def update_date(line: str) -> date | None:
    """The date of a line such as "Mis à jour le : 2026-09-01"; else nothing."""
    if not is_note(line):
        return None
    return date_in(line) or _short_date(fold(line))


def _short_date(folded: str) -> date | None:
    """The day of "MAJ 3.11.26"; of "révision : sept. 2026", the first of the month."""
    if found := _SHORT.search(folded):
        day, month, year = int(found[1]), int(found[2]), 2000 + int(found[3])
    elif found := _MONTH_ONLY.search(folded):
        named = (n for name, n in MONTHS.items() if name.startswith(found[1]))
        day, month, year = 1, next(named), int(found[2])
    else:
        return None
    try:
        return date(year, month, day)
    except ValueError:
        return None


def school_years(text: str) -> list[tuple[int, int]]:
    """The school years written in a text, as (2026, 2027)."""
    pairs = ((int(a), int(b)) for a, b in _SCHOOL_YEAR.findall(text))
    return [(a, b) for a, b in pairs if b == a + 1]


def years(text: str) -> set[int]:
    """Every year that is written in a text."""
    return {int(year) for year in _YEAR.findall(text)}


def school_year_of(day: date) -> int:
    """The year in which the school year of this day began; it turns in August."""
    return day.year if day.month >= 8 else day.year - 1


def past_documents(titles: Mapping[Key, str], today: date) -> frozenset[Key]:
    """The documents whose title names a past year, or an older one than another's."""
    newest: dict[str, int] = {}
    for title in titles.values():
        newest[_subject(title)] = max(newest.get(_subject(title), 0), _last_year(title))
    past: set[Key] = set()
    for key, title in titles.items():
        last = _last_year(title)
        begun = school_year_of(today) if school_years(title) else today.year - 1
        if last and (last <= begun or last < newest[_subject(title)]):
            past.add(key)
    return frozenset(past)


def _last_year(title: str) -> int:
    return max(years(title), default=0)


def _subject(title: str) -> str:
    """A title without its years, and without what is said of them in brackets."""
    without = re.sub(r"\([^)]*\)|20\d\d", " ", fold(title))
    return " ".join(re.findall(r"[a-z]+", without))
