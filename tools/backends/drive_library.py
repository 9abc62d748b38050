"""The library of a Drive, ready to be searched and to be followed."""

import asyncio
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from .document_source import Shelf
from .drive import DriveSource
from .drive_client import DriveClient
from .drive_settings import DriveSettings
from .embedder import Embedder
from .library import Indexing, Library, Pace

# A search finds what was changed this long ago; Google allows far more calls.
PACE = Pace(look_s=180, refresh_s=15)


async def drive_library(
    settings: DriveSettings,
    shelf: Shelf,
    *,
    embedder: Embedder | None,
    cache: Path | None,
    now: Callable[[], datetime],
) -> Library:
    """What the shelf holds, indexed. Google is not asked yet.

    Raises:
        ValueError: the key of the service account cannot be read.
        Unkept: the database cannot be reached.
    """
    client = await asyncio.to_thread(DriveClient, settings)
    library = Library(
        DriveSource(client, settings.folder_ids, cache=cache, now=now),
        shelf,
        indexing=Indexing(now=now, embedder=embedder, cache=cache),
        pace=PACE,
    )
    await library.refresh()
    return library
