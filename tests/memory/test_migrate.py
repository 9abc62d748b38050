"""Migrations: the schema comes from them, and they equal the tables."""

import asyncio
import sys
from collections.abc import AsyncGenerator

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext

from memory import Unkept, WrongDatabase, migrate, open_database, open_memory
from memory.sql.database import Database
from memory.sql.migrate import check_schema
from memory.sql.tables import metadata
from memory.sql.walls import SCHEMA
from tests.conftest import Clock

from .contract import OnPostgres, OnSqlite


def difference(connection: sa.Connection) -> list[object]:
    """What a new migration would have to change."""
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql(f"SET search_path TO {SCHEMA}")
    context = MigrationContext.configure(
        connection, opts={"compare_type": True, "compare_server_default": True}
    )
    found: list[object] = compare_metadata(context, metadata)
    return [change for change in found if "alembic_version" not in str(change)]


class MigrationContract:
    @pytest.fixture
    async def database(self, url: str) -> AsyncGenerator[Database]:
        database = open_database(url)
        yield database
        await database.close()

    async def test_the_migrations_make_the_tables_that_the_code_knows(
        self, database: Database
    ) -> None:
        await migrate(database)

        async with database.engine.connect() as connection:
            assert await connection.run_sync(difference) == []

    async def test_migrating_twice_is_harmless(self, database: Database) -> None:
        await migrate(database)
        await migrate(database)

        await check_schema(database)

    @pytest.mark.parametrize(
        ("version_num", "why"),
        [
            ("0001", r"0001, this program needs .*: run `main\.py migrate`"),
            ("9999", r"9999, which this program does not know: start the newer one"),
        ],
    )
    async def test_a_schema_of_another_version_is_refused(
        self, database: Database, version_num: str, why: str
    ) -> None:
        await migrate(database)
        version = f"{'' if database.is_embedded else SCHEMA + '.'}alembic_version"
        async with database.write() as connection:
            found = await connection.exec_driver_sql(f"SELECT * FROM {version}")
            current = found.scalar_one()
            await connection.exec_driver_sql(
                f"UPDATE {version} SET version_num = '{version_num}'"
            )

        with pytest.raises(WrongDatabase, match=why):
            await check_schema(database)

        async with database.write() as connection:
            await connection.exec_driver_sql(
                f"UPDATE {version} SET version_num = '{current}'"
            )


class TestMigrationOnSqlite(OnSqlite, MigrationContract):
    async def test_a_new_file_is_migrated_when_it_is_opened(
        self, url: str, clock: Clock
    ) -> None:
        async with open_memory(url, now=clock) as memory:
            await check_schema(memory.database)

    async def test_an_empty_file_is_refused_until_it_is_migrated(
        self, database: Database
    ) -> None:
        with pytest.raises(WrongDatabase, match="no schema yet: run"):
            await check_schema(database)

    async def test_a_migration_that_stops_halfway_leaves_the_file_as_it_was(
        self, database: Database
    ) -> None:
        async with database.write() as connection:
            await connection.exec_driver_sql("CREATE TABLE model_calls (theirs TEXT)")

        with pytest.raises(Unkept, match="tables that are not ours"):
            await migrate(database)

        async with database.write() as connection:
            assert await connection.run_sync(
                lambda sync: sa.inspect(sync).get_table_names()
            ) == ["model_calls"]
            await connection.exec_driver_sql("DROP TABLE model_calls")
        await migrate(database)
        await check_schema(database)

    async def test_two_processes_that_start_at_once_both_find_the_schema(
        self, url: str
    ) -> None:
        starting = (
            "import asyncio, sys;"
            "from memory import migrate, open_database;"
            "asyncio.run(migrate(open_database(sys.argv[1])))"
        )
        both = [
            await asyncio.create_subprocess_exec(
                sys.executable, "-c", starting, url, stderr=asyncio.subprocess.PIPE
            )
            for _ in range(2)
        ]

        assert [await each.communicate() for each in both] == [(None, b"")] * 2


class TestMigrationOnPostgres(OnPostgres, MigrationContract):
    @pytest.fixture
    def url(self, postgres_of_owner: str) -> str:
        return postgres_of_owner

    @pytest.fixture
    async def without_our_schema(self, database: Database) -> AsyncGenerator[None]:
        """For a moment the server has nothing of ours."""
        async with database.write() as connection:
            await connection.exec_driver_sql(f"ALTER SCHEMA {SCHEMA} RENAME TO away")
        yield
        async with database.write() as connection:
            await connection.exec_driver_sql(f"ALTER SCHEMA away RENAME TO {SCHEMA}")

    @pytest.mark.usefixtures("without_our_schema")
    async def test_an_empty_server_is_refused_with_the_cure_and_not_touched(
        self, url: str, database: Database, clock: Clock
    ) -> None:
        with pytest.raises(
            WrongDatabase, match=r"no schema yet: run `main\.py migrate`"
        ):
            async with open_memory(url, now=clock):
                pass

        async with database.read() as connection:
            found = await connection.exec_driver_sql(
                f"SELECT count(*) FROM pg_namespace WHERE nspname = '{SCHEMA}'"
            )
            assert found.scalar_one() == 0
