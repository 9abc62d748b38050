"""What is in the allowed folders: all of it, by a walk from the top."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from ..errors import BackendUnavailable
from .drive_client import DriveClient, DriveRefused
from .drive_reading import FOLDER, SHORTCUT
from .drive_settings import FOLDERS

File = Mapping[str, Any]


@dataclass
class Tree:
    """Everything below the allowed folders, by id.

    `tokens` are where the change logs stood before the walk: "" for the account's own,
    the others by the id of their shared drive.
    """

    tokens: dict[str, str]
    files: dict[str, File] = field(default_factory=dict[str, File])
    folders: set[str] = field(default_factory=set[str])
    shortcuts: set[str] = field(default_factory=set[str])  # lost targets as well
    targets: set[str] = field(default_factory=set[str])  # files that they lead to
    lost: dict[str, str] = field(default_factory=dict[str, str])  # shortcut -> name


class Walk:
    """One walk through the allowed folders."""

    def __init__(
        self, client: DriveClient, tokens: Mapping[str, str] | None = None
    ) -> None:
        self._client = client
        self._guest_of: set[str] = set()
        self.tree = Tree(dict(tokens or {}))

    async def through(self, folder_ids: Sequence[str]) -> Tree:
        """All that is below these folders.

        Raises:
            BackendUnavailable: one of them cannot be reached; which, and the cure.
        """
        if "" not in self.tree.tokens:
            self.tree.tokens[""] = await self._client.start_token(None)
        for folder_id in folder_ids:
            await self._enter(await root_folder(self._client, folder_id))
        return self.tree

    async def _enter(self, top: File) -> None:
        waiting = [top]
        while waiting:
            folder = waiting.pop()
            if folder["id"] in self.tree.folders:
                continue
            self.tree.folders.add(folder["id"])
            drive_id = await self._log_of(folder)
            async for file in self._client.children(folder["id"], drive_id=drive_id):
                found = await self._resolved(file)
                if found is None:
                    continue
                if found["mimeType"] == FOLDER:
                    waiting.append(found)
                else:
                    self.tree.files[found["id"]] = found

    async def _resolved(self, file: File) -> File | None:
        """The file, or what a shortcut leads to; None when that is not shared."""
        if file["mimeType"] != SHORTCUT:
            return file
        self.tree.shortcuts.add(file["id"])
        target_id = file["shortcutDetails"]["targetId"]
        target = await self._shared(target_id)
        if target is None or target.get("trashed"):
            self.tree.lost[file["id"]] = file["name"]
            self.tree.shortcuts.add(target_id)  # once it is there, we shall be told
            return None
        if target["mimeType"] != FOLDER:
            self.tree.targets.add(target["id"])
            await self._log_of(target)
        return target

    async def _shared(self, file_id: str) -> File | None:
        try:
            return await self._client.file(file_id)
        except DriveRefused as refused:
            if refused.is_passing:
                raise
            return None

    async def _log_of(self, file: File) -> str | None:
        """The shared drive in whose log the file changes; None: the account's own.

        A guest of a drive is told in its own log: "Identify which change log to
        track", Drive API guides.
        """
        drive_id = file.get("driveId")
        if not drive_id or drive_id in self._guest_of:
            return None
        if drive_id not in self.tree.tokens:
            if not await self._client.is_member(drive_id):
                self._guest_of.add(drive_id)
                return None
            self.tree.tokens[drive_id] = await self._client.start_token(drive_id)
        return str(drive_id)


async def root_folder(client: DriveClient, folder_id: str) -> File:
    """One of the allowed folders.

    Raises:
        BackendUnavailable: it cannot be reached, or is no folder; with the cure.
    """
    try:
        folder = await client.file(folder_id)
    except DriveRefused as refused:
        if refused.status != 404:
            raise
        raise BackendUnavailable(
            f"the folder {folder_id} is not there for {client.email}: share it with"
            f" this address as a viewer, or correct {FOLDERS}"
        ) from None
    if folder["mimeType"] != FOLDER or folder.get("trashed"):
        is_what = "in the bin" if folder.get("trashed") else "no folder"
        raise BackendUnavailable(f"{folder_id} is {is_what}: correct {FOLDERS}")
    return folder
