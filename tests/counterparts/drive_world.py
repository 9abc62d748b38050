"""What a Drive holds and what changed in it: the state behind `drive.py`."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import count
from typing import Any

FOLDER = "application/vnd.google-apps.folder"
SHORTCUT = "application/vnd.google-apps.shortcut"
DOC = "application/vnd.google-apps.document"
SHEET = "application/vnd.google-apps.spreadsheet"
SLIDES = "application/vnd.google-apps.presentation"
NATIVE = "application/vnd.google-apps."


@dataclass
class File:
    """One file or folder; `content` is by export format for Google's own."""

    id: str
    name: str
    mime: str
    parent: str | None
    drive: str | None = None
    content: bytes | dict[str, bytes] = b""
    trashed: bool = False
    version: int = 1
    modified: str = "2026-10-02T08:00:00.000Z"
    target: "File | None" = None
    is_shared: bool = True  # with the service account

    def resource(self) -> dict[str, Any]:
        """All fields that this counterpart knows."""
        found: dict[str, Any] = {
            "kind": "drive#file",
            "id": self.id,
            "name": self.name,
            "mimeType": self.mime,
            "trashed": self.trashed,
            "version": str(self.version),
            "modifiedTime": self.modified,
            "webViewLink": f"https://drive.google.com/file/d/{self.id}/view",
        }
        if self.parent:
            found["parents"] = [self.parent]
        if self.drive:
            found["driveId"] = self.drive
        if self.target:
            found["shortcutDetails"] = {
                "targetId": self.target.id,
                "targetMimeType": self.target.mime,
            }
        if isinstance(self.content, bytes) and not self.mime.startswith(NATIVE):
            found["md5Checksum"] = hashlib.md5(self.content).hexdigest()
            found["size"] = str(len(self.content))
        return found


@dataclass
class DriveWorld:
    """A My Drive, shared drives, and a change log of the account and of each drive."""

    files: dict[str, File] = field(default_factory=dict[str, File])
    drives: dict[str, bool] = field(default_factory=dict[str, bool])  # is a member?
    log: list[tuple[str, str]] = field(default_factory=list[tuple[str, str]])
    _numbers: Iterator[int] = field(default_factory=lambda: count(1))

    def drive(self, name: str, *, is_member: bool = True) -> File:
        """A shared drive; its root folder has its id."""
        root = self.folder(name, parent=None)
        root.drive = root.id
        self.drives[root.id] = is_member
        return root

    def folder(self, name: str, *, parent: File | None = None) -> File:
        return self.put(name, parent=parent, mime=FOLDER)

    def put(
        self,
        name: str,
        content: bytes | dict[str, bytes] = b"",
        *,
        parent: File | None,
        mime: str = "text/markdown",
        target: File | None = None,
    ) -> File:
        """A new file."""
        file = File(
            id=f"F{next(self._numbers):04}",
            name=name,
            mime=mime,
            parent=parent.id if parent else None,
            drive=parent.drive if parent else None,
            content=content,
            target=target,
        )
        self.files[file.id] = file
        self.note(file)
        return file

    def shortcut(self, target: File, *, parent: File) -> File:
        return self.put(target.name, parent=parent, mime=SHORTCUT, target=target)

    def change(self, file: File, **fields: Any) -> None:
        """Edit, rename, trash… A folder's own entry only: not what is in it."""
        for name, value in fields.items():
            setattr(file, name, value)
        file.version += 1
        self.note(file)

    def move(self, file: File, parent: File) -> None:
        """Into another folder, maybe of another drive: its old log says removed."""
        before = self.log_of(file)
        self.change(file, parent=parent.id, drive=parent.drive)
        if self.log_of(file) != before:
            self.log.append((before, file.id))

    def delete(self, file: File) -> None:
        """For ever."""
        self.note(file)
        del self.files[file.id]

    def note(self, file: File) -> None:
        self.log.append((self.log_of(file), file.id))

    def log_of(self, file: File) -> str:
        """Of the drive, when the account is a member of it; else of the account."""
        return file.drive if file.drive and self.drives.get(file.drive) else "user"

    def is_visible(self, file: File | None) -> bool:
        return file is not None and file.is_shared

    def changes(self, log: str, since: int) -> Iterator[tuple[int, str]]:
        """The newest entry of each file: older ones are replaced by it."""
        newest: dict[str, int] = {}
        for number, (of, file_id) in enumerate(self.log, start=1):
            if of == log and number > since:
                newest[file_id] = number
        yield from sorted((number, file_id) for file_id, number in newest.items())
