"""What many tests share: a memory on each backend, and a clock that obeys."""

import os
from collections.abc import AsyncGenerator, Generator, Iterator
from contextlib import asynccontextmanager, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest
import structlog
from sqlalchemy.engine import make_url

from memory import Memory, migrate, open_database, open_memory
from memory.files import S3Bucket
from tests.s3_server import own_s3

ADMIN_URL = os.environ.get(
    "GUST_TEST_POSTGRES", "postgresql://postgres@127.0.0.1/postgres"
)


class Clock:
    """The time of a test: it stands still until it is moved."""

    def __init__(self) -> None:
        self.now = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def forward(self, **amount: float) -> None:
        self.now += timedelta(**amount)


@pytest.fixture(autouse=True)
def _logs_as_they_were() -> Iterator[None]:
    """Whoever sets up the logs of a house does so for one test."""
    yield
    structlog.reset_defaults()


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
async def memory(tmp_path: Path, clock: Clock) -> AsyncGenerator[Memory]:
    """A new memory on SQLite."""
    url = f"sqlite:///{tmp_path}/gust.db"
    async with open_memory(url, now=clock) as opened:
        yield opened


@pytest.fixture(scope="session")
def s3() -> Iterator[S3Bucket]:
    """A bucket of a real S3, one for all tests; skips without SeaweedFS."""
    with own_s3() as at:
        yield at


@pytest.fixture
def postgres_url() -> str:
    """The address of a new database, dropped by `own_postgres`."""
    return new_postgres_url()


def new_postgres_url() -> str:
    """The address of a database that does not exist yet; skips without a server."""
    try:
        psycopg.connect(ADMIN_URL, connect_timeout=3).close()
    except psycopg.OperationalError:
        reason = "no PostgreSQL on 127.0.0.1:5432: see docs/development.md"
        if os.environ.get("GUST_ALL_BACKENDS") == "1":
            pytest.fail(reason)
        pytest.skip(reason)
    return f"{ADMIN_URL.rpartition('/')[0]}/gust_test_{uuid4().hex[:12]}"


@asynccontextmanager
async def own_postgres(url: str, *, owner: str = "") -> AsyncGenerator[str]:
    """A database of our own with the current schema, gone afterwards.

    It belongs to `owner`, to whom the address leads; else to whoever may make it.
    """
    name = url.rpartition("/")[2]
    with psycopg.connect(ADMIN_URL, autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}"'.encode())
        # No test cuts the power: waiting for the disk would only cost time.
        setting = f'ALTER DATABASE "{name}" SET synchronous_commit = off'
        connection.execute(setting.encode())
        if owner:
            connection.execute(f'ALTER DATABASE "{name}" OWNER TO "{owner}"'.encode())
    try:
        if owner:
            url = as_role(url, owner)
        database = open_database(url)
        await migrate(database)
        await database.close()
        yield url
    finally:
        with psycopg.connect(ADMIN_URL, autocommit=True) as connection:
            connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)'.encode())


@contextmanager
def own_role(*, options: str = "NOBYPASSRLS") -> Generator[str]:
    """The name of a role that may log in and nothing else; gone afterwards."""
    name = f"gust_test_{uuid4().hex[:12]}"
    password = make_url(ADMIN_URL).password
    login = f"LOGIN PASSWORD '{password}'" if password else "LOGIN"
    with psycopg.connect(ADMIN_URL, autocommit=True) as connection:
        connection.execute(f'CREATE ROLE "{name}" {login} {options}'.encode())
    try:
        yield name
    finally:
        with psycopg.connect(ADMIN_URL, autocommit=True) as connection:
            connection.execute(f'DROP ROLE "{name}"'.encode())


def as_role(url: str, role: str) -> str:
    """The same database, entered as another role."""
    return make_url(url).set(username=role).render_as_string(hide_password=False)
