"""What can be told of a database that serves, for the maintainer who checks it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from .database import Database
from .migrate import version_of
from .walls import POLICY, SCHEMA, STRANGERS

_TRANSACTION_POOLER = 6543  # Supabase's port of it
_LOOPBACK = frozenset({"", "localhost", "127.0.0.1", "::1"})

_ROLE = sa.text(
    "SELECT current_user AS name, r.rolsuper OR r.rolbypassrls AS is_unbound,"
    " EXISTS (SELECT 1 FROM pg_tables WHERE schemaname = :schema"
    "  AND pg_has_role(current_user, tableowner, 'USAGE')) AS is_owner"
    " FROM pg_roles r WHERE r.rolname = current_user"
)
_OPEN_TABLES = sa.text(
    "SELECT c.relname FROM pg_class c WHERE c.relnamespace = to_regnamespace(:schema)"
    " AND c.relkind IN ('r', 'p') AND NOT (c.relrowsecurity AND c.relforcerowsecurity"
    "  AND EXISTS (SELECT 1 FROM pg_policy p WHERE p.polrelid = c.oid"
    "   AND p.polname = :policy)"
    "  AND NOT EXISTS (SELECT 1 FROM pg_policy p WHERE p.polrelid = c.oid"
    "   AND p.polname <> :policy)) ORDER BY 1"
)
_GRANTED = sa.text(
    "SELECT DISTINCT CASE a.grantee WHEN 0 THEN 'PUBLIC'"
    "  ELSE a.grantee::regrole::text END"
    " FROM pg_class c, aclexplode(c.relacl) a"
    " WHERE c.relnamespace = to_regnamespace(:schema) AND c.relkind IN ('r', 'p', 'v')"
    " AND (a.grantee = 0 OR a.grantee IN"
    "  (SELECT oid FROM pg_roles WHERE rolname = ANY(:strangers))) ORDER BY 1"
)
# Where Supabase keeps which schemas its Data API serves.
_SERVED = sa.text(
    "SELECT unnest(s.setconfig) FROM pg_db_role_setting s"
    " JOIN pg_roles r ON r.oid = s.setrole WHERE r.rolname = 'authenticator'"
)
_ROOM = sa.text(
    "SELECT current_setting('max_connections')::int"
    " - current_setting('superuser_reserved_connections')::int AS all_of_them,"
    " (SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client backend')"
    " AS used"
)


@dataclass(frozen=True)
class Finding:
    """One thing about the database: whether it is well, and what to mend."""

    name: str
    is_well: bool
    detail: str


async def findings_of(database: Database) -> Sequence[Finding]:
    """The schema's version; on Postgres role, walls and connections, too.

    Raises:
        Unkept: the database cannot be reached.
    """
    version = Finding("database schema", True, f"at {await version_of(database)}")
    if database.is_embedded:
        return [version]
    async with database.read() as connection:
        return [
            version,
            await _role(connection),
            await _walls(connection),
            await _connections(connection, database),
        ]


async def _role(connection: AsyncConnection) -> Finding:
    role = (await connection.execute(_ROLE, {"schema": SCHEMA})).one()
    if role.is_unbound:
        detail = (
            f"WARNING: {role.name} is bound by no row security, so the second wall"
            " does not stand for it. Make a role without BYPASSRLS, run"
            " `main.py migrate --for ROLE`, and put that role into DATABASE_URL"
        )
    elif role.is_owner:
        detail = (
            f"{role.name} owns the tables and could drop them; `main.py migrate --for"
            " ROLE` lets the program work as one that cannot"
        )
    else:
        detail = f"{role.name} may read and write rows, and no more"
    return Finding("database role", True, detail)


async def _walls(connection: AsyncConnection) -> Finding:
    ours: dict[str, Any] = {"schema": SCHEMA, "policy": POLICY}
    open_tables = await _texts(connection, _OPEN_TABLES, ours)
    strangers = await _texts(
        connection, _GRANTED, {"schema": SCHEMA, "strangers": list(STRANGERS)}
    )
    served = [
        setting
        for setting in await _texts(connection, _SERVED, {})
        if setting.startswith("pgrst.db_schemas=")
        and SCHEMA in setting.partition("=")[2].replace(" ", "").split(",")
    ]
    wrong = [
        *(f"no forced row security of ours alone on {name}" for name in open_tables),
        *(f"tables are granted to {name}" for name in strangers),
    ]
    if wrong:
        wrong.append("run `main.py migrate`")
    if served:
        wrong.append(f"the Data API serves the schema {SCHEMA}: take it off its list")
    return Finding(
        "database walls",
        not wrong,
        "; ".join(wrong) or "every table has forced row security; no data API has it",
    )


async def _connections(connection: AsyncConnection, database: Database) -> Finding:
    room = (await connection.execute(_ROOM)).one()
    url = database.engine.url
    through = (
        "a transaction pooler" if url.port == _TRANSACTION_POOLER else "the server"
    )
    raw = await connection.get_raw_connection()
    is_encrypted: bool = raw.driver_connection.pgconn.ssl_in_use  # type: ignore[union-attr]
    detail = (
        f"{database.pool_size} of one process at most, to {through};"
        f" {room.used} of {room.all_of_them} are in use"
    )
    if not is_encrypted and (url.host or "") not in _LOOPBACK:
        detail += "; WARNING: not encrypted, add ?sslmode=require to DATABASE_URL"
    is_well = database.pool_size <= room.all_of_them
    if not is_well:
        detail += "; DATABASE_POOL_SIZE is more than the server has"
    return Finding("database connections", is_well, detail)


async def _texts(
    connection: AsyncConnection, query: sa.TextClause, values: dict[str, Any]
) -> Sequence[str]:
    return (await connection.execute(query, values)).scalars().all()
