"""The cells of Baserow as the text that the same table would hold as a CSV file."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, tzinfo
from decimal import Decimal, InvalidOperation
from typing import Any, cast
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from .calls import OutOfDate
from .schema import Field, Shape

YES, NO = "oui", "non"
_ISO_DAY = 10  # letters
_TOGETHER = ", "


def text_of(field: Field, cell: object, zone: tzinfo, *, apart: str = _TOGETHER) -> str:
    """A cell as text; several values stand `apart`.

    Raises:
        OutOfDate: the cell is not of the type that the column had.
    """
    zone = _zone_of(field, zone)
    try:
        if field.shape == "list":
            texts = [_read(field.inner, each["value"], zone) for each in _list(cell)]
        elif field.shape in ("link", "options"):
            texts = [_option(each) for each in _list(cell)]
        else:
            texts = [_read(field.shape, cell, zone)]
        return apart.join(text for text in texts if text)
    except (ValueError, TypeError, KeyError, InvalidOperation):
        raise OutOfDate(f'column "{field.name}" has changed its type') from None


def linked_ids(field: Field, cell: object) -> Sequence[int]:
    """The rows to which a cell of a link column points.

    Raises:
        OutOfDate: the column is no link any more.
    """
    try:
        return tuple(int(each["id"]) for each in _list(cell))
    except (ValueError, TypeError, KeyError):
        raise OutOfDate(f'column "{field.name}" has changed its type') from None


def _read(shape: Shape | None, cell: object, zone: tzinfo) -> str:
    if cell is None:
        return ""
    if shape == "date":
        return _moment(_text(cell), zone)
    if shape is None or shape not in _READERS:
        raise TypeError
    return _READERS[shape](cell)


def _text(cell: object) -> str:
    if not isinstance(cell, str):
        raise TypeError
    return cell.strip()


def _number(cell: object) -> str:
    if isinstance(cell, bool) or not isinstance(cell, str | int | float):
        raise TypeError
    number = Decimal(str(cell))
    if not number.is_finite():
        raise ValueError
    text = format(number, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def _boolean(cell: object) -> str:
    if not isinstance(cell, bool):
        raise TypeError
    return YES if cell else NO


def _moment(text: str, zone: tzinfo) -> str:
    if len(text) == _ISO_DAY:
        return date.fromisoformat(text).isoformat()
    moment = datetime.fromisoformat(text)
    return moment.astimezone(zone).replace(tzinfo=None).isoformat(timespec="minutes")


def _option(cell: object) -> str:
    if not isinstance(cell, Mapping):
        raise TypeError
    value = cast("Mapping[str, Any]", cell)["value"]
    if value is not None and not isinstance(value, str | int | float):
        raise TypeError
    return "" if value is None else str(value).strip()


def _list(cell: object) -> Sequence[Mapping[str, Any]]:
    if not isinstance(cell, list):
        raise TypeError
    return cast("list[Mapping[str, Any]]", cell)


def _zone_of(field: Field, zone: tzinfo) -> tzinfo:
    try:
        return ZoneInfo(field.zone) if field.zone else zone
    except (ZoneInfoNotFoundError, ValueError):
        return zone


_READERS: Mapping[Shape, Callable[[object], str]] = {
    "text": _text,
    "number": _number,
    "boolean": _boolean,
    "option": _option,
}
