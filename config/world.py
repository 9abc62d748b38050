"""A world: what an installation differs in, read once and shared by every turn."""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping, Sequence
from contextlib import (
    AbstractAsyncContextManager,
    AsyncExitStack,
    asynccontextmanager,
)
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Protocol

from tools.backends.baserow import BaserowAccess, report_of
from tools.backends.csv_tables import CsvTables
from tools.backends.documents import Documents
from tools.backends.embedder import Embedder, open_embedder
from tools.backends.folder import FolderDocuments
from tools.backends.tables import Tables
from tools.code_shapes import CodeShape, code_shapes
from tools.profile import Profile

from .baserow_world import TableMap, map_tables, open_baserow
from .learnt_shapes import learning
from .profile import world_profiles
from .settings import Settings

TableState = tuple[str, bool, str]  # part, is it well, detail


async def _nothing_to_wait_for() -> None: ...


async def _nothing_to_tell() -> Sequence[TableState]:
    return ()


class Changed(Protocol):
    """What was read of a table is old: its rows, or its columns too."""

    def __call__(self, table_id: int, /, *, rows_only: bool) -> None: ...


@dataclass(frozen=True)
class TableEvents:
    """What an event of a table must carry, and what it does."""

    secret: str = field(repr=False)
    changed: Changed


@dataclass(frozen=True, kw_only=True)
class World:
    """Profiles, tables and documents of one organisation."""

    folder: Path
    profiles: Mapping[str, Profile]
    has_own_profiles: bool = True  # otherwise they are those of the demo world
    tables: Tables
    documents: Documents
    embedder: Embedder | None
    code_shapes: Sequence[CodeShape] = ()
    warm: Callable[[], Awaitable[None]] = field(default=_nothing_to_wait_for)
    # Follows the documents until it is cancelled: what is new is found while it runs.
    watch: Callable[[], Awaitable[None]] = field(default=_nothing_to_wait_for)
    # How the system of the tables serves us; nothing to tell of files.
    tables_state: Callable[[], Awaitable[Sequence[TableState]]] = _nothing_to_tell
    # The system of the tables tells of changes; None: files need no telling.
    table_events: TableEvents | None = None


@dataclass(frozen=True, kw_only=True)
class _Tables:
    profiles: Mapping[str, Profile]
    tables: Tables
    code_shapes: Sequence[CodeShape]
    state: Callable[[], Awaitable[Sequence[TableState]]] = _nothing_to_tell
    events: TableEvents | None = None


@asynccontextmanager
async def open_world(
    folder: Path,
    *,
    cache: Path,
    now: Callable[[], datetime],
    baserow: BaserowAccess | None = None,
) -> AsyncGenerator[World]:
    """A world, read; its index is kept under `cache` for the next start.

    Its tables are its files, or in a `baserow`. Vectors that are not there yet are
    made in the background: until then documents are searched by words only.

    Raises:
        WrongProfile: a profile does not validate or does not fit the tables.
    """
    async with _opened_tables(folder, cache, baserow) as opened:
        embedder = await asyncio.to_thread(open_embedder, cache)
        documents = await FolderDocuments.open(
            folder / "documents", embedder=embedder, cache=cache, now=now
        )
        try:
            yield World(
                folder=folder,
                profiles=opened.profiles,
                has_own_profiles=(folder / "profiles").is_dir(),
                tables=opened.tables,
                documents=documents,
                warm=documents.warm,
                watch=documents.watch,
                embedder=embedder,
                code_shapes=opened.code_shapes,
                tables_state=opened.state,
                table_events=opened.events,
            )
        finally:
            await documents.close()


def open_given_world(
    settings: Settings, *, cache: Path, now: Callable[[], datetime]
) -> AbstractAsyncContextManager[World]:
    """The world of this installation, with the systems that it is configured for.

    Raises:
        WrongProfile: a profile does not validate or does not fit the tables.
    """
    return open_world(settings.world, cache=cache, now=now, baserow=settings.baserow)


def map_given_tables(settings: Settings, only: str | None) -> Awaitable[TableMap]:
    """What is in the Baserow of this installation, or in `only` one of its tables.

    Raises:
        WrongProfile: there is no Baserow, or no such table in it.
        BackendUnavailable: Baserow does not answer, or refuses our token.
    """
    return map_tables(settings.baserow, only)


@asynccontextmanager
async def _opened_tables(
    folder: Path, cache: Path, baserow: BaserowAccess | None
) -> AsyncGenerator[_Tables]:
    if baserow is None:
        files = CsvTables(folder / "tables")
        profiles = await world_profiles(folder, files)
        shapes = await code_shapes(profiles, files)
        yield _Tables(profiles=profiles, tables=files, code_shapes=shapes)
        return
    async with AsyncExitStack() as stack:
        opening = open_baserow(baserow, folder)
        profiles, tables = await stack.enter_async_context(opening)
        remembered = cache / "code-shapes.json"
        yield _Tables(
            profiles=profiles,
            tables=tables,
            code_shapes=await stack.enter_async_context(
                learning(remembered, profiles, tables)
            ),
            state=lambda: report_of(tables, baserow),
            events=TableEvents(baserow.webhook_secret, tables.changed),
        )


class Worlds:
    """Worlds by folder, each read once: the evals play many cases in few worlds."""

    def __init__(self, *, cache: Path, now: Callable[[], datetime]) -> None:
        self._cache = cache
        self._now = now
        self._read: dict[tuple[Path, Callable[[], datetime]], World] = {}
        self._one_reader = asyncio.Lock()
        self._stack = AsyncExitStack()

    async def at(
        self, folder: Path, *, now: Callable[[], datetime] | None = None
    ) -> World:
        """The world in a folder, with all its vectors: the same answers each time.

        With another clock it is another world: what is past depends on the day.

        Raises:
            WrongProfile: a profile does not validate or does not fit the tables.
        """
        async with self._one_reader:
            key = folder, now or self._now
            if key not in self._read:
                world = await self._stack.enter_async_context(
                    open_world(folder, cache=self._cache, now=key[1])
                )
                await world.warm()
                self._read[key] = world
            return self._read[key]
