"""Tables of ours in Postgres' public schema move into our own, rows and all."""

from collections.abc import AsyncGenerator

import pytest
import sqlalchemy as sa

from memory import Memory, WrongDatabase, migrate, open_database, open_memory
from memory.sql.database import Database
from memory.sql.migrate import check_schema, go_back
from tests.conftest import Clock, new_postgres_url, own_postgres

from .filling import Rows, common, everything, fill
from .letters import begin, wrote


@pytest.fixture
async def url() -> AsyncGenerator[str]:
    async with own_postgres(new_postgres_url()) as url:
        yield url


@pytest.fixture
async def database(url: str) -> AsyncGenerator[Database]:
    database = open_database(url)
    yield database
    await database.close()


async def tables_in(database: Database, schema: str) -> list[str]:
    async with database.read() as connection:
        return await connection.run_sync(
            lambda sync: sorted(sa.inspect(sync).get_table_names(schema=schema))
        )


async def run(database: Database, *statements: str) -> None:
    async with database.write() as connection:
        for statement in statements:
            await connection.exec_driver_sql(statement)


async def filled_in_public(database: Database, version: str) -> Rows:
    """A database of `version` with rows, all of it in the public schema."""
    await go_back(database, to=version)
    async with database.write() as connection:
        await connection.run_sync(fill)
        before = await connection.run_sync(everything)
    moves = [
        f'ALTER TABLE gust."{table}" SET SCHEMA public'
        for table in await tables_in(database, "gust")
    ]
    await run(database, *moves, "DROP SCHEMA gust")
    return before


@pytest.mark.parametrize("version", ["0001", "0002"])
async def test_tables_in_public_are_moved_and_brought_up_to_date(
    database: Database, url: str, clock: Clock, version: str
) -> None:
    before = await filled_in_public(database, version)

    await migrate(database)

    await check_schema(database)
    assert await tables_in(database, "public") == []
    async with database.read() as connection:
        after = await connection.run_sync(everything)
    assert before.keys() <= after.keys()
    assert common(after, before) == common(before, after)
    # The sequences came along: what is new gets a number of its own.
    await run(database, "SELECT setval('gust.contacts_id_seq', 3)")
    async with open_memory(url, now=clock) as memory:
        assert await is_kept(memory)


async def is_kept(memory: Memory) -> bool:
    for table in ("conversations", "messages", "turns", "outbox"):
        await run(memory.database, f"SELECT setval('gust.{table}_id_seq', 3)")
    return (await begin(memory, wrote("Bonjour"))).id == 4


async def test_the_version_table_of_another_program_stays_where_it_is(
    database: Database,
) -> None:
    await go_back(database, to="base")
    await run(
        database,
        "DROP SCHEMA gust CASCADE",
        "CREATE TABLE public.alembic_version (version_num text)",
        "INSERT INTO public.alembic_version VALUES ('0001')",
        "CREATE TABLE public.messages (id int)",
    )

    await migrate(database)

    assert await tables_in(database, "public") == ["alembic_version", "messages"]
    await check_schema(database)


async def test_namesakes_of_our_tables_stay_where_they_are(
    database: Database,
) -> None:
    await filled_in_public(database, "0001")
    await run(database, "ALTER TABLE public.messages DROP COLUMN correlation_id")
    theirs = await tables_in(database, "public")

    await migrate(database)

    assert await tables_in(database, "public") == theirs


async def test_what_is_in_our_schema_already_is_not_mixed_with_anything(
    database: Database,
) -> None:
    await filled_in_public(database, "0001")
    await run(database, "CREATE SCHEMA gust", "CREATE TABLE gust.contacts (id int)")

    with pytest.raises(WrongDatabase, match='"contacts" already exists'):
        await migrate(database)

    assert "messages" in await tables_in(database, "public")
    assert await tables_in(database, "gust") == ["contacts"]
