"""A world: what an installation differs in, read once and shared by every turn."""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping, Sequence
from contextlib import (
    AbstractAsyncContextManager,
    AsyncExitStack,
    asynccontextmanager,
)
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from memory import Memory
from tools.backends.baserow import BaserowAccess
from tools.backends.documents import Documents
from tools.backends.drive_library import drive_library
from tools.backends.drive_settings import DriveSettings, drive_settings
from tools.backends.encoder import Encoder, open_encoder
from tools.backends.folder import FolderDocuments
from tools.backends.library import Indexing, Library
from tools.backends.tables import Tables
from tools.code_shapes import CodeShape
from tools.profile import Profile

from .baserow_world import TableMap, map_tables
from .settings import Settings
from .world_tables import TableEvents, TableState, nothing_to_tell, open_tables


@dataclass(frozen=True, kw_only=True)
class World:
    """Profiles, tables and documents of one organisation."""

    folder: Path
    profiles: Mapping[str, Profile]
    has_own_profiles: bool = True  # otherwise they are those of the demo world
    tables: Tables
    documents: Documents
    encoder: Encoder | None
    code_shapes: Sequence[CodeShape] = ()
    # How the system of the tables serves us; nothing to tell of files.
    tables_state: Callable[[], Awaitable[Sequence[TableState]]] = nothing_to_tell
    # The system of the tables tells of changes; None: files need no telling.
    table_events: TableEvents | None = None
    # What `documents` are, when they can change while this process runs.
    library: Library | None = None
    drive: DriveSettings | None = None  # where they are kept instead of the folder
    cache: Path | None = None
    now: Callable[[], datetime] | None = None

    def documents_odds(self, question: str) -> float | None:
        """How likely the documents answer, as `DocumentIndex.odds`."""
        return self.library.odds(question) if self.library else None

    async def warm(self) -> None:
        """Return when documents are found by meaning, too."""
        if self.library:
            await self.library.warm()

    async def watch(self) -> None:
        """Follow the documents until cancelled: what is new is found meanwhile."""
        if self.library:
            await self.library.watch()

    @asynccontextmanager
    async def kept_in(self, memory: Memory) -> AsyncGenerator["World"]:
        """The same world; the documents of a Drive are those that `memory` keeps."""
        if self.drive is None:
            yield self
            return
        assert self.now
        library = await drive_library(
            self.drive,
            memory.drive_shelf,
            encoder=self.encoder,
            cache=self.cache,
            now=self.now,
        )
        try:
            yield replace(self, documents=library, library=library)
        finally:
            await library.close()


@asynccontextmanager
async def open_world(
    folder: Path,
    *,
    cache: Path,
    now: Callable[[], datetime],
    baserow: BaserowAccess | None = None,
    drive: DriveSettings | None = None,
) -> AsyncGenerator[World]:
    """A world, read; its index is kept under `cache` for the next start.

    Its tables are its files, or in a `baserow`. Vectors that are not there yet are
    made in the background: until then documents are searched by words only. Those
    of a Drive come with `kept_in`.

    Raises:
        WrongProfile: a profile does not validate or does not fit the tables.
    """
    async with AsyncExitStack() as stack:
        opened = await open_tables(folder, cache, baserow, stack=stack)
        encoder = await asyncio.to_thread(open_encoder)
        library = None
        if drive is None:
            library = await FolderDocuments.open(
                folder / "documents", encoder=encoder, cache=cache, now=now
            )
            stack.push_async_callback(library.close)
        yield World(
            folder=folder,
            profiles=opened.profiles,
            has_own_profiles=(folder / "profiles").is_dir(),
            tables=opened.tables,
            documents=library or Indexing(now=now).index(()),
            encoder=encoder,
            code_shapes=opened.code_shapes,
            tables_state=opened.state,
            table_events=opened.events,
            library=library,
            drive=drive,
            cache=cache,
            now=now,
        )


def open_given_world(
    settings: Settings, *, cache: Path, now: Callable[[], datetime]
) -> AbstractAsyncContextManager[World]:
    """The world of this installation, with the systems that it is configured for.

    Raises:
        WrongProfile: a profile does not validate or does not fit the tables.
        ValueError: Drive is set by half, or its key cannot be read.
    """
    return open_world(
        settings.world,
        cache=cache,
        now=now,
        baserow=settings.baserow,
        drive=drive_settings(settings.environment),
    )


def map_given_tables(settings: Settings, only: str | None) -> Awaitable[TableMap]:
    """What is in the Baserow of this installation, or in `only` one of its tables.

    Raises:
        WrongProfile: there is no Baserow, or no such table in it.
        BackendUnavailable: Baserow does not answer, or refuses our token.
    """
    return map_tables(settings.baserow, only)


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
