"""Bring a database to the current schema with Alembic, and back to an earlier one."""

import asyncio
import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from psycopg.errors import InsufficientPrivilege
from sqlalchemy import event
from sqlalchemy.exc import ProgrammingError

from ..errors import WrongDatabase
from .adoption import move_into_schema
from .database import BUSY_TIMEOUT_MS, CONNECT_ARGS, Database, outage_as_unkept
from .walls import OPENED_BY_US, SCHEMA, raise_walls

_SCRIPTS = Path(__file__).parent.parent / "schema"
_LOCK_NUMBER = 0x9057_5C4E  # Postgres: names our advisory lock, no meaning beyond
_AS_OWNER = "let DATABASE_URL name the role that owns the tables, for this command"

# Alembic keeps the migration that runs in a global of the process.
_one_at_a_time = threading.Lock()


async def migrate(
    database: Database, *, to: str = "head", role: str | None = None
) -> None:
    """Run the missing migrations, all or none.

    On Postgres whoever runs this owns the tables; `role` is another one that the
    program may work as.

    Raises:
        Unkept: the database cannot be reached or has no room; it is as before.
        WrongDatabase: there is no such role or version, or we may not do it.
    """
    if role is not None and database.is_embedded:
        raise WrongDatabase("SQLite has no roles: --for is for Postgres")

    def upgrade(connection: sa.Connection, config: Config) -> None:
        command.upgrade(config, to)
        if to == "head" and connection.dialect.name == "postgresql":
            raise_walls(connection, role=role)

    await _within(database, upgrade)


async def go_back(database: Database, *, to: str) -> None:
    """Undo migrations down to `to`, all or none. What that version has no place for is lost.

    Raises:
        Unkept: the database cannot be reached; it is as before.
        WrongDatabase: there is no such version, or we may not do it.
    """
    await _within(database, lambda _connection, config: command.downgrade(config, to))


async def check_schema(database: Database) -> None:
    """Make sure that the database has the current schema.

    Raises:
        WrongDatabase: it has not; says what to do.
        Unkept: the database cannot be reached.
    """
    newest = newest_version()
    try:
        found = await version_of(database)
    except ProgrammingError:  # permission denied
        raise WrongDatabase(
            "this role may not use our tables: run `main.py migrate --for ROLE`"
            " as the role that owns them"
        ) from None
    if found is None:
        raise WrongDatabase("the database has no schema yet: run `main.py migrate`")
    if found not in _known_versions():
        raise WrongDatabase(
            f"the schema is at {found}, which this program does not know: start the"
            f" newer one, or undo with it: `main.py migrate --back-to {newest}`"
        )
    if found != newest:
        raise WrongDatabase(
            f"the schema is at {found}, this program needs {newest}:"
            " run `main.py migrate`"
        )


async def version_of(database: Database) -> str | None:
    """The version of the schema; None: there is none."""
    async with database.read() as connection:
        return await connection.run_sync(_version)


def newest_version() -> str | None:
    """The version that this program needs."""
    return ScriptDirectory.from_config(_config()).get_current_head()


def _known_versions() -> Sequence[str]:
    """From the first to the newest."""
    walked = ScriptDirectory.from_config(_config()).walk_revisions()
    return [script.revision for script in walked][::-1]


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(_SCRIPTS))
    return config


async def _within(
    database: Database, change: Callable[[sa.Connection, Config], None]
) -> None:
    async with database.write():
        pass  # reachable, and the folder of an embedded one exists
    await asyncio.to_thread(_run, database.engine.url, change)


def _run(url: sa.URL, change: Callable[[sa.Connection, Config], None]) -> None:
    is_sqlite = url.get_backend_name() == "sqlite"
    engine = _sqlite(url) if is_sqlite else _postgres(url)
    config = _config()
    try:
        with outage_as_unkept(url), _one_at_a_time, engine.begin() as connection:
            if not is_sqlite:
                _prepare_postgres(connection)
            config.attributes["connection"] = connection
            change(connection, config)
    except CommandError as error:
        first, *_, newest = _known_versions()
        known = f"this program knows {first} to {newest}"
        raise WrongDatabase(f"the schema stays as it is: {error}; {known}") from None
    except ProgrammingError as error:  # no right to, or no such role
        why = str(error.orig).partition("\n")[0]
        if isinstance(error.orig, InsufficientPrivilege):
            why = f"{why}: {_AS_OWNER}"
        raise WrongDatabase(f"the schema stays as it is: {why}") from None
    finally:
        engine.dispose()


def _postgres(url: sa.URL) -> sa.Engine:
    return sa.create_engine(
        url.set(drivername="postgresql+psycopg"), connect_args=dict(CONNECT_ARGS)
    )


def _prepare_postgres(connection: sa.Connection) -> None:
    # Rather fail than wait behind a long transaction while everybody waits behind us.
    connection.exec_driver_sql(
        f"SELECT {OPENED_BY_US}, set_config('lock_timeout', '10s', true)"
    )
    connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_LOCK_NUMBER})")
    if not sa.inspect(connection).has_schema(SCHEMA):
        connection.exec_driver_sql(f"CREATE SCHEMA {SCHEMA}")
    move_into_schema(connection, SCHEMA)


def _sqlite(url: sa.URL) -> sa.Engine:
    engine = sa.create_engine(
        url.set(drivername="sqlite"),
        connect_args={"timeout": BUSY_TIMEOUT_MS / 1000},
    )

    # Left to itself the driver keeps each CREATE TABLE at once (sqlite3, "Transaction
    # control"): a full disk half-way left tables that no later start could get past.
    @event.listens_for(engine, "connect")
    def _prepare(dbapi_connection: Any, _record: object) -> None:
        dbapi_connection.isolation_level = None

    @event.listens_for(engine, "begin")
    def _begin(connection: sa.Connection) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE")

    del _prepare, _begin
    return engine


def _version(connection: sa.Connection) -> str | None:
    schema = SCHEMA if connection.dialect.name == "postgresql" else None
    context = MigrationContext.configure(
        connection, opts={"version_table_schema": schema}
    )
    return context.get_current_revision()
