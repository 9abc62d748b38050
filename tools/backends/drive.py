"""Google Drive as a source of documents: one full walk, then only what has changed.

Changes are told per account and per shared drive, not per folder: what counts is found
by its ancestors. A folder or a shortcut that changed says nothing of what is below it,
so then the folders are walked again; what has not changed is not fetched again.
"""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import structlog

from memory.documents import Changes, KeptDocument

from ..errors import BackendUnavailable
from .document_source import Known, Progress, Tell
from .drive_client import AT_ONCE, DriveClient, DriveRefused
from .drive_cursor import DriveCursor
from .drive_reading import DriveReader
from .drive_tree import Walk

File = Mapping[str, Any]
LOST = "the shortcut leads to something that is not shared with the service account"
# "If the token is rejected for any reason, it should be discarded" (Drive API v3).
_REJECTED = (400, 404, 410)
_log = structlog.get_logger()


class DriveSource:
    """The documents below some folders of Drive."""

    def __init__(
        self,
        client: DriveClient,
        folder_ids: Sequence[str],
        *,
        cache: Path | None,
        now: Callable[[], datetime],
    ) -> None:
        self._client = client
        self._now = now
        self._roots = folder_ids
        self._reader = DriveReader(client, cache=cache)

    async def changes(self, cursor: str | None, known: Known, tell: Tell) -> Changes:
        try:
            return await self._changes(DriveCursor.read(cursor), known, tell)
        except DriveRefused as refused:
            raise BackendUnavailable(f"Google Drive: {refused}") from refused

    async def _changes(
        self, cursor: DriveCursor | None, known: Known, tell: Tell
    ) -> Changes:
        is_ours = cursor and cursor.roots == sorted(self._roots)
        if not cursor or not is_ours or cursor.is_old(self._now()):
            return await self._walked(Walk(self._client), known, tell)
        try:
            entries, tokens = await self._entries(cursor)
        except DriveRefused as refused:
            if refused.status not in _REJECTED:
                raise
            _log.info("drive_token_rejected", why=str(refused))
            return await self._walked(Walk(self._client), known, tell)
        if any(map(cursor.moves_others, entries.values())):
            return await self._walked(Walk(self._client, tokens), known, tell)
        return await self._followed(entries, cursor.at(tokens), known, tell)

    async def _entries(
        self, cursor: DriveCursor
    ) -> tuple[Mapping[str, File], Mapping[str, str]]:
        """The newest entry of each file in all logs, and where they end."""
        entries: dict[str, File] = {}
        tokens: dict[str, str] = {}
        for log, token in cursor.tokens.items():
            found, tokens[log] = await self._client.changes(token, drive_id=log or None)
            for entry in found:
                file_id = entry.get("fileId")
                # Moved to another drive: removed in one log, and there in the other.
                is_told = file_id in entries and entry.get("removed")
                if file_id and not is_told:
                    entries[str(file_id)] = entry
        return entries, tokens

    async def _walked(self, walk: Walk, known: Known, tell: Tell) -> Changes:
        tree = await walk.through(self._roots)
        before = await known()
        read = await self._read(list(tree.files.values()), before, tell)
        read += [
            KeptDocument(id=shortcut, name=name, fingerprint="lost", problem=LOST)
            for shortcut, name in tree.lost.items()
        ]
        cursor = DriveCursor.of(tree, self._roots, at=self._now())
        return Changes(
            changed=[each for each in read if each != before.get(each.id)],
            gone=before.keys() - {each.id for each in read},
            cursor=cursor.after(read, left=()).write(),
        )

    async def _followed(
        self, entries: Mapping[str, File], cursor: DriveCursor, known: Known, tell: Tell
    ) -> Changes:
        if not entries and not cursor.again:
            return Changes(cursor=cursor.write())
        before = await known()
        inside = {key: cursor.inside(entry) for key, entry in entries.items()}
        left: list[str] = []
        for each in cursor.again:
            try:
                # No entry tells of what could not be fetched the last time.
                inside.setdefault(each, await self._client.file(each))
            except DriveRefused as refused:
                if refused.is_passing:
                    left.append(each)
                else:
                    inside[each] = None
        files = [file for file in inside.values() if file]
        read = await self._read(files, before, tell)
        gone = {key for key, file in inside.items() if file is None and key in before}
        return Changes(
            changed=[each for each in read if each != before.get(each.id)],
            gone=gone,
            cursor=cursor.after(read, left=left).write(),
        )

    async def _read(
        self, files: Sequence[File], before: Mapping[str, KeptDocument], tell: Tell
    ) -> list[KeptDocument]:
        """The files as documents; what has not changed is not fetched."""
        read: list[KeptDocument] = []
        for start in range(0, len(files), AT_ONCE):
            some = files[start : start + AT_ONCE]
            tell(Progress(done=start, of=len(files), name=str(some[0]["name"])))
            read += await asyncio.gather(
                *(self._reader.read(file, before.get(file["id"])) for file in some)
            )
        return read
