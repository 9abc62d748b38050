"""Insert unless the unique key is there already, on both databases."""

from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection


async def insert_once(
    connection: AsyncConnection, table: sa.Table, **values: Any
) -> int | None:
    """The id of the new row, or None when its unique key was kept before."""
    dialect = postgresql if connection.dialect.name == "postgresql" else sqlite
    statement = dialect.insert(table).values(**values).on_conflict_do_nothing()
    column = table.c.id if "id" in table.c else next(iter(table.primary_key))
    return (await connection.execute(statement.returning(column))).scalar()
