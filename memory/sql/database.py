"""The door to SQLite or Postgres: one engine, reading and writing transactions."""

import asyncio
import fcntl
from collections.abc import AsyncGenerator, Generator, Mapping
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from ..errors import Unkept, WrongDatabase
from .outage import place_of, told
from .walls import OPENED_BY_US, SCHEMA

BUSY_TIMEOUT_MS = 30_000
POOL_SIZE = 10  # connections of one process at most; docs/data.md has the budget
POOL_TIMEOUT_S = 10
APPLICATION = "gust-ia"  # in pg_stat_activity

# Within each transaction and in one round trip: what `SET` leaves behind reaches
# others through a pooler, and start-up options do not reach us through one.
_OPEN_TRANSACTION = (
    f"SELECT {OPENED_BY_US}, set_config('statement_timeout', '30s', true),"
    " set_config('lock_timeout', '10s', true),"
    " set_config('idle_in_transaction_session_timeout', '60s', true)"
)

CONNECT_ARGS: Mapping[str, Any] = {
    # Behind a transaction pooler prepared statements do not survive.
    "prepare_threshold": None,
    "connect_timeout": 5,
    "tcp_user_timeout": 10_000,  # ms: a peer that vanished is noticed
    "application_name": APPLICATION,
}


class Database:
    """One database of record. `read()` and `write()` are its only doors."""

    def __init__(
        self, engine: AsyncEngine, *, is_embedded: bool, pool_size: int = 1
    ) -> None:
        self.engine = engine
        self.is_embedded = is_embedded
        self.pool_size = pool_size
        # SQLite has one writer: queueing here is fairer than its busy handler.
        self._one_writer = asyncio.Lock() if is_embedded else None

    @property
    def place(self) -> str:
        """Which database it is, for the maintainer: never the password."""
        return place_of(self.engine.url)

    @asynccontextmanager
    async def read(self) -> AsyncGenerator[AsyncConnection]:
        """A connection that sees one state of the database.

        Raises:
            Unkept: the database cannot be reached.
        """
        with outage_as_unkept(self.engine.url):
            async with self.engine.connect() as connection:
                yield connection

    @asynccontextmanager
    async def write(self) -> AsyncGenerator[AsyncConnection]:
        """A transaction: all or nothing.

        Raises:
            Unkept: the database cannot be reached or is locked; nothing was kept.
        """
        with outage_as_unkept(self.engine.url):
            if self._one_writer is None:
                async with self.engine.begin() as connection:
                    yield connection
                return
            writing = self.engine.execution_options(gust_writes=True)
            async with self._one_writer, writing.begin() as connection:
                yield connection

    async def ping(self) -> None:
        """Make sure that the database answers.

        Raises:
            Unkept: it does not.
        """
        async with self.read() as connection:
            await connection.execute(sa.select(1))

    @contextmanager
    def sole_worker(self) -> Generator[None]:
        """Be the one process that takes turns on an embedded database.

        Raises:
            WrongDatabase: another process is; several need Postgres.
        """
        path = self.engine.url.database
        if not self.is_embedded or not path or path == ":memory:":
            yield
            return
        with Path(f"{path}.lock").open("w") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError as error:
                raise WrongDatabase(
                    "another process already works on this SQLite database;"
                    " several processes need DATABASE_URL=postgresql://…"
                ) from error
            yield

    async def tidy(self) -> None:
        """Leave nothing of deleted rows beside the file of an embedded database."""
        if not self.is_embedded:
            return
        with outage_as_unkept(self.engine.url):
            async with self._one_connection() as connection:
                await connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    @asynccontextmanager
    async def _one_connection(self) -> AsyncGenerator[Any]:
        """The driver's own connection: outside of any transaction."""
        raw = await self.engine.raw_connection()
        try:
            yield raw.driver_connection
        finally:
            raw.close()

    async def close(self) -> None:
        """Give the connections back."""
        await self.engine.dispose()


def open_database(url: str, *, pool_size: int = POOL_SIZE) -> Database:
    """The database at `url`: `sqlite:///…` or `postgresql://…`.

    `pool_size` is the most connections to a server; whoever finds none free waits.

    Raises:
        WrongDatabase: the URL is neither, or its folder cannot be made.
    """
    try:
        parsed = make_url(url)
    except ArgumentError as error:
        raise WrongDatabase("DATABASE_URL is not a database URL") from error
    backend = parsed.get_backend_name()
    if backend == "sqlite":
        return Database(_sqlite(parsed), is_embedded=True)
    if backend in ("postgresql", "postgres"):  # as some hosts still write it
        engine = _postgres(parsed, pool_size)
        return Database(engine, is_embedded=False, pool_size=pool_size)
    raise WrongDatabase(f"DATABASE_URL: {backend} is neither sqlite nor postgresql")


def _sqlite(url: sa.URL) -> AsyncEngine:
    if url.database and url.database != ":memory:":
        _make_folder_of(url)
    engine = create_async_engine(
        url.set(drivername="sqlite+aiosqlite"), hide_parameters=True
    )

    @event.listens_for(engine.sync_engine, "connect")
    def _prepare(dbapi_connection: Any, _record: object) -> None:
        # The driver must not open transactions itself: SELECTs would run outside
        # them, and 60 concurrent updates were measured to keep 1.
        dbapi_connection.isolation_level = None
        cursor = dbapi_connection.cursor()
        cursor.execute("PRAGMA journal_mode = WAL")
        cursor.execute("PRAGMA synchronous = FULL")  # a 200 is a promise
        cursor.execute("PRAGMA foreign_keys = ON")
        cursor.execute("PRAGMA secure_delete = ON")  # forgotten is gone from the file
        cursor.execute(f"PRAGMA busy_timeout = {BUSY_TIMEOUT_MS}")
        cursor.close()

    @event.listens_for(engine.sync_engine, "begin")
    def _begin(connection: sa.Connection) -> None:
        writes = connection.get_execution_options().get("gust_writes", False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

    del _prepare, _begin
    return engine


def _make_folder_of(url: sa.URL) -> None:
    folder = Path(str(url.database)).parent
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise WrongDatabase(
            f"{place_of(url)} cannot be used: its folder cannot be made"
            f" ({error.strerror}); DATABASE_URL names it"
        ) from error


def _postgres(url: sa.URL, pool_size: int) -> AsyncEngine:
    engine = create_async_engine(
        url.set(drivername="postgresql+psycopg"),
        pool_size=pool_size,
        max_overflow=0,  # a budget that may be overrun is none
        pool_timeout=POOL_TIMEOUT_S,
        pool_pre_ping=True,
        hide_parameters=True,  # an error's text goes to the log
        connect_args=CONNECT_ARGS,
    )

    @event.listens_for(engine.sync_engine, "begin")
    def _begin(connection: sa.Connection) -> None:
        connection.exec_driver_sql(_OPEN_TRANSACTION)

    del _begin
    return engine.execution_options(schema_translate_map={None: SCHEMA})


class outage_as_unkept:  # noqa: N801  (used as a statement)
    """What the driver says of an outage becomes `Unkept`."""

    def __init__(self, url: sa.URL) -> None:
        self._url = url

    def __enter__(self) -> None: ...

    def __exit__(self, _kind: object, error: BaseException | None, _tb: object) -> None:
        is_outage = isinstance(error, OperationalError | PoolTimeout)
        is_lost = isinstance(error, DBAPIError) and error.connection_invalidated
        if error is not None and (is_outage or is_lost):
            # Without the statement's parameters: they are what people wrote.
            raise Unkept(told(self._url, error)) from None
