"""Dates and numbers as people write them in French and English."""

import re
from datetime import date, datetime

from .lexicon import section
from .texts import Language

_ISO_DATE = re.compile(r"^\d{4}-\d{2}-\d{2}$")
_ISO_MOMENT = re.compile(r"^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}$")
_DECIMAL = re.compile(r"^-?\d+[.,]\d+$")
_WHOLE = re.compile(r"^-?\d{5,}$")
_AMOUNT = re.compile(r"^-?\d{4,}$")


def written_date(iso: str, language: Language) -> str:
    """An ISO date as "1er septembre 2026" or "1 September 2026"."""
    try:
        day = date.fromisoformat(iso[:10])
    except ValueError:
        return iso
    month = section("months", language)[day.month - 1]
    number = "1er" if day.day == 1 and language == "fr" else str(day.day)
    return f"{number} {month} {day.year}"


def written_moment(iso: str, language: Language) -> str:
    """A date with its hour."""
    try:
        moment = datetime.fromisoformat(iso)
    except ValueError:
        return iso
    clock = f"{moment:%H} h {moment:%M}" if language == "fr" else f"{moment:%H:%M}"
    joint = " à " if language == "fr" else " at "
    return f"{written_date(iso, language)}{joint}{clock}"


def written_value(text: str, language: Language, *, is_amount: bool) -> str:
    """A cell of a table: dates in words, a decimal comma, thousands apart."""
    if _ISO_DATE.match(text):
        return written_date(text, language)
    if _ISO_MOMENT.match(text):
        return written_moment(text, language)
    if _DECIMAL.match(text):
        return text.replace(*((".", ",") if language == "fr" else (",", ".")))
    # A code, a year or a phone number is no amount: only long numbers are parted.
    if (is_amount and _AMOUNT.match(text)) or (_WHOLE.match(text) and text[0] != "0"):
        parted = f"{int(text):,}"
        return parted.replace(",", " ") if language == "fr" else parted
    return text
