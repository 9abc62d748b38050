"""Everything that is kept of one contact: given out, or gone for good.

What belongs to a contact is found by following the references between the tables, so
that a table of tomorrow is neither forgotten nor left behind.
"""

import re
import secrets
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, cast

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from ..records import AttachmentState
from .database import Database
from .tables import aliases, attachments, audit, contacts, grants, metadata, veils

GONE = "[effacé]"

# What others wrote, and may have written about this contact. Their own names, codes
# and tokens are theirs: a namesake must not lose an access.
_WRITTEN_BY_OTHERS = {
    "messages": ("text",),
    "turns": ("tools", "history", "said", "replies"),
    "outbox": ("text",),
    "handoffs": ("reason",),
    "pages": ("title", "body_markdown"),
    "attachments": ("name",),
    "audit": ("arguments",),
}
_NAMES = ("child", "parent", "surname")  # kinds of veiled values
_SHORTEST = 4  # a shorter value would be found inside other words
_NATIONAL = 9  # the last digits of a phone number, which people write without the rest
_PHONE = re.compile(r"\+?\d{11,15}")
_BETWEEN_DIGITS = r"[\s.()/-]*"

Row = Mapping[str, Any]


class Forgetting:
    """The right of access and the right to be forgotten."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def export(self, contact_id: int) -> Mapping[str, Sequence[Row]]:
        """All rows of a contact by table, as plain values; moments as ISO 8601."""
        found: dict[str, Sequence[Row]] = {}
        async with self._database.read() as connection:
            for table, is_theirs in _belongings(contact_id).items():
                rows = await connection.execute(sa.select(table).where(is_theirs))
                found[table.name] = [_plain(_as_row(row)) for row in rows.mappings()]
        return {name: rows for name, rows in found.items() if rows}

    async def forget(self, contact_id: int) -> Mapping[str, int]:
        """Delete all rows of a contact for good: how many, by table.

        The audit keeps what was done, by a pseudonym. Where others wrote of the
        contact, what tells who it is gives way to `GONE`. Of files nothing is known
        any more but where their bytes are, until a sweep has deleted those.
        """
        gone: dict[str, int] = {}
        async with self._database.write() as connection:
            telling = await _telling(connection, contact_id)
            theirs = _belongings(contact_id)
            gone[audit.name] = await _pseudonymise(connection, contact_id)
            gone[attachments.name] = await _leave_files(connection, theirs[attachments])
            for table in reversed(metadata.sorted_tables):
                if table in theirs and table not in (audit, attachments):
                    done = await connection.execute(table.delete().where(theirs[table]))
                    gone[table.name] = done.rowcount
            gone["written by others"] = await _wipe(connection, telling)
        await self._database.tidy()
        return {name: count for name, count in gone.items() if count}


def _belongings(contact_id: int) -> Mapping[sa.Table, sa.ColumnElement[bool]]:
    """The tables with rows of a contact, and which rows these are."""
    theirs: dict[sa.Table, sa.ColumnElement[bool]] = {
        contacts: contacts.c.id == contact_id
    }
    for table in metadata.sorted_tables:
        ways = [
            key.parent.in_(sa.select(key.column).where(theirs[key.column.table]))
            for key in sorted(table.foreign_keys, key=lambda key: key.parent.name)
            if key.column.table in theirs
        ]
        if ways:
            theirs[table] = sa.or_(*ways)
    return theirs


async def _telling(connection: AsyncConnection, contact_id: int) -> Sequence[str]:
    """What tells who the contact is: addresses, codes, phones, whole names."""
    theirs = _belongings(contact_id)
    known = [
        *await _values(connection, aliases.c.alias, theirs[aliases]),
        *await _values(connection, grants.c.code, theirs[grants]),
        *await _values(
            connection, veils.c.value, theirs[veils] & ~veils.c.kind.in_(_NAMES)
        ),
    ]
    names = [
        *await _values(connection, veils.c.value, theirs[veils]),
        *await _values(connection, contacts.c.name, theirs[contacts]),
        *await _values(connection, grants.c.name, theirs[grants]),
    ]
    parts = [alias.rpartition(":")[2].lstrip("+") for alias in known]
    # A first name alone is many people's.
    whole = [name.strip() for name in names if " " in name.strip()]
    telling = {text for text in (*known, *parts, *whole) if len(text) >= _SHORTEST}
    return sorted(telling, key=len, reverse=True)


async def _values(
    connection: AsyncConnection, column: sa.Column[Any], where: sa.ColumnElement[bool]
) -> Sequence[str]:
    rows = await connection.execute(sa.select(column).where(where))
    return [value for value in rows.scalars() if value]


async def _pseudonymise(connection: AsyncConnection, contact_id: int) -> int:
    done = await connection.execute(
        audit.update()
        .where(audit.c.contact_id == contact_id)
        .values(
            contact_id=None,
            pseudonym=f"oublié-{secrets.token_hex(4)}",
            arguments="{}",
        )
    )
    return done.rowcount


async def _leave_files(
    connection: AsyncConnection, are_theirs: sa.ColumnElement[bool]
) -> int:
    """Nobody's files, without a name: the next sweep deletes the bytes, then the rows."""
    done = await connection.execute(
        attachments.update()
        .where(are_theirs)
        .values(page_id=None, contact_id=None, name=GONE, state=AttachmentState.LEAVING)
    )
    return done.rowcount


async def _wipe(connection: AsyncConnection, telling: Sequence[str]) -> int:
    """Replace every one of some values in what others wrote: in how many rows."""
    if not telling:
        return 0
    pattern = re.compile("|".join(map(_spelt, telling)), re.IGNORECASE)
    count = 0
    for name, columns in _WRITTEN_BY_OTHERS.items():
        table = metadata.tables[name]
        rows = await connection.stream(
            sa.select(table.c.id, *(table.c[column] for column in columns))
        )
        changed = [
            (row["id"], values)
            async for row in rows.mappings()
            if (values := _wiped(_as_row(row), columns, pattern))
        ]
        for row_id, values in changed:
            which = table.update().where(table.c.id == row_id)
            await connection.execute(which.values(**values))
        count += len(changed)
    return count


def _spelt(text: str) -> str:
    """A pattern of a value; of a phone number as people write it, too."""
    if not _PHONE.fullmatch(text):
        return re.escape(text)
    digits = text.lstrip("+")
    country, national = (
        _BETWEEN_DIGITS.join(part)
        for part in (digits[:-_NATIONAL], digits[-_NATIONAL:])
    )
    ahead = rf"(?:(?:\+|00)?{country}{_BETWEEN_DIGITS})?"
    return rf"(?<!\d){ahead}{national}(?!\d)"


def _wiped(row: Row, columns: Sequence[str], pattern: re.Pattern[str]) -> Row:
    """The columns of a row that name the contact, without it."""
    without = {column: _without(row[column], pattern) for column in columns}
    return {c: value for c, value in without.items() if value != row[c]}


def _without(value: Any, pattern: re.Pattern[str]) -> Any:
    if isinstance(value, str):
        return pattern.sub(GONE, value)
    if isinstance(value, list):
        return [_without(item, pattern) for item in cast("list[Any]", value)]
    if isinstance(value, dict):
        pairs = cast("dict[str, Any]", value)
        return {key: _without(item, pattern) for key, item in pairs.items()}
    return value


def _plain(row: Row) -> Row:
    return {
        name: value.isoformat() if isinstance(value, datetime) else value
        for name, value in row.items()
    }


def _as_row(row: sa.RowMapping) -> Row:
    return {str(name): value for name, value in row.items()}
