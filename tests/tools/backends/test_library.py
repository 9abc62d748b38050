"""A library: its index follows the shelf, and a search waits for nobody."""

import asyncio
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path

import pytest

from memory import Memory
from memory.documents import Changes, KeptDocument
from tests.conftest import Clock
from tests.one_piece import Letters
from tools.backends.document_names import title_of
from tools.backends.document_source import Known, Progress, Shelf, Tell
from tools.backends.folder import FolderDocuments, FolderSource
from tools.backends.library import Indexing, Library, Pace
from tools.backends.process_shelf import ProcessShelf
from tools.errors import BackendUnavailable

OFTEN = Pace(look_s=0, refresh_s=0.01)
PATIENCE_S = 10


def now() -> datetime:
    return datetime(2026, 11, 20, tzinfo=UTC)


def page(id: str, text: str) -> KeptDocument:
    text = f"# Le quartier\n\n{text}"
    return KeptDocument(id=id, name=f"{id}.md", fingerprint=text, text=text)


class Told:
    """A source that says what it is told to, once somebody lets it."""

    def __init__(self) -> None:
        self.next: list[Changes | Exception] = []
        self.may_answer = asyncio.Event()
        self.may_answer.set()
        self.looks = 0

    async def changes(self, cursor: str | None, known: Known, tell: Tell) -> Changes:
        self.looks += 1
        await self.may_answer.wait()
        told = self.next.pop(0) if self.next else Changes(cursor=cursor or "")
        if isinstance(told, Exception):
            raise told
        for number, each in enumerate(told.changed):
            tell(Progress(done=number, of=len(told.changed), name=each.name))
        return told


def library(source: Told, shelf: Shelf | None = None) -> Library:
    return Library(
        source, shelf or ProcessShelf(now), indexing=Indexing(now=now), pace=OFTEN
    )


@asynccontextmanager
async def watched(opened: Library) -> AsyncGenerator[None]:
    watching = asyncio.create_task(opened.watch())
    try:
        yield
    finally:
        watching.cancel()
        with suppress(asyncio.CancelledError):
            await watching


async def until(is_so: Callable[[], bool]) -> None:
    async with asyncio.timeout(PATIENCE_S):
        while not is_so():  # noqa: ASYNC110  (the watch tells in no other way)
            await asyncio.sleep(0.01)


async def until_there(opened: Library) -> None:
    async with asyncio.timeout(PATIENCE_S):
        while not await opened.titles():  # noqa: ASYNC110
            await asyncio.sleep(0.01)


async def texts(opened: Library, question: str) -> list[str]:
    return [one.text for one in await opened.search(question)]


async def test_a_search_does_not_wait_for_the_source() -> None:
    source = Told()
    source.next = [Changes(changed=[page("a", "Le parking est gratuit.")])]
    opened = library(source)
    await opened.sync()
    source.may_answer.clear()

    async with watched(opened):
        await until(lambda: source.looks == 2)
        assert await texts(opened, "le parking ?") == ["Le parking est gratuit."]


async def test_a_source_that_is_away_leaves_what_was_read_and_why() -> None:
    source = Told()
    source.next = [
        Changes(changed=[page("a", "Le parking est gratuit.")], cursor="1"),
        BackendUnavailable("Google does not answer"),
    ]
    opened = library(source)
    await opened.sync()

    with pytest.raises(BackendUnavailable):
        await opened.sync()

    assert await texts(opened, "le parking ?")
    state = await opened.shelf.state()
    assert (state.problem, state.cursor) == ("Google does not answer", "1")


@pytest.mark.parametrize("fault", [BackendUnavailable("away"), KeyError("a bug")])
async def test_the_watch_goes_on_after_a_failure(fault: Exception) -> None:
    source = Told()
    source.next = [fault, Changes(changed=[page("a", "Le parking est gratuit.")])]
    opened = library(source)

    async with watched(opened):
        await until(lambda: source.looks >= 3)

    assert await texts(opened, "le parking ?")


async def test_each_document_that_is_read_is_told() -> None:
    source = Told()
    source.next = [Changes(changed=[page("a", "un"), page("b", "deux")])]
    heard: list[Progress] = []

    await library(source).sync(heard.append)

    assert [(each.done, each.of, each.name) for each in heard] == [
        (0, 2, "a.md"),
        (1, 2, "b.md"),
    ]


async def test_what_another_process_kept_is_found_here(
    memory: Memory, clock: Clock
) -> None:
    reader, follower = Told(), Told()
    reader.next = [Changes(changed=[page("a", "Le parking est gratuit.")])]
    there = library(reader, memory.drive_shelf)
    here = library(follower, memory.drive_shelf)
    await memory.drive_shelf.claim(for_s=60)  # only the other one may look

    async with watched(here):
        await there.sync()
        await until_there(here)

    assert await texts(here, "le parking ?") == ["Le parking est gratuit."]
    assert follower.looks == 0


async def test_what_is_new_is_found_by_meaning_as_soon_as_it_is_found(
    tmp_path: Path,
) -> None:
    (tmp_path / "a.md").write_text("# Un\n\nLe parking est gratuit.\n", "utf-8")
    by_words = await FolderDocuments.open(tmp_path)
    opened = await FolderDocuments.open(tmp_path, encoder=Letters())
    await opened.warm()
    (tmp_path / "b.md").write_text("# Nous\n\nBabab.", "utf-8")

    await opened.sync()

    assert "Babab." in await texts(opened, "aabbbaab abb")
    await opened.close()
    assert await texts(by_words, "aabbbaab abb") == []


async def test_a_new_file_is_found_without_a_restart(tmp_path: Path) -> None:
    opened = Library(
        FolderSource(tmp_path),
        ProcessShelf(now),
        indexing=Indexing(now=now),
        pace=OFTEN,
    )

    async with watched(opened):
        (tmp_path / "a.md").write_text("# Un\n\nLe parking est gratuit.", "utf-8")
        await until_there(opened)

    assert await texts(opened, "le parking ?") == ["Le parking est gratuit."]


@pytest.mark.parametrize(
    ("name", "title"),
    [
        ("cotisations-2026.md", "Cotisations 2026"),
        ("sous-dossier/les_heures.pdf", "Les heures"),
        ("Inscription - mode d'emploi", "Inscription - mode d'emploi"),
        ("Règlement v1.2", "Règlement v1.2"),
        ("calendrier SDC.docx", "Calendrier SDC"),
    ],
)
def test_a_document_without_a_title_is_called_by_its_file(
    name: str, title: str
) -> None:
    assert title_of(name) == title
