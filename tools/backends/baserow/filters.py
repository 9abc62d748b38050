"""The only filters that are sent: by id of the column, with a value of its type."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Literal

from ...errors import BackendRefused
from ...matching import as_number, normal_code
from .cells import linked_ids
from .schema import Field

# What stands in a cell as it stands in the folded code, in upper case or lower: no
# letter that French may write with an accent, no separator.
_SURE = frozenset("0123456789bdfghjklmpqrtvwxz")
_ROWS_OF_BASEROW = range(1, 2**31)


@dataclass(frozen=True)
class Condition:
    """One leaf of the `filters` tree."""

    field: Field
    type: Literal["contains", "equal", "link_row_has"]
    value: str

    def holds(self, row: Mapping[str, Any]) -> bool:
        """Whether a returned row is one that Baserow should have returned."""
        cell = row.get(self.field.key)
        if self.type == "link_row_has":
            return int(self.value) in linked_ids(self.field, cell)
        if self.type == "contains":
            return self.value in str(cell or "").casefold()
        return as_number(str(cell)) == Decimal(self.value)


def tree_of(conditions: Sequence[Condition]) -> str | None:
    """The parameter `filters`; None when there is nothing to filter by."""
    if not conditions:
        return None
    leaves = [
        {"field": each.field.id, "type": each.type, "value": each.value}
        for each in conditions
    ]
    tree = {"filter_type": "AND", "filters": leaves, "groups": list[Any]()}
    return json.dumps(tree, separators=(",", ":"))


def holder_is(field: Field, row_id: int) -> Sequence[Condition]:
    """Rows that link to this row.

    Raises:
        BackendRefused: it is no number of a row.
    """
    if row_id not in _ROWS_OF_BASEROW:
        raise BackendRefused("this is no number of a row")
    return [Condition(field, "link_row_has", str(row_id))]


def may_hold(field: Field, value: str) -> Sequence[Condition]:
    """Rows whose cell may hold this value in any spelling: more than those that do.

    `equal` minds the case and `contains` accents and separators, and a cell may hold
    several codes: so each letter that has one spelling only must be in it.

    Raises:
        BackendRefused: the column cannot hold the value, or it is blank.
    """
    folded = normal_code(value)
    if not folded:
        raise BackendRefused("a value to look for is blank")
    if field.kind in ("text", "long_text"):
        sure = sorted(_SURE.intersection(folded))
        return [Condition(field, "contains", letter) for letter in sure]
    if field.kind == "number":
        number = as_number(value)
        if number is None:
            raise BackendRefused("a value to look for is no number")
        return [Condition(field, "equal", format(number, "f"))]
    return []
