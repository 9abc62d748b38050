"""One Postgres database for all contracts, emptied for each test; a Redis for one."""

from collections.abc import AsyncGenerator, Iterator

import psycopg
import pytest
import pytest_asyncio

from memory.sql.database import SCHEMA
from memory.sql.tables import metadata
from tests.conftest import new_postgres_url, own_postgres
from tests.redis_server import OwnRedis, redis_of_one_test

from .redis_parts import Rests


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def shared_postgres() -> AsyncGenerator[str]:
    async with own_postgres(new_postgres_url()) as url:
        yield url


@pytest.fixture
def empty_postgres(shared_postgres: str) -> str:
    """The address of a migrated Postgres database in which nothing is kept yet."""
    with psycopg.connect(shared_postgres) as connection:
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
