"""How Baserow filters: what it does not understand it leaves out, and all rows stay."""

import json
import re
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal, InvalidOperation
from typing import Any, cast

from tests.counterparts.baserow_tables import StubRow, StubTable

Test = Callable[[StubRow], bool]

# Types of filter -> types of column; another pair is refused.
_FITS = {
    "equal": {"text", "long_text", "number", "url", "email", "phone_number"},
    "contains": {"text", "long_text", "number", "url", "email", "phone_number", "date"},
    "higher_than": {"number"},
    "lower_than": {"number"},
    "boolean": {"boolean"},
    "link_row_has": {"link_row"},
    "single_select_equal": {"single_select"},
    "date_is_before": {"date"},
    "date_equal": {"date"},
}
_SIMPLE = re.compile(r"^filter__(.+)__(.+)$")
_DATE = re.compile(r"^[^?]+\?(\d{4}-\d{2}-\d{2})\?exact_date$")


class FilterRefused(Exception):
    """The few mistakes that Baserow does not take for "no filter"."""

    def __init__(self, error: str, detail: Any) -> None:
        super().__init__(error)
        self.error, self.detail = error, detail


def kept_by(
    table: StubTable, params: Mapping[str, str], *, by_name: bool
) -> Sequence[StubRow]:
    """The rows that the parameters of a call leave."""
    if "filters" in params:
        test = _tree(table, _parsed(params["filters"]), by_name=by_name)
    else:
        test = _all(_simple(table, params, by_name=by_name))
    return [row for row in table.rows if test(row)]


def _parsed(text: str) -> dict[str, Any]:
    try:
        return json.loads(text)
    except ValueError:
        said = {
            "error": "The provided filters are not valid JSON.",
            "code": "invalid_json",
        }
        raise FilterRefused("ERROR_FILTERS_PARAM_VALIDATION_ERROR", said) from None


def _tree(table: StubTable, tree: dict[str, Any], *, by_name: bool) -> Test:
    tests = [
        _leaf(table, _in_tree(table, leaf["field"], by_name=by_name), leaf)
        for leaf in tree.get("filters", ())
    ]
    tests += [_tree(table, group, by_name=by_name) for group in tree.get("groups", ())]
    return _any(tests) if tree.get("filter_type") == "OR" else _all(tests)


def _in_tree(table: StubTable, wanted: Any, *, by_name: bool) -> dict[str, Any]:
    for field in table.fields:
        if wanted == (field["name"] if by_name else field["id"]):
            return field
    said = "The field None was not found in the table."
    raise FilterRefused("ERROR_FILTER_FIELD_NOT_FOUND", said)


def _simple(
    table: StubTable, params: Mapping[str, str], *, by_name: bool
) -> Sequence[Test]:
    tests: list[Test] = []
    for key, value in params.items():
        found = _SIMPLE.match(key)
        if not found:
            continue  # one underscore too few: no filter, every row
        name, kind = found.groups()
        is_id = re.fullmatch(r"field_(\d+)", name)
        keys = {table.key(field, by_name=by_name): field for field in table.fields}
        if is_id and name not in {f"field_{field['id']}" for field in table.fields}:
            said = f"The field {is_id[1]} was not found in the table."
            raise FilterRefused("ERROR_FILTER_FIELD_NOT_FOUND", said)
        if name in keys:  # a name that is not known: no filter, every row
            tests.append(_leaf(table, keys[name], {"type": kind, "value": value}))
    return tests


def _leaf(table: StubTable, field: dict[str, Any], leaf: Mapping[str, Any]) -> Test:
    kind, value = leaf["type"], str(leaf["value"]).strip()
    if kind not in _FITS:
        said = f"The view filter type {kind} doesn't exist."
        raise FilterRefused("ERROR_VIEW_FILTER_TYPE_DOES_NOT_EXIST", said)
    if field["type"] not in _FITS[kind]:
        said = f"The filter {kind} is not compatible with field type {field['type']}."
        raise FilterRefused("ERROR_VIEW_FILTER_TYPE_UNSUPPORTED_FIELD", said)
    understood = _understood(kind, field["type"], value)

    def test(row: StubRow) -> bool:
        return understood is None or understood(row.cells[field["id"]])

    return test


def _understood(kind: str, type_: str, value: str) -> Callable[[Any], bool] | None:
    """The test of a cell; None where Baserow quietly filters nothing."""
    make = _TESTS.get("equal_number" if (kind, type_) == ("equal", "number") else kind)
    try:
        return make(value) if make and value else None
    except (InvalidOperation, ValueError):
        return None


def _above(value: str) -> Callable[[Any], bool]:
    number = Decimal(value)
    return lambda cell: cell is not None and Decimal(cell) > number


def _is_number(value: str) -> Callable[[Any], bool]:
    number = Decimal(value)
    return lambda cell: cell is not None and Decimal(cell) == number


def _has_id(value: str) -> Callable[[Any], bool]:
    number = int(value)
    return lambda cell: number in _ids(cell)


def _is_before(value: str) -> Callable[[Any], bool] | None:
    day = _DATE.match(value)
    return day and (lambda cell: bool(cell) and cell[:10] < day[1])


_TESTS: Mapping[str, Callable[[str], Callable[[Any], bool] | None]] = {
    "equal": lambda value: lambda cell: cell == value,
    "equal_number": _is_number,
    "contains": lambda value: lambda cell: value.upper() in str(cell or "").upper(),
    "higher_than": _above,
    "link_row_has": _has_id,
    "single_select_equal": _has_id,
    "boolean": lambda value: lambda cell: cell == (value in ("true", "1", "t", "y")),
    "date_is_before": _is_before,
}


def _ids(cell: Any) -> set[int]:
    linked = cast("list[Any]", cell if isinstance(cell, list) else [cell])
    return {each["id"] for each in linked if each}


def _all(tests: Sequence[Test]) -> Test:
    return lambda row: all(test(row) for test in tests)


def _any(tests: Sequence[Test]) -> Test:
    return lambda row: any(test(row) for test in tests)
