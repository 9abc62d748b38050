"""The veil over arguments and results of tools: every string, and keys that are values."""

import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any, cast

from pydantic_core import to_jsonable_python

from .veil import Veil


def cover_json(value: object, veil: Veil) -> Any:
    """A new structure with every string covered, also numbers that are a known value.

    What is not JSON is first written as a model would be sent it.

    Raises:
        PydanticSerializationError: it cannot be sent to a model at all.
    """

    def cover(text: str) -> str:
        return veil.cover(text, is_cell=True)

    return _map(to_jsonable_python(value), cover, _number(veil))


def uncover_json(value: object, veil: Veil) -> Any:
    """A new structure with every token put back as our records spell it."""
    return _map(value, veil.uncover, lambda number: number)


def cover_arguments(
    arguments: str | dict[str, Any] | None, veil: Veil
) -> str | dict[str, Any] | None:
    """The arguments of a call, as a structure or as JSON, covered."""
    return _in_same_form(arguments, lambda value: cover_json(value, veil), veil.cover)


def uncover_arguments(
    arguments: str | dict[str, Any] | None, veil: Veil
) -> str | dict[str, Any] | None:
    """The arguments of a call, as a structure or as JSON, with values put back."""
    return _in_same_form(
        arguments, lambda value: uncover_json(value, veil), veil.uncover
    )


def _in_same_form(
    arguments: str | dict[str, Any] | None,
    change: Callable[[object], Any],
    change_text: Callable[[str], str],
) -> str | dict[str, Any] | None:
    if not isinstance(arguments, str):
        return None if arguments is None else change(arguments)
    try:
        read = json.loads(arguments)
    except ValueError:
        return change_text(arguments)  # a broken call: the tool will refuse it
    changed = change(read)
    # Unchanged arguments keep their bytes: a cached prefix stays valid.
    return arguments if changed == read else json.dumps(changed, ensure_ascii=False)


def _map(
    value: object,
    change: Callable[[str], str],
    change_number: Callable[[int | float], object],
) -> Any:
    match value:
        case str():
            return change(value)
        case bool() | None:
            return value
        case int() | float():
            return change_number(value)
        case Mapping():
            pairs = cast("Mapping[object, object]", value).items()
            return {
                change(key) if isinstance(key, str) else key: _map(
                    one, change, change_number
                )
                for key, one in pairs
            }
        case Sequence():
            some = cast("Sequence[object]", value)
            return [_map(one, change, change_number) for one in some]
        case _:
            raise TypeError(f"not of JSON: {type(value).__name__}")


def _number(veil: Veil) -> Callable[[int | float], object]:
    def cover(number: int | float) -> object:
        written = str(number)
        covered = veil.cover(written, is_cell=True)
        return number if covered == written else covered

    return cover
