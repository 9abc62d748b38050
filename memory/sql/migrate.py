"""Bring a database to the current schema with Alembic."""

import asyncio
import threading
from pathlib import Path

import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

from ..errors import WrongDatabase
from .database import SCHEMA, Database

_SCRIPTS = Path(__file__).parent.parent / "schema"


# Alembic keeps the migration that runs in a global of the process.
_one_at_a_time = threading.Lock()


async def migrate(database: Database) -> None:
    """Run the missing migrations.

    Raises:
        Unkept: the database cannot be reached.
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
    engine = sa.create_engine(url.set(drivername="sqlite") if is_sqlite else url)
    try:
        with _one_at_a_time, engine.begin() as connection:
            _upgrade(connection)
    finally:
        engine.dispose()


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
