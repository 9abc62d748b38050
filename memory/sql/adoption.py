"""Tables of ours that stand in Postgres' public schema move into our own."""

import sqlalchemy as sa

_FIRST = frozenset(
    {
        *("contacts", "aliases", "conversations", "turns", "messages", "outbox"),
        *("sessions", "code_attempts", "handoffs", "pages", "audit", "staff"),
    }
)
_LATER = frozenset({"model_calls", "veils"})  # since 0002
_VERSION = "alembic_version"
_VERSIONS = frozenset({"0001", "0002"})  # those that may stand there
# One table alone could be anybody's; so could all of these names, but not with this.
_OUR_COLUMNS = frozenset({"conversation_id", "correlation_id", "turn_id", "attempts"})


def move_into_schema(connection: sa.Connection, schema: str) -> None:
    """Move what is ours out of `public`, rows, indexes and sequences included.

    Nothing happens unless all tables of a version of ours are there and `schema` has
    none: other programs keep an `alembic_version` in `public`, too.
    """
    looking = sa.inspect(connection)
    found = frozenset(looking.get_table_names(schema="public"))
    if not found >= {*_FIRST, _VERSION} or looking.get_table_names(schema=schema):
        return
    columns = {c["name"] for c in looking.get_columns("messages", schema="public")}
    version = connection.exec_driver_sql(f"SELECT version_num FROM public.{_VERSION}")
    if not columns >= _OUR_COLUMNS or version.scalar() not in _VERSIONS:
        return
    for table in sorted(found & {*_FIRST, *_LATER, _VERSION}):
        connection.exec_driver_sql(f'ALTER TABLE public."{table}" SET SCHEMA {schema}')
