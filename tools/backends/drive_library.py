"""The library of a Drive, ready to be searched and to be followed."""

import asyncio
from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path

from memory.documents import Changes

from .document_source import Shelf
from .drive import DriveSource
from .drive_client import DriveClient
from .drive_cursor import DriveCursor
from .drive_settings import DriveSettings
from .encoder import Encoder
from .library import Indexing, Library, Pace

# A search finds what was changed this long ago; Google allows far more calls.
PACE = Pace(look_s=180, refresh_s=15)


async def drive_library(
    settings: DriveSettings,
    shelf: Shelf,
    *,
    encoder: Encoder | None,
    cache: Path | None,
    now: Callable[[], datetime],
) -> Library:
    """What the shelf holds, indexed. Google is not asked yet.

    When a folder is no longer among the settings', the shelf is emptied first.

    Raises:
        ValueError: the key of the service account cannot be read.
        Unkept: the database cannot be reached.
    """
    client = await asyncio.to_thread(DriveClient, settings)
    library = Library(
        DriveSource(client, settings.folder_ids, cache=cache, now=now),
        shelf,
        indexing=Indexing(now=now, encoder=encoder, cache=cache),
        pace=PACE,
    )
    await _leave_former_folders(shelf, settings.folder_ids)
    await library.refresh()
    return library


async def _leave_former_folders(shelf: Shelf, folder_ids: Sequence[str]) -> None:
    """Say nothing of a folder that is no longer allowed, though Google is away.

    Of which folder a document is, is not kept: all are read again.
    """
    while True:
        state = await shelf.state()
        cursor = DriveCursor.read(state.cursor)
        if cursor is None or set(cursor.roots) <= set(folder_ids):
            return
        gone = {each.id for each in await shelf.documents()}
        if await shelf.keep(Changes(gone=gone), since=state):
            return
