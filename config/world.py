"""A world: what an installation differs in, read once and shared by every turn."""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from tools.backends.csv_tables import CsvTables
from tools.backends.documents import Documents
from tools.backends.embedder import Embedder, open_embedder
from tools.backends.folder import FolderDocuments
from tools.backends.tables import Tables
from tools.profile import Profile

from .profile import world_profiles


@dataclass(frozen=True, kw_only=True)
class World:
    """Profiles, tables and documents of one organisation."""

    folder: Path
    profiles: Mapping[str, Profile]
    tables: Tables
    documents: Documents
    embedder: Embedder | None


async def open_world(
    folder: Path, *, cache: Path, now: Callable[[], datetime]
) -> World:
    """Read a world; its index is kept under `cache` for the next start.

    Raises:
        WrongProfile: a profile does not validate or does not fit the tables.
    """
    tables = CsvTables(folder / "tables")
    profiles = await world_profiles(folder, tables)
    embedder = await asyncio.to_thread(open_embedder)
    documents = await FolderDocuments.open(
        folder / "documents", embedder=embedder, cache=cache, now=now
    )
    return World(
        folder=folder,
        profiles=profiles,
        tables=tables,
        documents=documents,
        embedder=embedder,
    )


class Worlds:
    """Worlds by folder, each read once: the evals play many cases in few worlds."""

    def __init__(self, *, cache: Path, now: Callable[[], datetime]) -> None:
        self._cache = cache
        self._now = now
        self._read: dict[Path, World] = {}
        self._one_reader = asyncio.Lock()

    async def at(self, folder: Path) -> World:
        """The world in a folder.

        Raises:
            WrongProfile: a profile does not validate or does not fit the tables.
        """
        async with self._one_reader:
            if folder not in self._read:
                self._read[folder] = await open_world(
                    folder, cache=self._cache, now=self._now
                )
            return self._read[folder]
