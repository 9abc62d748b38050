"""The tables and fields that the admin tools may read."""

from collections.abc import Mapping, Sequence

from ..backends.tables import Row
from ..context import Desk
from ..errors import BackendRefused
from ..rights import code_fields


async def open_tables(desk: Desk) -> Mapping[str, Sequence[str]]:
    """Table -> fields, as the admin profiles list them.

    An admin profile without `tables` opens all of the world's, except the fields
    that hold parent codes. A world without an admin profile opens nothing.

    Raises:
        BackendUnavailable: the tables cannot be read now.
    """
    admins = [p for p in desk.profiles.values() if p.requires == "admin"]
    if any(profile.tables is None for profile in admins):
        return await _all_but_codes(desk)
    return {
        table: fields
        for profile in admins
        for table, fields in (profile.tables or {}).items()
    }


async def read(desk: Desk, table: str, fields: Sequence[str]) -> Sequence[Row]:
    """All rows of an open table, with its open fields only."""
    rows = await desk.tables.rows(table, needed=fields)
    return [{field: row.get(field, "") for field in fields} for row in rows]


def nothing_open() -> BackendRefused:
    """What is said when the world opens no table to admins."""
    return BackendRefused("Refused: no table is open to administrators here.")


async def _all_but_codes(desk: Desk) -> Mapping[str, Sequence[str]]:
    hidden = {
        held for profile in desk.profiles.values() for held in code_fields(profile)
    }
    return {
        table: [
            field
            for field in await desk.tables.fields(table)
            if (table, field) not in hidden
        ]
        for table in await desk.tables.names()
    }
