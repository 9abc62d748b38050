"""Bring a database to the current schema with Alembic."""

from pathlib import Path

import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

from ..errors import WrongDatabase
from .database import SCHEMA, Database

_SCRIPTS = Path(__file__).parent.parent / "schema"


async def migrate(database: Database) -> None:
    """Run the missing migrations.

    Raises:
        Unkept: the database cannot be reached.
    """
    async with database.write() as connection:
        await connection.run_sync(_upgrade)


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
