"""What `main.py check` tells of a database."""

from collections.abc import AsyncGenerator
from pathlib import Path

import psycopg
import pytest
from sqlalchemy.engine import make_url

from memory import migrate, open_database
from memory.sql.state import Finding, findings_of
from tests.backends import need
from tests.conftest import ADMIN_URL, as_role, new_postgres_url, own_postgres, own_role

ADMIN = str(make_url(ADMIN_URL).username)


@pytest.fixture
async def url() -> AsyncGenerator[str]:
    with own_role() as owner:
        async with own_postgres(new_postgres_url(), owner=owner) as url:
            yield url


async def told(url: str, *, pool_size: int = 10) -> dict[str, Finding]:
    database = open_database(url, pool_size=pool_size)
    try:
        return {each.name: each for each in await findings_of(database)}
    finally:
        await database.close()


def run(url: str, statement: str) -> None:
    with psycopg.connect(url) as connection:
        connection.execute(statement.encode())


async def test_of_a_file_the_version_is_told(tmp_path: Path) -> None:
    database = open_database(f"sqlite:///{tmp_path}/gust.db")
    await migrate(database)

    [found] = await findings_of(database)
    await database.close()

    assert found.is_well
    assert found.detail.startswith("at 0")


async def test_a_database_as_it_should_be_is_well(url: str) -> None:
    found = await told(url)

    assert all(each.is_well for each in found.values())
    assert "owns the tables" in found["database role"].detail
    assert "every table" in found["database walls"].detail
    assert "10 of one process" in found["database connections"].detail


async def test_who_is_bound_by_no_row_security_is_warned(url: str) -> None:
    found = await told(as_role(url, ADMIN))

    assert found["database role"].is_well  # it serves
    assert f"WARNING: {ADMIN} " in found["database role"].detail
    assert "migrate --for ROLE" in found["database role"].detail


async def test_a_role_that_may_only_do_what_it_must_is_told(url: str) -> None:
    with own_role() as role:
        database = open_database(url)
        await migrate(database, role=role)
        await database.close()

        found = await told(as_role(url, role))

        assert found["database role"].detail == (
            f"{role} may read and write rows, and no more"
        )
        assert found["database walls"].is_well
        run(as_role(url, ADMIN), f'DROP OWNED BY "{role}"')


@pytest.mark.parametrize(
    ("mistake", "said"),
    [
        (
            "ALTER TABLE gust.veils NO FORCE ROW LEVEL SECURITY",
            "row security of ours alone on veils",
        ),
        ("DROP POLICY the_program ON gust.turns", "ours alone on turns"),
        (
            "CREATE POLICY everybody ON gust.pages USING (true)",
            "ours alone on pages",
        ),
        ("CREATE TABLE gust.theirs ()", "ours alone on theirs"),
        ("GRANT SELECT ON gust.messages TO PUBLIC", "granted to PUBLIC"),
    ],
)
async def test_a_hole_in_the_wall_is_told_with_the_cure(
    url: str, mistake: str, said: str
) -> None:
    run(url, mistake)

    walls = (await told(url))["database walls"]

    assert not walls.is_well
    assert said in walls.detail
    assert "run `main.py migrate`" in walls.detail
    database = open_database(url)
    await migrate(database)
    await database.close()
    assert (await told(url))["database walls"].is_well


async def test_a_data_api_that_serves_our_schema_is_told(url: str) -> None:
    """As Supabase keeps it; its own server was not at hand."""
    served = "pgrst.db_schemas = 'public, gust'"
    try:
        run(ADMIN_URL, "CREATE ROLE authenticator")
    except psycopg.errors.DuplicateObject:
        need(False, "a Postgres server without a role authenticator of its own")
    try:
        run(ADMIN_URL, f"ALTER ROLE authenticator SET {served}")
        walls = (await told(url))["database walls"]
    finally:
        run(ADMIN_URL, "DROP ROLE authenticator")

    assert not walls.is_well
    assert "the Data API serves the schema gust" in walls.detail


async def test_a_pool_larger_than_the_server_is_told(url: str) -> None:
    found = (await told(url, pool_size=10_000))["database connections"]

    assert not found.is_well
    assert "DATABASE_POOL_SIZE" in found.detail
