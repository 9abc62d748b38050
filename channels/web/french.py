"""Moments, sizes and punctuation as a French reader expects them."""

import re
from datetime import datetime
from zoneinfo import ZoneInfo

_DAYS = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche")
_MONTHS = (
    *("janvier", "février", "mars", "avril", "mai", "juin"),
    *("juillet", "août", "septembre", "octobre", "novembre", "décembre"),
)
_SPACE = "\N{NO-BREAK SPACE}"
_NARROW_PLACES = re.compile(
    r"(?<=«) | (?=[»?!;:])|(?<=\d) (?=h\b|\d{3}\b|FCFA)|(?<=\d\sh) (?=\d)"
)


def clock(moment: datetime, zone: ZoneInfo) -> str:
    """`16 h 30`, or `16 h` on the hour, never broken over two lines."""
    local = moment.astimezone(zone)
    hour = f"{local.hour}{_SPACE}h"
    return f"{hour}{_SPACE}{local.minute:02}" if local.minute else hour


def day(moment: datetime, zone: ZoneInfo) -> str:
    """`samedi 28 novembre`."""
    local = moment.astimezone(zone)
    number = "1er" if local.day == 1 else str(local.day)
    return f"{_DAYS[local.weekday()]} {number} {_MONTHS[local.month - 1]}"


def day_and_time(moment: datetime, zone: ZoneInfo) -> str:
    """`samedi 28 novembre à 16 h 30`."""
    return f"{day(moment, zone)} à {clock(moment, zone)}"


def ago(moment: datetime, now: datetime) -> str:
    """`à l'instant`, `il y a 5 min`, `il y a 2 h`, `il y a 3 jours`."""
    minutes = int((now - moment).total_seconds() // 60)
    if minutes < 1:
        return "à l'instant"
    if minutes < 60:
        return f"il y a {minutes}{_SPACE}min"
    if minutes < 24 * 60:
        return f"il y a {minutes // 60}{_SPACE}h"
    days = minutes // (24 * 60)
    return f"il y a {days}{_SPACE}jour{'s' if days > 1 else ''}"


def size(size_bytes: int) -> str:
    """`12 ko`, `1,4 Mo`: of a file, never broken over two lines."""
    if size_bytes < 999_500:
        return f"{max(1, round(size_bytes / 1000))}{_SPACE}ko"
    return f"{size_bytes / 1_000_000:.1f}{_SPACE}Mo".replace(".", ",")


def unbroken(text: str) -> str:
    """The text with its spaces inside « », 9 h 30, 4 500 FCFA, before ? ! ; : kept."""
    return _NARROW_PLACES.sub(_SPACE, text)
