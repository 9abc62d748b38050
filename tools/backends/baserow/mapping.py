"""The skeleton of a profile, guessed from the tables of a Baserow."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from ...folding import words
from .schema import Field, Schema, Table

_CODE = frozenset({"code", "codes", "matricule", "identifiant"})
_NAMES = frozenset({"nom", "noms", "prenom", "prenoms", "name", "firstname", "surname"})
_PHONES = frozenset({"telephone", "tel", "portable", "phone", "mobile", "whatsapp"})
_SURNAMES = frozenset({"nom", "noms", "surname"})
_MINORS = _NAMES | {"enfant", "eleve", "child", "pupil"}
_OWNERS = frozenset({"parent", "parents", "tuteur", "famille", "guardian", "family"})
_NOT_SHOWN = frozenset({"code", "email", "emails", "telephone"})


@dataclass(frozen=True)
class _Identity:
    table: Table
    code: Field


def profile_skeleton(schema: Schema, *, only: str | None = None) -> dict[str, Any]:
    """A profile that validates, to be corrected by somebody who knows the tables.

    Where whose a row is cannot be guessed, the table has no action: nothing of it is
    shown before somebody decides. `only`: actions of this one table.
    """
    identity = _identity(schema)
    if identity is None:
        return {"profile": "public", "actions": {}}
    return {
        "profile": "parent",
        "requires": "parent_code",
        "identity": _told(identity),
        "actions": {
            _action_name(table): _action(table, owner, shown)
            for table in schema.tables.values()
            if only in (None, table.name) and table != identity.table
            if (owner := _owner(table, identity))
            if (shown := _shown(table, owner, identity))
        },
    }


def table_lines(schema: Schema, *, only: str | None = None) -> Sequence[str]:
    """Each table with its columns, their types, and what they may serve for."""
    identity = _identity(schema)
    lines = [
        line
        for table in schema.tables.values()
        if only in (None, table.name)
        for line in _lines(schema, table, identity)
    ]
    doubles = sorted({each.name for each in schema.listed} - schema.tables.keys())
    lines += [f"{name}: several databases have one, none is used" for name in doubles]
    if identity is None:
        lines.append("no column looks like one of parent codes: name it in the profile")
    return lines


def _lines(schema: Schema, table: Table, identity: _Identity | None) -> Iterator[str]:
    yield f"{table.name} (number {table.id})"
    owner = _owner(table, identity) if identity else None
    for field in table.fields.values():
        to = f" to {schema.name_of(field.links_to)}" if field.links_to else ""
        notes = [
            note
            for note, holds in (
                ("cannot be read", field.shape is None),
                ("code_field?", identity is not None and field == identity.code),
                ("owner_field?", field == owner),
            )
            if holds
        ]
        yield f"  {field.name}: {field.kind}{to}{''.join(f'  <- {n}' for n in notes)}"


def _identity(schema: Schema) -> _Identity | None:
    """The table to which most others link, among those with a column of codes."""
    found = [
        _Identity(table, field)
        for table in schema.tables.values()
        for field in table.fields.values()
        if field.shape in ("text", "number") and _is(field, _CODE)
    ]
    return max(found, key=lambda each: _likely(schema, each), default=None)


def _likely(schema: Schema, found: _Identity) -> tuple[int, int, int]:
    fields = found.table.fields.values()
    links = sum(
        field.links_to == found.table.id
        for table in schema.tables.values()
        for field in table.fields.values()
    )
    return (
        not _OWNERS.isdisjoint(words(found.table.name)),
        any(_is(field, _PHONES) for field in fields),
        links,
    )


def _told(identity: _Identity) -> dict[str, Any]:
    fields = [f for f in identity.table.fields.values() if f != identity.code]
    names = [f.name for f in fields if f.shape == "text" and _is(f, _NAMES)]
    phones = [f.name for f in fields if f.shape == "text" and _is(f, _PHONES)]
    return {
        "table": identity.table.name,
        "code_field": identity.code.name,
        "name_fields": names,
        **({"phone_field": phones[0]} if phones else {}),
    }


def _owner(table: Table, identity: _Identity) -> Field | None:
    fields = list(table.fields.values())
    links = [f for f in fields if f.links_to == identity.table.id]
    texts = [
        f for f in fields if f.shape == "text" and _is(f, _CODE) and _is(f, _OWNERS)
    ]
    found = [*links, *texts]
    return found[0] if found else None


def _shown(table: Table, owner: Field, identity: _Identity) -> list[Field]:
    return [
        field
        for field in table.fields.values()
        if field.shape and field != owner and not _is(field, _NOT_SHOWN)
        if field.repeats != identity.code.id
    ]


def _action(table: Table, owner: Field, shown: Sequence[Field]) -> dict[str, Any]:
    minors = [f.name for f in shown if f.shape != "number" and _is(f, _MINORS)]
    named = [f.name for f in shown if f.name in minors and not _is(f, _SURNAMES)]
    child = {"description": "First name of the child", "optional": True}
    return {
        "description": f"{table.name} of the parent's own children: "
        f"{', '.join(field.name for field in shown)}.",
        "table": table.name,
        "owner_field": owner.name,
        "parameters": {"child": {"field": named[0], **child}} if named else {},
        "fields": [field.name for field in shown],
        "minor_fields": minors,
    }


def _action_name(table: Table) -> str:
    return "see_" + ("_".join(words(table.name)) or f"table_{table.id}")


def _is(field: Field, wanted: frozenset[str]) -> bool:
    return not wanted.isdisjoint(words(field.name.replace("_", " ")))
