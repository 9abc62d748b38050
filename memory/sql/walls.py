"""The second wall on Postgres: who may see a row at all, besides who may log in.

Every table of our schema has row security, forced on its owner too, and one policy:
the roles that the program works as see rows, and only within a transaction that the
program opened itself (`OPENED_BY_US`). A publishable key, a role that may read
everything, a view that somebody makes of our tables: they see none.
Why so: docs/decisions/0017.
"""

from collections.abc import Collection

import sqlalchemy as sa

SCHEMA = "gust"  # our own schema, never exposed by a data API
MARKER = "gust.program"
POLICY = "the_program"
# Supabase's roles behind its Data API. PUBLIC is everybody.
STRANGERS = ("anon", "authenticated", "service_role")
OPENED_BY_US = f"set_config('{MARKER}', 'on', true)"  # until the transaction ends

_IS_OURS = f"current_setting('{MARKER}', true) = 'on'"
_VERSION = "alembic_version"  # the program reads it, only `migrate` writes it

_TABLES = sa.text(
    "SELECT c.relname, c.relrowsecurity AND c.relforcerowsecurity AS is_walled"
    " FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
    " WHERE n.nspname = :schema AND c.relkind IN ('r', 'p') ORDER BY c.relname"
)
_ADMITTED = sa.text(
    "SELECT tablename, roles::text[] AS roles FROM pg_policies"
    " WHERE schemaname = :schema AND policyname = :policy"
)

_FOREIGN = sa.text(
    "SELECT tablename, policyname FROM pg_policies"
    " WHERE schemaname = :schema AND policyname <> :policy"
)


def raise_walls(connection: sa.Connection, *, role: str | None = None) -> None:
    """Close every table of the schema to all but its owner and the program's roles.

    `role` is admitted beside those that were admitted before. What is as it should
    be is not touched: closing a table waits for everybody who uses it.
    """
    admitted = _admitted(connection)
    roles = {
        _owner(connection),
        *(role_ for each in admitted.values() for role_ in each),
    }
    if role is not None:
        roles.add(role)
    _shut_strangers_out(connection)
    _drop_doors_of_others(connection)
    for table, is_walled in _tables(connection).items():
        if not is_walled:
            _run(connection, f"ALTER TABLE {_of(table)} ENABLE ROW LEVEL SECURITY")
            _run(connection, f"ALTER TABLE {_of(table)} FORCE ROW LEVEL SECURITY")
        if admitted.get(table) != roles:
            _admit(connection, table, roles)
    for each in sorted(roles - {_owner(connection)}):
        _let_work(connection, _quoted(each))


def lower_walls(connection: sa.Connection) -> None:
    """As it was before there were walls: a program that sets no marker works again."""
    for table in _tables(connection):
        _run(connection, f"DROP POLICY IF EXISTS {POLICY} ON {_of(table)}")
        _run(connection, f"ALTER TABLE {_of(table)} NO FORCE ROW LEVEL SECURITY")


def _admitted(connection: sa.Connection) -> dict[str, set[str]]:
    rows = connection.execute(_ADMITTED, {"schema": SCHEMA, "policy": POLICY})
    return {row.tablename: set(row.roles) for row in rows}


def _tables(connection: sa.Connection) -> dict[str, bool]:
    rows = connection.execute(_TABLES, {"schema": SCHEMA})
    return {row.relname: row.is_walled for row in rows}


def _owner(connection: sa.Connection) -> str:
    return connection.execute(sa.text("SELECT current_user")).scalar_one()


def _shut_strangers_out(connection: sa.Connection) -> None:
    known = connection.execute(
        sa.text("SELECT rolname FROM pg_roles WHERE rolname = ANY(:names)"),
        {"names": list(STRANGERS)},
    ).scalars()
    for stranger in ("PUBLIC", *known):
        for what in ("TABLES", "SEQUENCES", "FUNCTIONS"):
            _run(
                connection,
                f"REVOKE ALL ON ALL {what} IN SCHEMA {SCHEMA} FROM {stranger}",
            )
        _run(connection, f"REVOKE ALL ON SCHEMA {SCHEMA} FROM {stranger}")


def _drop_doors_of_others(connection: sa.Connection) -> None:
    """Policies add up: what somebody else's lets in, ours does not keep out."""
    rows = connection.execute(_FOREIGN, {"schema": SCHEMA, "policy": POLICY})
    for row in rows.all():
        policy = _quoted(row.policyname)
        _run(connection, f"DROP POLICY {policy} ON {_of(row.tablename)}")


def _admit(connection: sa.Connection, table: str, roles: Collection[str]) -> None:
    named = ", ".join(_quoted(role) for role in sorted(roles))
    _run(connection, f"DROP POLICY IF EXISTS {POLICY} ON {_of(table)}")
    _run(
        connection,
        f"CREATE POLICY {POLICY} ON {_of(table)} FOR ALL TO {named}"
        f" USING ({_IS_OURS}) WITH CHECK ({_IS_OURS})",
    )


def _let_work(connection: sa.Connection, role: str) -> None:
    """Rows, not tables: whoever takes this role's password can drop nothing."""
    tables, sequences = (
        f"ALL {what} IN SCHEMA {SCHEMA}" for what in ("TABLES", "SEQUENCES")
    )
    _run(connection, f"GRANT USAGE ON SCHEMA {SCHEMA} TO {role}")
    _run(connection, f"GRANT SELECT, INSERT, UPDATE, DELETE ON {tables} TO {role}")
    _run(connection, f"GRANT USAGE ON {sequences} TO {role}")
    _run(connection, f"REVOKE INSERT, UPDATE, DELETE ON {_of(_VERSION)} FROM {role}")


def _run(connection: sa.Connection, statement: str) -> None:
    connection.exec_driver_sql(statement)


def _of(table: str) -> str:
    return f"{SCHEMA}.{_quoted(table)}"


def _quoted(name: str) -> str:
    doubled = name.replace('"', '""')
    return f'"{doubled}"'.replace("%", "%%")
