"""Up from every version and down to every version, with rows in every table."""

from collections.abc import AsyncGenerator, Callable
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from alembic.script import ScriptDirectory

import memory
from memory import WrongDatabase, open_database
from memory.sql.database import Database
from memory.sql.migrate import check_schema, go_back, migrate, version_of
from tests.conftest import new_postgres_url, own_postgres

from .contract import OnSqlite
from .filling import Rows, common, everything, fill
from .test_migrate import difference

_SCRIPTS = ScriptDirectory(str(Path(memory.__file__).parent / "schema"))
VERSIONS = sorted(script.revision for script in _SCRIPTS.walk_revisions())
RELEASED = ("0001", "0002")


def test_the_released_versions_are_still_where_one_can_start() -> None:
    assert set(RELEASED) <= set(VERSIONS)


class VersionContract:
    @pytest.fixture
    async def database(self, url: str) -> AsyncGenerator[Database]:
        """Without any table of ours."""
        database = open_database(url)
        await migrate(database)
        await go_back(database, to="base")
        yield database
        await database.close()

    @pytest.mark.parametrize("version", VERSIONS)
    async def test_rows_of_an_older_version_are_there_in_the_newest(
        self, database: Database, version: str
    ) -> None:
        await migrate(database, to=version)
        before = await filled(database)

        await migrate(database)

        await check_schema(database)
        after = await on(database, everything)
        assert before.keys() <= after.keys()
        assert common(after, before) == common(before, after)

    @pytest.mark.parametrize("version", VERSIONS)
    async def test_rows_survive_the_way_back_and_forth(
        self, database: Database, version: str
    ) -> None:
        await migrate(database)
        newest = await filled(database)

        await go_back(database, to=version)

        assert await version_of(database) == version
        older = await on(database, everything)
        assert common(older, newest) == common(newest, older)
        assert all(len(rows) == 3 for rows in older.values())
        await migrate(database)
        assert await on(database, difference) == []

    async def test_a_code_that_a_session_held_is_a_grant_and_goes_back_as_one(
        self, database: Database
    ) -> None:
        await migrate(database, to="0002")
        before = await filled(database)

        await migrate(database)
        grants = (await on(database, everything))["grants"]
        await go_back(database, to="0002")

        def told(rows: list[dict[str, Any]], name: str) -> list[tuple[Any, ...]]:
            return [(r["contact_id"], r["profile"], r["code"], r[name]) for r in rows]

        held = told(before["sessions"], "parent_name")
        assert told(grants, "name") == held
        after = (await on(database, everything))["sessions"]
        assert told(after, "parent_name") == held

    async def test_back_to_the_very_first_there_is_nothing_of_ours(
        self, database: Database
    ) -> None:
        assert await on(database, everything) == {}
        assert await version_of(database) is None

    async def test_a_version_that_never_was_is_told_and_nothing_happens(
        self, database: Database
    ) -> None:
        with pytest.raises(WrongDatabase, match=r"stays as it is.*knows 0001 to"):
            await migrate(database, to="9999")

        assert await version_of(database) is None


class TestVersionsOnSqlite(OnSqlite, VersionContract): ...


class TestVersionsOnPostgres(VersionContract):
    @pytest.fixture
    async def url(self) -> AsyncGenerator[str]:
        async with own_postgres(new_postgres_url()) as url:
            yield url


async def filled(database: Database) -> Rows:
    await on(database, fill)
    rows = await on(database, everything)
    assert all(len(found) == 3 for found in rows.values())
    return rows


async def on(database: Database, work: Callable[[sa.Connection], Any]) -> Any:
    async with database.write() as connection:
        return await connection.run_sync(work)
