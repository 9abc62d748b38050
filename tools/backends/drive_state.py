"""How it stands with Drive, for the maintainer: name, is it well, what to mend."""

import asyncio
from collections.abc import Sequence

from ..errors import BackendUnavailable
from .document_source import Shelf
from .drive_client import DriveClient, DriveRefused
from .drive_settings import DriveSettings
from .drive_tree import root_folder

Row = tuple[str, bool, str]


async def state_of_folders(settings: DriveSettings) -> Sequence[Row]:
    """What Google says: the account, and each folder."""
    try:
        client = await asyncio.to_thread(DriveClient, settings)
    except ValueError as wrong:
        return [("Google Drive", False, str(wrong))]
    account = ("Google Drive", True, f"folders are shared with {settings.email}")
    folders = [await _folder(client, each) for each in settings.folder_ids]
    return [account, *folders]


async def _folder(client: DriveClient, folder_id: str) -> Row:
    try:
        folder = await root_folder(client, folder_id)
        drive_id = folder.get("driveId")
        if drive_id and not await client.is_member(drive_id):
            drive_id = None
        count = 0
        async for _ in client.children(folder_id, drive_id=drive_id):
            count += 1
    except (BackendUnavailable, DriveRefused) as problem:
        return "drive folder", False, str(problem)
    return "drive folder", True, f"{folder['name']}: {count} files and folders in it"


async def state_of_shelf(shelf: Shelf) -> Sequence[Row]:
    """What is kept of Drive, and each document that cannot be read.

    Raises:
        Unkept: the database cannot be reached.
    """
    state, kept = await shelf.state(), await shelf.documents()
    bad = [("document", False, f"{d.name}: {d.problem}") for d in kept if d.problem]
    if state.synced_at is None:
        cure = "never read: run `main.py documents sync`, or start a worker"
        return [("drive documents", False, state.problem or cure)]
    found = (
        f"{sum(bool(each.text) for each in kept)} can be read, {len(bad)} have a"
        f" problem; last read {state.synced_at:%Y-%m-%d %H:%M} UTC"
    )
    if state.problem:
        found = f"{found}; since then: {state.problem}"
    return [("drive documents", state.problem is None, found), *bad]
