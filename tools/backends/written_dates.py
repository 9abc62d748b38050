"""Dates and years as people write them in documents."""

import re
from collections.abc import Hashable, Mapping
from datetime import date
from typing import TypeVar

from ..folding import fold

Key = TypeVar("Key", bound=Hashable)

_MONTHS = {
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
_MONTH = "|".join(_MONTHS)
_ISO = re.compile(r"\b(20\d\d)-(\d\d?)-(\d\d?)\b")
_SLASHED = re.compile(r"\b(\d\d?)[/.](\d\d?)[/.](20\d\d)\b")
_SPOKEN = re.compile(rf"\b(\d\d?)(?:er|st|nd|rd|th)?\s+({_MONTH})\s+(20\d\d)\b")
_ENGLISH = re.compile(rf"\b({_MONTH})\s+(\d\d?)(?:st|nd|rd|th)?,?\s+(20\d\d)\b")
_UPDATED = re.compile(
    r"^\W*(?:derniere\s+)?(?:mise?s?\s+a\s+jour|actualisee?|maj|(?:last\s+)?updated"
    r"|version\s+du|en\s+date\s+du)\b"
)
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
        day, month, year = int(found[1]), _MONTHS[found[2]], int(found[3])
    elif found := _ENGLISH.search(folded):
        day, month, year = int(found[2]), _MONTHS[found[1]], int(found[3])
    else:
        return None
    try:
        return date(year, month, day)
    except ValueError:
        return None


def update_date(line: str) -> date | None:
    """The date of a line such as "Mis à jour le : 2026-09-01"; else nothing."""
    return date_in(line) if _UPDATED.match(fold(line)) else None


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
