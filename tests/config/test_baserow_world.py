"""A world whose tables are in a Baserow: what stops an action does not stop the start."""

from collections.abc import Generator, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from datetime import UTC, datetime
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from config import learnt_shapes
from config.learnt_shapes import LearntShapes, learning
from config.profile import DEFAULT_FOLDER, load_profiles
from config.settings import read_settings
from config.world import World, open_given_world
from tests.counterparts.baserow import TOKEN, BaserowCounterpart, running_baserow
from tests.counterparts.baserow_tables import from_csv
from tests.whole_house import until
from tools.backends.csv_tables import CsvTables
from tools.backends.tables import Row
from tools.code_shapes import code_shapes
from tools.errors import BackendUnavailable, WrongProfile

DEMO = DEFAULT_FOLDER.parent
NOBODY = "http://127.0.0.1:1"


def now() -> datetime:
    return datetime(2026, 11, 23, tzinfo=UTC)


@pytest.fixture
def baserow() -> Generator[tuple[str, BaserowCounterpart]]:
    tables = from_csv(DEMO / "tables", linked_owner="code_parent")
    with running_baserow(tables) as running:
        yield running


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A world with the demo's profiles, one document, and no tables of its own."""
    world = tmp_path / "world"
    (world / "documents").mkdir(parents=True)
    (world / "documents" / "horaires.md").write_text("# Horaires\n\n9 h 30.\n", "utf-8")
    (world / "profiles").mkdir()
    for file in DEFAULT_FOLDER.glob("*.json"):
        (world / "profiles" / file.name).write_bytes(file.read_bytes())
    return world


def opened(
    folder: Path, tmp_path: Path, url: str
) -> AbstractAsyncContextManager[World]:
    given = {"WORLD": str(folder), "BASEROW_URL": url, "BASEROW_TOKEN": TOKEN}
    return open_given_world(read_settings(given), cache=tmp_path / "cache", now=now)


async def read(folder: Path, tmp_path: Path, url: str) -> World:
    """The world, closed again."""
    async with opened(folder, tmp_path, url) as world:
        return world


async def test_its_profiles_and_code_shapes_are_those_of_the_files(
    folder: Path, tmp_path: Path, baserow: tuple[str, BaserowCounterpart]
) -> None:
    world = await read(folder, tmp_path, baserow[0])

    files = CsvTables(DEMO / "tables")
    assert set(world.profiles) == {"admin", "parent", "public"}
    assert list(world.code_shapes) == list(await code_shapes(world.profiles, files))


async def test_a_world_without_profiles_gets_the_defaults_that_fit(
    folder: Path, tmp_path: Path, baserow: tuple[str, BaserowCounterpart]
) -> None:
    for file in (folder / "profiles").iterdir():
        file.unlink()
    (folder / "profiles").rmdir()
    url, counterpart = baserow
    counterpart.tables.remove(counterpart.table("notes"))

    world = await read(folder, tmp_path, url)

    names = {action.name for action in world.profiles["parent"].actions}
    assert "consult_absences" in names
    assert "consult_notes" not in names


async def test_a_missing_column_stops_its_action_and_not_the_start(
    folder: Path, tmp_path: Path, baserow: tuple[str, BaserowCounterpart]
) -> None:
    url, counterpart = baserow
    counterpart.table("notes").column("note")["name"] = "resultat"

    with capture_logs() as logs:
        world = await read(folder, tmp_path, url)

    assert world.profiles["parent"].actions
    [stopped] = [log for log in logs if log["event"] == "stopped"]
    assert stopped["what"] == "action consult_notes"
    assert 'no column "note"' in stopped["why"]


async def test_a_wrong_profile_stops_the_start_as_ever(
    folder: Path, tmp_path: Path, baserow: tuple[str, BaserowCounterpart]
) -> None:
    (folder / "profiles" / "public.json").write_text("{")

    with pytest.raises(WrongProfile, match=r"public\.json"):
        await read(folder, tmp_path, baserow[0])


async def test_a_baserow_that_is_away_does_not_stop_the_start(
    folder: Path, tmp_path: Path, baserow: tuple[str, BaserowCounterpart]
) -> None:
    known = await read(folder, tmp_path, baserow[0])

    async with opened(folder, tmp_path, NOBODY) as again:
        state = await again.tables_state()

    assert list(again.code_shapes) == list(known.code_shapes) != []
    assert [(part, well) for part, well, _detail in state] == [("baserow", False)]


class Away:
    """Tables that cannot be read yet."""

    def __init__(self, tables: CsvTables) -> None:
        self._tables = tables
        self.is_away = True
        self.names, self.fields = tables.names, tables.fields

    async def rows(
        self,
        table: str,
        *,
        needed: Sequence[str] = (),
        where: Mapping[str, str] | None = None,
    ) -> Sequence[Row]:
        if self.is_away:
            raise BackendUnavailable("away")
        return await self._tables.rows(table)


async def test_shapes_are_learnt_once_the_tables_are_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(learnt_shapes, "AGAIN_S", 0.001)
    files = CsvTables(DEMO / "tables")
    away = Away(files)
    profiles = load_profiles(DEFAULT_FOLDER)
    async with learning(tmp_path / "shapes.json", profiles, away) as shapes:
        assert len(shapes) == 0
        away.is_away = False

        async def are_learnt() -> bool:
            return len(shapes) > 0

        await until(are_learnt)

    assert list(LearntShapes(tmp_path / "shapes.json")) == list(shapes)


def test_a_file_of_shapes_that_is_broken_is_none(tmp_path: Path) -> None:
    (tmp_path / "shapes.json").write_text('[[["x"]]]')

    assert list(LearntShapes(tmp_path / "shapes.json")) == []
