"""One Postgres database for all contracts, emptied for each test; a Redis for one."""

from collections.abc import AsyncGenerator, Iterator

import psycopg
import pytest
import pytest_asyncio

from memory import migrate, open_database
from memory.sql.tables import metadata
from memory.sql.walls import SCHEMA
from tests.conftest import as_role, new_postgres_url, own_postgres, own_role
from tests.redis_server import OwnRedis, redis_of_one_test

from .redis_parts import Rests


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def postgres_of_owner() -> AsyncGenerator[str]:
    """The address of our database for who owns its tables."""
    async with own_postgres(new_postgres_url()) as url:
        yield url


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def shared_postgres(postgres_of_owner: str) -> AsyncGenerator[str]:
    """The same for the program: as a role that row security binds."""
    with own_role() as role:
        database = open_database(postgres_of_owner)
        await migrate(database, role=role)
        yield as_role(postgres_of_owner, role)
        async with database.write() as connection:
            await connection.exec_driver_sql(f'DROP OWNED BY "{role}"')
        await database.close()


@pytest.fixture
def empty_postgres(postgres_of_owner: str, shared_postgres: str) -> str:
    """The address of a migrated Postgres database in which nothing is kept yet."""
    with psycopg.connect(postgres_of_owner) as connection:
        connection.execute("SELECT set_config('gust.program', 'on', true)")
        for table in reversed(metadata.sorted_tables):
            # Ten times faster than TRUNCATE on tables of a few rows.
            connection.execute(f'DELETE FROM {SCHEMA}."{table.name}"'.encode())
    return shared_postgres


@pytest.fixture
def rests() -> Rests:
    return Rests()


@pytest.fixture
def redis() -> Iterator[OwnRedis]:
    """A Redis that runs, of this test only."""
    with redis_of_one_test() as own:
        own.start()
        yield own
