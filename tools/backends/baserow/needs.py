"""What the profiles need of each column, and whether a column can serve for it."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from ...profile import Action, IdentityTable, Profile
from .schema import Field, Schema, Shape, Table, same_name

Use = Literal["shown", "code", "owner", "number"]
Column = tuple[str, str]  # table, field

_CAN: Mapping[Use, tuple[frozenset[Shape], str]] = {
    "code": (frozenset({"text", "number", "option"}), "hold a parent code"),
    "owner": (
        frozenset({"text", "number", "option", "options", "list", "link"}),
        "say whose a row is",
    ),
    "number": (frozenset({"text", "number", "option", "list"}), "hold a number"),
}


@dataclass(frozen=True)
class Needs:
    """For what the profiles use each column, and where an owner's code stands."""

    uses: Mapping[Column, frozenset[Use]] = field(
        default_factory=dict[Column, frozenset[Use]]
    )
    identities: Mapping[Column, frozenset[IdentityTable]] = field(
        default_factory=dict[Column, frozenset[IdentityTable]]
    )  # of an owner column
    takes_all: bool = False  # an admin profile opens every table

    @property
    def tables(self) -> frozenset[str]:
        """The tables that are used."""
        return frozenset(table for table, _field in self.uses)

    def fields_of(self, table: str) -> frozenset[str]:
        """The columns of a table that are used."""
        return frozenset(field for name, field in self.uses if name == table)

    def is_owner(self, column: Column) -> bool:
        """Whether a column says whose a row is."""
        return "owner" in self.uses.get(column, frozenset())

    def identity_of(self, column: Column) -> IdentityTable | None:
        """The one identity table to whose rows an owner column may link."""
        found = self.identities.get(column, frozenset())
        return next(iter(found)) if len(found) == 1 else None


def needs_of(profiles: Iterable[Profile]) -> Needs:
    """Everything that these profiles use."""
    uses: dict[Column, set[Use]] = {}
    identities: dict[Column, set[IdentityTable]] = {}
    takes_all = False
    for profile in profiles:
        takes_all |= profile.requires == "admin" and profile.tables is None
        for column, use in _used(profile):
            uses.setdefault(column, set()).add(use)
            if use == "owner" and profile.identity:
                identities.setdefault(column, set()).add(profile.identity)
    return Needs(
        {column: frozenset(found) for column, found in uses.items()},
        {column: frozenset(found) for column, found in identities.items()},
        takes_all,
    )


def needed_by(profile: Profile) -> Mapping[str, Sequence[Column]]:
    """What each action, and the proof of the code, cannot serve without."""
    found: dict[str, Sequence[Column]] = {}
    if profile.identity:
        proof = dict.fromkeys(column for column, _ in _used_to_prove(profile.identity))
        found[f"proof of {profile.name}"] = tuple(proof)
    for action in profile.actions:
        columns = dict.fromkeys(column for column, _use in _used_by(action))
        found[f"action {action.name}"] = tuple(columns)
    return found


def problem_of(schema: Schema, needs: Needs, table: Table, field: str) -> str | None:
    """Why a column cannot serve, in one line that says what is there; None: it can."""
    found = table.fields.get(field)
    if found is None:
        known = ", ".join(table.fields)
        return f'table "{table.name}" has no column "{field}" (it has: {known})'
    about = f'column "{field}" of table "{table.name}" is of type {found.kind}'
    if found.shape is None:
        return f"{about}, which cannot be read"
    uses = needs.uses.get((table.name, field), frozenset())
    for use in sorted(uses & _CAN.keys()):
        shapes, serves = _CAN[use]
        if found.shape not in shapes:
            return f"{about}, which cannot {serves}"
    if "owner" in uses:
        return _link_problem(schema, needs, (table.name, field), found, about)
    if found.repeats in _code_ids(schema, needs):
        return f"{about} and repeats parent codes, which are never shown"
    return None


def no_such_table(schema: Schema, name: str) -> str:
    """Why there is not exactly one table of this name."""
    if len(schema.ids_of(name)) > 1:
        return f'several databases have a table "{name}": let the token read one only'
    known = ", ".join(sorted(each.name for each in schema.listed)) or "none"
    return f'the token reads no table "{name}" (it reads: {known})'


def _code_ids(schema: Schema, needs: Needs) -> frozenset[int]:
    found = (
        schema.tables[table].fields.get(field)
        for (table, field), uses in needs.uses.items()
        if uses & {"code", "owner"} and table in schema.tables
    )
    return frozenset(each.id for each in found if each is not None)


def _link_problem(
    schema: Schema, needs: Needs, column: Column, found: Field, about: str
) -> str | None:
    if found.shape != "link":
        return None
    identity = needs.identity_of(column)
    if identity is None:
        return f"{about}, and the profiles that use it have different identity tables"
    name = same_name(identity.table)
    if found.links_to not in schema.ids_of(name):
        linked = schema.name_of(found.links_to)
        return f'{about} to table "{linked}", not to "{identity.table}"'
    if name not in schema.tables:
        return no_such_table(schema, name)
    return problem_of(schema, needs, schema.tables[name], identity.code_field)


def _used(profile: Profile) -> Iterator[tuple[Column, Use]]:
    identity = profile.identity
    if identity:
        yield from _used_to_prove(identity)
        if identity.phone_field:
            yield (same_name(identity.table), identity.phone_field), "shown"
    for action in profile.actions:
        yield from _used_by(action)
    for table, fields in (profile.tables or {}).items():
        for name in fields:
            yield (same_name(table), name), "shown"


def _used_to_prove(identity: IdentityTable) -> Iterator[tuple[Column, Use]]:
    table = same_name(identity.table)
    yield (table, identity.code_field), "code"
    for name in identity.name_fields:
        yield (table, name), "shown"


def _used_by(action: Action) -> Iterator[tuple[Column, Use]]:
    table = same_name(action.table)
    for name in action.fields:
        yield (table, name), "shown"
    for parameter in action.parameters:
        use: Use = "shown" if parameter.type == "string" else "number"
        yield (table, parameter.field), use
    if action.owner_field:
        yield (table, action.owner_field), "owner"
