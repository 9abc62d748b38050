from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from config.world import World, Worlds, open_world
from tools.errors import BackendUnavailable, WrongProfile

HOURS = "# Horaires\n\nLe secrétariat ouvre le mardi à 9 h 30.\n"


def now() -> datetime:
    return datetime(2026, 11, 23, tzinfo=UTC)


@pytest.fixture
def world(tmp_path: Path) -> Path:
    """A world with one table and one document, and no profiles."""
    folder = tmp_path / "world"
    (folder / "tables").mkdir(parents=True)
    (folder / "documents").mkdir()
    (folder / "documents" / "horaires.md").write_text(HOURS, "utf-8")
    (folder / "tables" / "parents.csv").write_text("code,prenom\nQX-8812,Awa\n")
    return folder


async def read(folder: Path, tmp_path: Path) -> World:
    """The world of a folder, after everything in the background has stopped."""
    async with open_world(folder, cache=tmp_path / "cache", now=now) as world:
        return world


async def test_a_world_without_profiles_gets_the_defaults_that_fit(
    world: Path, tmp_path: Path
) -> None:
    opened = await read(world, tmp_path)

    assert not opened.has_own_profiles
    assert set(opened.profiles) == {"public", "parent", "admin"}
    parent = opened.profiles["parent"]
    assert parent.identity
    assert parent.identity.name_fields == ("prenom",)
    assert parent.actions == ()  # there is no table of marks
    assert opened.profiles["admin"].tables == {"parents": ("prenom",)}


async def test_its_documents_can_be_searched(world: Path, tmp_path: Path) -> None:
    opened = await read(world, tmp_path)

    assert await opened.documents.titles() == ["Horaires"]
    [first, *_] = await opened.documents.search("à quelle heure ouvre le secrétariat ?")
    assert "9 h 30" in first.text


async def test_an_unreadable_document_is_named_and_the_others_serve(
    world: Path, tmp_path: Path
) -> None:
    (world / "documents" / "casse.pdf").write_bytes(b"%PDF-1.7 and then nothing")
    (world / "documents" / "casse.docx").write_bytes(b"not a zip")

    opened = await read(world, tmp_path)

    problems = "\n".join(opened.documents.problems())
    assert "casse.pdf" in problems
    assert "casse.docx" in problems
    assert await opened.documents.titles() == ["Horaires"]


async def test_a_world_may_know_nothing(tmp_path: Path) -> None:
    (tmp_path / "documents").mkdir()

    opened = await read(tmp_path, tmp_path)

    assert await opened.tables.names() == []
    assert await opened.documents.titles() == []
    assert "parent" not in opened.profiles


async def test_a_world_without_a_folder_of_documents_is_refused(
    tmp_path: Path,
) -> None:
    with pytest.raises(BackendUnavailable, match="folder of documents"):
        await read(tmp_path, tmp_path)


async def test_a_broken_profile_stops_the_start_with_file_key_and_reason(
    world: Path, tmp_path: Path
) -> None:
    (world / "profiles").mkdir()
    (world / "profiles" / "public.json").write_text(
        '{"profile": "public", "actions": {"see": {"description": "d",'
        ' "table": "nowhere", "fields": ["x"]}}}'
    )

    with pytest.raises(WrongProfile) as refused:
        await read(world, tmp_path)

    for part in ("public", "actions.see.table", "nowhere", "parents"):
        assert part in str(refused.value)


async def test_a_world_is_read_once(world: Path, tmp_path: Path) -> None:
    worlds = Worlds(cache=tmp_path / "cache", now=now)

    assert await worlds.at(world) is await worlds.at(world)


async def test_a_world_of_another_day_is_another_world(
    world: Path, tmp_path: Path
) -> None:
    worlds = Worlds(cache=tmp_path / "cache", now=now)

    another_day = await worlds.at(world, now=lambda: now() + timedelta(days=365))

    assert another_day is not await worlds.at(world)
