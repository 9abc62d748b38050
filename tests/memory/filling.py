"""Rows for any version of the schema: whatever columns it has, something stands in."""

from datetime import UTC, datetime, timedelta
from typing import Any

import sqlalchemy as sa

from memory.sql.walls import SCHEMA

Rows = dict[str, list[dict[str, Any]]]  # table -> rows, column -> what is in it

NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
_ROWS = 3


def reflected(connection: sa.Connection) -> list[sa.Table]:
    """The tables that are there, each after those that it refers to."""
    schema = SCHEMA if connection.dialect.name == "postgresql" else None
    metadata = sa.MetaData()
    metadata.reflect(connection, schema=schema)
    return [t for t in metadata.sorted_tables if t.name != "alembic_version"]


def fill(connection: sa.Connection) -> None:
    """Three rows in each table."""
    for table in reflected(connection):
        rows = [
            {c.name: _value(table, c, n) for c in table.columns}
            for n in range(1, _ROWS + 1)
        ]
        connection.execute(table.insert(), rows)


def everything(connection: sa.Connection) -> Rows:
    """Every row of every table, in a stable order."""
    return {
        table.name: [
            dict(row)
            for row in connection.execute(
                sa.select(table).order_by(*table.primary_key.columns)
            ).mappings()
        ]
        for table in reflected(connection)
    }


def common(rows: Rows, other: Rows) -> Rows:
    """`rows`, of the tables and columns that `other` has too."""
    return {
        table: [{c: v for c, v in row.items() if c in other[table][0]} for row in found]
        for table, found in rows.items()
        if other.get(table)
    }


def _value(table: sa.Table, column: sa.Column[Any], n: int) -> object:
    if column.foreign_keys:
        return n
    if isinstance(column.type, sa.JSON):
        return [] if column.name != "said" else [f"Été {n}"]
    if isinstance(column.type, sa.Boolean):
        return n % 2 == 0
    if isinstance(column.type, sa.DateTime):
        return NOON + timedelta(minutes=n)
    if isinstance(column.type, sa.Float):
        return n / 8
    if isinstance(column.type, sa.Integer):
        return n
    return f"{table.name}.{column.name} é {n}"
