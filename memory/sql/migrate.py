"""Bring a database to the current schema with Alembic."""

import asyncio
import threading
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import event

from ..errors import WrongDatabase
from .database import BUSY_TIMEOUT_MS, SCHEMA, Database, outage_as_unkept

_SCRIPTS = Path(__file__).parent.parent / "schema"


# Alembic keeps the migration that runs in a global of the process.
_one_at_a_time = threading.Lock()


async def migrate(database: Database) -> None:
    """Run the missing migrations, all or none.

    Raises:
        Unkept: the database cannot be reached or has no room; it is as before.
    """
    async with database.write():
        pass  # reachable, and the folder of an embedded one exists
    await asyncio.to_thread(_migrate, database.engine.url)


async def check_schema(database: Database) -> None:
    """Make sure that the database has the current schema.

    Raises:
        WrongDatabase: it has not; says what to do.
        Unkept: the database cannot be reached.
    """
    newest = ScriptDirectory.from_config(_config()).get_current_head()
    async with database.read() as connection:
        found = await connection.run_sync(_version)
    if found != newest:
        raise WrongDatabase(
            f"the schema is at {found or 'nothing'}, this program needs {newest}:"
            " run `main.py migrate`"
        )


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(_SCRIPTS))
    return config


def _migrate(url: sa.URL) -> None:
    is_sqlite = url.get_backend_name() == "sqlite"
    engine = _sqlite(url) if is_sqlite else sa.create_engine(url)
    try:
        with outage_as_unkept(url), _one_at_a_time, engine.begin() as connection:
            _upgrade(connection)
    finally:
        engine.dispose()


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


def _upgrade(connection: sa.Connection) -> None:
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql(f"CREATE SCHEMA IF NOT EXISTS {SCHEMA}")
    config = _config()
    config.attributes["connection"] = connection
    command.upgrade(config, "head")


def _version(connection: sa.Connection) -> str | None:
    schema = SCHEMA if connection.dialect.name == "postgresql" else None
    context = MigrationContext.configure(
        connection, opts={"version_table_schema": schema}
    )
    return context.get_current_revision()
