"""Alembic's environment: it runs on the connection that `migrate` gives it."""

import sqlalchemy as sa
from alembic import context

from memory.sql.tables import metadata
from memory.sql.walls import SCHEMA

connection: sa.Connection = context.config.attributes["connection"]
is_postgres = connection.dialect.name == "postgresql"
if is_postgres:
    connection.exec_driver_sql(f"SET LOCAL search_path TO {SCHEMA}")

context.configure(
    connection=connection,
    target_metadata=metadata,
    render_as_batch=True,
    version_table_schema=SCHEMA if is_postgres else None,
)
with context.begin_transaction():
    context.run_migrations()
