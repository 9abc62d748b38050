"""What a tool that no rule knows has answered, written plainly."""

import re
from collections.abc import Mapping, Sequence
from typing import Any, cast

from . import texts
from .dates import written_moment, written_value
from .rows import column
from .talk import Result
from .texts import Language

_MOMENT = re.compile(r"^\d{4}-\d\d-\d\dT\d\d:\d\d")
_FOR_THE_MODEL = frozenset({"note"})


def write_added(result: Result, language: Language) -> str:
    """Its values as lines; a single one stands alone."""
    if "refused" in result:
        return texts.NOT_ALLOWED(language)
    if result.get("unavailable"):
        return texts.UNAVAILABLE(language)
    told = {
        name: value
        for name, value in result.items()
        if name not in _FOR_THE_MODEL and value not in (None, "")
    }
    if not told:
        return texts.NOTHING_FOUND(language)
    if len(told) == 1:
        return _written(next(iter(told.values())), language)
    return "\n".join(_line(name, value, language) for name, value in told.items())


def _line(name: str, value: object, language: Language) -> str:
    colon = " :" if language == "fr" else ":"
    written = _written(value, language)
    joint = "\n" if written.startswith("•") else " "
    return f"{column(name)}{colon}{joint}{written}"


def _written(value: object, language: Language) -> str:
    if isinstance(value, bool):
        return (texts.YES if value else texts.NO)(language)
    if isinstance(value, Mapping):
        inner = cast("Mapping[str, Any]", value)
        pairs = inner.items()
        return ", ".join(
            f"{column(name)} {_written(each, language)}" for name, each in pairs
        )
    if isinstance(value, Sequence) and not isinstance(value, str):
        each_one = cast("Sequence[object]", value)
        return "\n".join(f"• {_written(each, language)}" for each in each_one)
    text = str(value)
    if _MOMENT.match(text):
        return written_moment(text, language)
    return written_value(text, language, is_amount=False)
