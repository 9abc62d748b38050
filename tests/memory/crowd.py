"""Thousands of conversations that are over, in every table, made by the database."""

from typing import Any

import sqlalchemy as sa

from memory.sql.database import Database
from memory.sql.tables import metadata

PEOPLE, THINGS = 4_000, 24_000
SMALL = frozenset({"staff"})  # a handful of rows, for ever
_ONE_EACH = frozenset({"contacts", "aliases", "conversations", "sessions"})
_LONG_AGO, _OVER = "'2026-11-01 10:00:00+00:00'", "'2026-11-02 10:00:00+00:00'"
_AS_THEY_ENDED = {
    "messages.state": "'answered'",
    "outbox.state": "'sent'",
    "outbox.lease_until": "NULL",
    "conversations.mode": "'bot'",
    "conversations.channel": "'telegram'",
    "sessions.expires_at": _OVER,
    "handoffs.returned_at": _OVER,
    "turns.provider": "'offline'",
    "model_calls.provider": "'zai'",
    "turns.service": "'CATECHESE'",
}


async def keep_a_crowd(database: Database) -> None:
    """Rows with ids below zero: those that a test adds are the newest."""
    async with database.write() as connection:
        for table in metadata.sorted_tables:
            if table.name not in SMALL:
                await connection.exec_driver_sql(_insert(table, database.is_embedded))
    async with database.engine.connect() as connection:
        await connection.exec_driver_sql("ANALYZE")
        await connection.commit()


def _insert(table: sa.Table, is_embedded: bool) -> str:
    many = PEOPLE if table.name in _ONE_EACH else THINGS
    names = ", ".join(f'"{column.name}"' for column in table.columns)
    values = ", ".join(_value(column, is_embedded) for column in table.columns)
    schema = "" if is_embedded else "gust."
    return (
        f"INSERT INTO {schema}{table.name} ({names})"
        " WITH RECURSIVE g(n) AS"
        f" (SELECT 1 UNION ALL SELECT n + 1 FROM g WHERE n < {many})"
        f" SELECT {values} FROM g"
    )


def _value(column: sa.Column[Any], is_embedded: bool) -> str:
    name = f"{column.table.name}.{column.name}"
    if name in _AS_THEY_ENDED:
        return _AS_THEY_ENDED[name]
    if column.foreign_keys:
        [key] = column.foreign_keys
        people = key.column.table.name in _ONE_EACH
        return f"-1 - (n - (n / {PEOPLE}) * {PEOPLE})" if people else "-n"
    return _of_type(column, is_embedded)


def _of_type(column: sa.Column[Any], is_embedded: bool) -> str:
    kind = column.type
    if isinstance(kind, sa.JSON):
        return "'[]'"
    if isinstance(kind, sa.Boolean):
        return "1" if is_embedded else "true"
    if isinstance(kind, sa.Integer):
        return "-n"
    if isinstance(kind, sa.Float):
        return "0.5"
    if isinstance(kind, sa.Text) or isinstance(getattr(kind, "impl", None), sa.Text):
        return f"'{column.name} ' || n"
    return _LONG_AGO if is_embedded else f"{_LONG_AGO}::timestamptz"
