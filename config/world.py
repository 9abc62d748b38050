"""A world: what an installation differs in, read once and shared by every turn."""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from tools.backends.csv_tables import CsvTables
from tools.backends.documents import Documents
from tools.backends.embedder import Embedder, open_embedder
from tools.backends.folder import FolderDocuments
from tools.backends.tables import Tables
from tools.code_shapes import CodeShape, code_shapes
from tools.profile import Profile

from .profile import world_profiles


async def _nothing_to_wait_for() -> None: ...


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


@asynccontextmanager
async def open_world(
    folder: Path, *, cache: Path, now: Callable[[], datetime]
) -> AsyncGenerator[World]:
    """A world, read; its index is kept under `cache` for the next start.

    Vectors that are not there yet are made in the background: until then documents
    are searched by words only.

    Raises:
        WrongProfile: a profile does not validate or does not fit the tables.
    """
    tables = CsvTables(folder / "tables")
    profiles = await world_profiles(folder, tables)
    embedder = await asyncio.to_thread(open_embedder, cache)
    documents = await FolderDocuments.open(
        folder / "documents", embedder=embedder, cache=cache, now=now
    )
    try:
        yield World(
            folder=folder,
            profiles=profiles,
            has_own_profiles=(folder / "profiles").is_dir(),
            tables=tables,
            documents=documents,
            warm=documents.warm,
            embedder=embedder,
            code_shapes=await code_shapes(profiles, tables),
        )
    finally:
        await documents.close()


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
