"""The second wall on Postgres: who sees no row, whatever they were granted."""

import asyncio
from collections.abc import AsyncGenerator, Generator

import psycopg
import pytest
from psycopg import errors
from sqlalchemy.engine import make_url

from memory import Memory, Unkept, WrongDatabase, migrate, open_database, open_memory
from memory.sql.walls import STRANGERS
from tests.conftest import (
    ADMIN_URL,
    Clock,
    as_role,
    new_postgres_url,
    own_postgres,
    own_role,
)

from .letters import begin, wrote

OURS = "SELECT set_config('gust.program', 'on', true)"
LETTERS = "SELECT text FROM gust.messages"
ADMIN = str(make_url(ADMIN_URL).username)


@pytest.fixture
async def owner_url() -> AsyncGenerator[str]:
    """A database whose owner row security binds, with one letter in it."""
    with own_role() as owner:
        async with own_postgres(new_postgres_url(), owner=owner) as url:
            yield url


@pytest.fixture
async def memory(owner_url: str, clock: Clock) -> AsyncGenerator[Memory]:
    async with open_memory(owner_url, now=clock) as opened:
        await begin(opened, wrote("Bonjour"))
        yield opened


@pytest.fixture
def stranger(owner_url: str) -> Generator[str]:
    """Somebody who was granted every table by mistake."""
    with own_role() as role:
        admin = as_role(owner_url, ADMIN)
        run(admin, f'GRANT USAGE ON SCHEMA gust TO "{role}"')
        run(admin, f'GRANT ALL ON ALL TABLES IN SCHEMA gust TO "{role}"')
        yield as_role(owner_url, role)
        run(admin, f'DROP OWNED BY "{role}"')


def role_of(url: str) -> str:
    return str(make_url(url).username)


def run(url: str, *statements: str) -> list[tuple[object, ...]]:
    """The rows of the last statement, all in one transaction."""
    with psycopg.connect(url) as connection:
        cursor = connection.cursor()
        for statement in statements:
            cursor = connection.execute(statement.encode())
        return cursor.fetchall() if cursor.description else []


def test_no_table_of_ours_is_without_a_wall(owner_url: str) -> None:
    found = run(
        owner_url,
        "SELECT relname, relrowsecurity, relforcerowsecurity FROM pg_class"
        " WHERE relnamespace = 'gust'::regnamespace AND relkind = 'r'",
    )

    assert len(found) > 10
    assert {row[1:] for row in found} == {(True, True)}


@pytest.mark.usefixtures("memory")
class TestRows:
    def test_are_seen_by_the_program(self, owner_url: str) -> None:
        assert run(owner_url, OURS, LETTERS) == [("Bonjour",)]

    def test_are_not_seen_by_their_owner_outside_the_program(
        self, owner_url: str
    ) -> None:
        assert run(owner_url, LETTERS) == []

    def test_cannot_be_written_by_their_owner_outside_the_program(
        self, owner_url: str
    ) -> None:
        with pytest.raises(errors.InsufficientPrivilege, match="row-level security"):
            run(owner_url, "INSERT INTO gust.contacts (created_at) VALUES (now())")

    def test_are_not_seen_through_a_view_that_everybody_may_read(
        self, owner_url: str, stranger: str
    ) -> None:
        admin = as_role(owner_url, ADMIN)
        run(admin, f'GRANT CREATE ON SCHEMA public TO "{role_of(owner_url)}"')
        run(
            owner_url,
            f"CREATE VIEW public.letters AS {LETTERS}",
            "GRANT SELECT ON public.letters TO PUBLIC",
        )

        assert run(stranger, "SELECT * FROM public.letters") == []

    def test_are_not_seen_by_who_was_granted_the_tables(self, stranger: str) -> None:
        assert run(stranger, LETTERS) == []
        assert run(stranger, OURS, LETTERS) == []  # the marker alone opens nothing

    def test_are_not_seen_by_a_role_that_reads_all_tables(
        self, owner_url: str, stranger: str
    ) -> None:
        admin = as_role(owner_url, ADMIN)
        run(admin, f'GRANT pg_read_all_data TO "{role_of(stranger)}"')

        assert run(stranger, OURS, LETTERS) == []


async def test_the_marker_does_not_outlive_its_transaction(owner_url: str) -> None:
    database = open_database(owner_url, pool_size=1)
    async with database.read() as connection:
        pid = (await connection.exec_driver_sql("SELECT pg_backend_pid()")).scalar()

    raw = await database.engine.raw_connection()
    try:
        cursor = await raw.driver_connection.execute(  # type: ignore[union-attr]
            "SELECT pg_backend_pid(), current_setting('gust.program', true)"
        )
        assert await cursor.fetchone() == (pid, "")
    finally:
        raw.close()
        await database.close()


async def test_a_role_of_the_program_reads_and_writes_rows_and_no_more(
    owner_url: str, clock: Clock
) -> None:
    with own_role() as role:
        database = open_database(owner_url)
        await migrate(database, role=role)
        theirs = as_role(owner_url, role)

        async with open_memory(theirs, now=clock) as opened:
            await begin(opened, wrote("Bonsoir"))

        assert run(theirs, OURS, LETTERS) == [("Bonsoir",)]
        with pytest.raises(errors.InsufficientPrivilege):
            run(theirs, "DROP TABLE gust.veils")
        with pytest.raises(errors.InsufficientPrivilege):
            run(theirs, OURS, "DELETE FROM gust.alembic_version")
        with pytest.raises(errors.InsufficientPrivilege):
            run(theirs, "CREATE TABLE gust.theirs ()")

        await migrate(database)  # names nobody, and shuts nobody out
        assert run(theirs, OURS, LETTERS) == [("Bonsoir",)]
        await database.close()
        run(as_role(owner_url, ADMIN), f'DROP OWNED BY "{role}"')


async def test_a_role_that_was_not_admitted_is_told_the_cure(
    owner_url: str, clock: Clock
) -> None:
    with (
        own_role() as role,
        pytest.raises(WrongDatabase, match=r"`main\.py migrate --for ROLE`"),
    ):
        async with open_memory(as_role(owner_url, role), now=clock):
            pass


async def test_only_the_owner_migrates(owner_url: str) -> None:
    with own_role() as role:
        database = open_database(as_role(owner_url, role))
        with pytest.raises(WrongDatabase, match=r"permission denied.*DATABASE_URL"):
            await migrate(database)
        await database.close()


async def test_a_role_that_is_not_there_is_told(owner_url: str) -> None:
    database = open_database(owner_url)

    with pytest.raises(WrongDatabase, match='role "nobody" does not exist'):
        await migrate(database, role="nobody")
    await database.close()


@pytest.fixture
def supabase_roles() -> Generator[None]:
    """The roles of a Supabase project, as far as this server lacks them."""
    made: list[str] = []
    with psycopg.connect(ADMIN_URL, autocommit=True) as connection:
        for role in STRANGERS:
            try:
                connection.execute(f"CREATE ROLE {role} NOLOGIN".encode())
                made.append(role)
            except (errors.DuplicateObject, errors.UniqueViolation):
                continue
    yield
    with psycopg.connect(ADMIN_URL, autocommit=True) as connection:
        for role in made:
            connection.execute(f"DROP ROLE {role}".encode())


@pytest.mark.usefixtures("supabase_roles", "memory")
async def test_what_a_data_api_was_granted_is_taken_back(owner_url: str) -> None:
    admin = as_role(owner_url, ADMIN)
    run(admin, "GRANT USAGE ON SCHEMA gust TO anon, authenticated")
    run(admin, "GRANT ALL ON ALL TABLES IN SCHEMA gust TO anon, authenticated, PUBLIC")
    assert run(admin, "SET LOCAL ROLE anon", OURS, LETTERS) == []

    database = open_database(owner_url)
    await migrate(database)
    await database.close()

    granted = run(
        admin,
        "SELECT grantee FROM information_schema.role_table_grants"
        " WHERE table_schema = 'gust'"
        " AND grantee IN ('anon', 'authenticated', 'PUBLIC')",
    )
    assert granted == []
    with pytest.raises(errors.InsufficientPrivilege, match="schema gust"):
        run(admin, "SET LOCAL ROLE anon", LETTERS)


async def test_a_transaction_cannot_wait_for_ever(owner_url: str) -> None:
    database = open_database(owner_url)
    async with database.read() as connection:
        settings = await connection.exec_driver_sql(
            "SELECT name, setting FROM pg_settings WHERE name IN"
            " ('statement_timeout', 'lock_timeout',"
            " 'idle_in_transaction_session_timeout', 'application_name')"
        )
        found = {row.name: row.setting for row in settings}
    await database.close()

    assert found == {
        "statement_timeout": "30000",
        "lock_timeout": "10000",
        "idle_in_transaction_session_timeout": "60000",
        "application_name": "gust-ia",
    }


async def test_rows_that_another_transaction_holds_are_given_up(
    memory: Memory,
) -> None:
    lock = "SELECT id FROM gust.contacts FOR UPDATE"

    async def wait_shortly() -> None:
        async with memory.database.write() as connection:
            await connection.exec_driver_sql("SET LOCAL lock_timeout = '50ms'")
            await connection.exec_driver_sql(lock)

    async with memory.database.write() as connection:
        await connection.exec_driver_sql(lock)
        with pytest.raises(Unkept, match="held the rows for too long"):
            await wait_shortly()


async def test_a_process_opens_no_more_connections_than_its_budget(
    owner_url: str,
) -> None:
    database = open_database(owner_url, pool_size=2)
    seen: set[object] = set()

    async def ask() -> None:
        async with database.read() as connection:
            await asyncio.sleep(0.01)
            pid = await connection.exec_driver_sql("SELECT pg_backend_pid()")
            seen.add(pid.scalar())

    await asyncio.gather(*(ask() for _ in range(8)))
    await database.close()

    assert len(seen) <= 2
