"""What our records know as personal: told to whoever must keep it in the house."""

import re
from collections.abc import Iterable, Mapping
from contextlib import suppress
from typing import Literal, Protocol

from memory.records import ParentIdentity

from .backends.tables import Row, Tables
from .errors import ToolError
from .folding import words as words_of
from .matching import codes_in, is_owned, normal_code
from .profile import IdentityTable, Profile

Kind = Literal["child", "parent", "phone", "code", "email"]

_EMAIL = re.compile(r"[^\s@<>;,]+@[^\s@<>;,]+\.[a-z]{2,}", re.IGNORECASE)
_CODES_APART = ";"
# Beside a personal field, a column that is called so holds a person's name, too.
_NAMES_SOMEBODY = frozenset(
    {"nom", "noms", "prenom", "prenoms", "name", "surname", "firstname", "lastname"}
    | {"famille", "family", "mere", "pere", "mother", "father", "tuteur", "tutrice"}
    | {"guardian", "parrain", "marraine", "parent", "eleve", "enfant", "child", "pupil"}
)


class Personal(Protocol):
    """Whoever must know what is personal in a conversation."""

    def know(self, kind: Kind, value: str) -> None:
        """This value is personal: it does not leave the house as it is."""
        ...


class NobodyAsks:
    """Where nothing leaves the house, nothing need be known."""

    def know(self, kind: Kind, value: str) -> None:
        del kind, value


async def know_family(
    personal: Personal, tables: Tables, profile: Profile, parent: ParentIdentity
) -> None:
    """Everything personal that the tables of a profile hold of one proved parent.

    What cannot be read now is known when a tool reads it.
    """
    personal.know("parent", parent.name)
    personal.know("code", parent.code)
    with suppress(ToolError):
        if profile.identity:
            await _know_identity(personal, tables, profile.identity, parent.code)
        for action in profile.actions:
            if action.owner_field is None or not action.minor_fields:
                continue
            rows = await tables.rows(
                action.table, where={action.owner_field: parent.code}
            )
            own = [
                r for r in rows if is_owned(r.get(action.owner_field, ""), parent.code)
            ]
            know_cells(personal, own, fields_of([profile]))


async def know_codes(
    personal: Personal,
    tables: Tables,
    profiles: Iterable[Profile],
    pieces: Iterable[str],
) -> None:
    """Those of some pieces of a text that are codes of our records.

    A code that looks like a year or an amount can be told in no other way. While the
    tables cannot be read, every piece counts as one.
    """
    written = {normal_code(piece): piece for piece in pieces}
    identities = [p.identity for p in profiles if p.identity] if written else []
    try:
        for identity in identities:
            field = identity.code_field
            for row in await tables.rows(identity.table, needed=[field]):
                for code in codes_in(row.get(field, "")) & written.keys():
                    personal.know("code", written[code])
    except ToolError:
        for piece in written.values():
            personal.know("code", piece)


async def _know_identity(
    personal: Personal, tables: Tables, identity: IdentityTable, code: str
) -> None:
    # No filter, as for the proof itself: a code is compared in our spelling.
    for row in await tables.rows(identity.table, needed=[identity.code_field]):
        if normal_code(code) in codes_in(row.get(identity.code_field, "")):
            know_cells(personal, [row], _of_identity(identity))


def fields_of(profiles: Iterable[Profile]) -> Mapping[str, Kind]:
    """The names of fields that hold personal values, in whatever table.

    A field that is personal in one table is so wherever a table has one of this name.
    """
    found: dict[str, Kind] = {}
    for profile in profiles:
        if profile.identity:
            found |= _of_identity(profile.identity)
        for action in profile.actions:
            if action.owner_field:
                found[action.owner_field] = "code"
            found |= dict.fromkeys(action.minor_fields, "child")
    return found


def know_cells(
    personal: Personal, rows: Iterable[Row], fields: Mapping[str, Kind]
) -> None:
    """The values of personal fields, and every e-mail address, of some rows.

    In a row that is about somebody, what is called a name is one, declared or not.
    """
    for row in rows:
        is_of_somebody = not fields.keys().isdisjoint(row)
        for field, cell in row.items():
            kind = fields.get(field)
            if kind is None and is_of_somebody and _names_somebody(field):
                kind = "parent"
            if kind == "code":
                for code in cell.split(_CODES_APART):
                    personal.know("code", code)
            elif kind:
                personal.know(kind, cell)
            for email in _EMAIL.findall(cell):
                personal.know("email", email)


def _names_somebody(field: str) -> bool:
    return not _NAMES_SOMEBODY.isdisjoint(words_of(field.replace("_", " ")))


def _of_identity(identity: IdentityTable) -> dict[str, Kind]:
    fields: dict[str, Kind] = dict.fromkeys(identity.name_fields, "parent")
    if identity.phone_field:
        fields[identity.phone_field] = "phone"
    fields[identity.code_field] = "code"
    return fields
