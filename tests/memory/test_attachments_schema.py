"""The migration of attachments goes up and down, on both databases."""

from collections.abc import AsyncGenerator

import pytest
import sqlalchemy as sa
from alembic import command
from alembic.config import Config

from memory import WrongDatabase, migrate, open_database
from memory.sql import migrate as migrations
from memory.sql.database import SCHEMA, Database
from memory.sql.migrate import check_schema

from .contract import OnPostgres, OnSqlite


def down(connection: sa.Connection) -> None:
    """As Alembic's own `downgrade 0002` does it."""
    config = Config()
    folder = migrations.__file__.replace("sql/migrate.py", "schema")
    config.set_main_option("script_location", folder)
    config.attributes["connection"] = connection
    command.downgrade(config, "0002")


def tables(connection: sa.Connection) -> list[str]:
    schema = SCHEMA if connection.dialect.name == "postgresql" else None
    return sa.inspect(connection).get_table_names(schema=schema)


class AttachmentsSchemaContract:
    @pytest.fixture
    async def database(self, url: str) -> AsyncGenerator[Database]:
        database = open_database(url)
        await migrate(database)
        yield database
        await migrate(database)
        await database.close()

    async def test_it_goes_down_and_up_again(self, database: Database) -> None:
        plain = database.engine.execution_options(schema_translate_map=None)
        async with plain.begin() as connection:
            before = await connection.run_sync(tables)
            await connection.run_sync(down)
        async with plain.connect() as connection:
            without = await connection.run_sync(tables)
        with pytest.raises(WrongDatabase, match="schema is at 0002"):
            await check_schema(database)
        await migrate(database)

        await check_schema(database)
        assert "attachments" in before
        assert "attachments" not in without


class TestOnSqlite(OnSqlite, AttachmentsSchemaContract):
    """One file."""


class TestOnPostgres(OnPostgres, AttachmentsSchemaContract):
    """One server."""
