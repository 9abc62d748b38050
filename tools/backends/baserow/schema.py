"""What Baserow says of its tables and columns, as far as we can use it."""

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from pydantic import BaseModel, TypeAdapter, ValidationError

from ...errors import BackendUnavailable

# How a cell is made: decides how it is read, and for what it can serve.
Shape = Literal[
    "text", "number", "boolean", "date", "option", "options", "link", "list"
]
_SHAPES: Mapping[str, Shape] = {
    **dict.fromkeys(("text", "long_text", "url", "email", "phone_number"), "text"),
    **dict.fromkeys(("uuid", "char"), "text"),
    **dict.fromkeys(("number", "rating", "autonumber", "count"), "number"),
    **dict.fromkeys(("date", "created_on", "last_modified"), "date"),
    "boolean": "boolean",
    "single_select": "option",
    "multiple_select": "options",
    "link_row": "link",
}
_COMPUTED = ("formula", "lookup", "rollup")


@dataclass(frozen=True, kw_only=True)
class Field:
    """A column. `shape` None: a type that we do not read."""

    id: int
    name: str
    kind: str  # as Baserow calls it
    shape: Shape | None
    inner: Shape | None = None  # of the values of a list
    is_primary: bool = False
    links_to: int | None = None  # the id of a table
    repeats: int | None = None  # the column of the other table whose text it shows
    zone: str | None = None  # of a date with an hour, when the column has its own

    @property
    def key(self) -> str:
        """What the column is called in a row."""
        return f"field_{self.id}"


@dataclass(frozen=True, kw_only=True)
class Table:
    """A table that the token may read. `fields` are by name, in order."""

    id: int
    name: str
    fields: Mapping[str, Field]


@dataclass(frozen=True, kw_only=True)
class Listed:
    """A table of which only the name was asked."""

    id: int
    name: str


@dataclass(frozen=True, kw_only=True)
class Schema:
    """Every table that the token may read; the columns of those that are used."""

    listed: Sequence[Listed]
    tables: Mapping[str, Table] = field(default_factory=dict[str, Table])

    def ids_of(self, name: str) -> Sequence[int]:
        """The tables of this name: two databases may each have one."""
        return [each.id for each in self.listed if each.name == name]

    def name_of(self, table_id: int | None) -> str:
        """The name of a table, or its number where the token may not read it."""
        names = (each.name for each in self.listed if each.id == table_id)
        return next(names, f"number {table_id}")


class _Primary(BaseModel):
    id: int


class _Column(BaseModel):
    id: int
    name: str
    type: str
    primary: bool = False
    link_row_table_id: int | None = None
    link_row_table_primary_field: _Primary | None = None
    target_field_id: int | None = None
    formula_type: str | None = None
    array_formula_type: str | None = None
    date_force_timezone: str | None = None


class _TableName(BaseModel):
    id: int
    name: str


_COLUMNS = TypeAdapter(list[_Column])
_NAMES = TypeAdapter(list[_TableName])


def same_name(name: str) -> str:
    """A name as names are compared: accents may be written in two ways."""
    return unicodedata.normalize("NFC", name).strip()


def listed_in(answer: Any) -> Sequence[Listed]:
    """The tables of `all-tables/`.

    Raises:
        BackendUnavailable: the answer is not of the known form.
    """
    try:
        names = _NAMES.validate_python(answer)
    except ValidationError:
        raise _strange("tables") from None
    return [Listed(id=each.id, name=same_name(each.name)) for each in names]


def table_in(listed: Listed, answer: Any) -> Table:
    """A table, from what `fields/table/{id}/` answered.

    Raises:
        BackendUnavailable: the answer is not of the known form.
    """
    try:
        columns = [_field(each) for each in _COLUMNS.validate_python(answer)]
    except ValidationError:
        raise _strange("columns") from None
    fields = {each.name: each for each in columns}
    return Table(id=listed.id, name=listed.name, fields=fields)


def _strange(what: str) -> BackendUnavailable:
    return BackendUnavailable(f"Baserow lists its {what} in a form that is not known")


def _field(column: _Column) -> Field:
    shape, inner = _shape_of(column)
    primary = column.link_row_table_primary_field
    return Field(
        id=column.id,
        name=same_name(column.name),
        kind=column.type,
        shape=shape,
        inner=inner,
        is_primary=column.primary,
        links_to=column.link_row_table_id,
        repeats=column.target_field_id or (primary.id if primary else None),
        zone=column.date_force_timezone,
    )


def _shape_of(column: _Column) -> tuple[Shape | None, Shape | None]:
    if column.type not in _COMPUTED:
        return _SHAPES.get(column.type), None
    if column.formula_type != "array":
        shape = _SHAPES.get(column.formula_type or "")
        return (None if shape == "link" else shape), None
    inner = _SHAPES.get(column.array_formula_type or "")
    return (None, None) if inner in (None, "link") else ("list", inner)
