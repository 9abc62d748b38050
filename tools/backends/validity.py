"""Of which year a passage is, as its document says it, and whether that is over."""

from datetime import date

from .passages import Document
from .written_dates import school_year_of, school_years, years

OPENING = 3  # blocks of a document that may say of which year all of it is
LONGEST = 160  # characters: a longer block tells something, it says no year of all


def stated_year(document: Document, *, heading: str | None, text: str) -> str | None:
    """The year that is nearest to a passage: "2026-2027", or "2026".

    Its heading says it, or the title, or the school year in the passage itself or at
    the beginning of its document. A day in a text is no year of the text.
    """
    for said in (heading or "", document.title):
        if year := _school_year(said) or _calendar_year(said):
            return year
    opening = (block.text for block in document.blocks[:OPENING])
    short = " ".join(said for said in opening if len(said) <= LONGEST)
    return _school_year(text) or _school_year(short)


def is_over(year: str, today: date) -> bool:
    """Whether a year as `stated_year` writes it is past; a school year: in August."""
    first, _, last = year.partition("-")
    return int(last) <= school_year_of(today) if last else int(first) < today.year


def _school_year(text: str) -> str | None:
    found = max(school_years(text), default=None)
    return f"{found[0]}-{found[1]}" if found else None


def _calendar_year(text: str) -> str | None:
    found = max(years(text), default=None)
    return str(found) if found else None
