"""Files in a folder of this machine."""

import asyncio
import os
from contextlib import suppress
from pathlib import Path

from ..errors import FileGone, FilesAway
from .links import OwnLinks
from .naming import Label, is_key


class FolderFiles:
    """One file a key; our own route serves them by `own_links`."""

    def __init__(self, folder: Path, links: OwnLinks) -> None:
        self._folder = folder
        self.own_links = links

    @property
    def place(self) -> str:
        return f"the folder {self._folder}"

    async def keep(self, key: str, content: bytes, label: Label) -> None:
        del label  # SQL knows it
        try:
            await asyncio.to_thread(self._write, key, content)
        except OSError as error:
            raise self._away("written", error) from error

    async def open(self, key: str) -> bytes:
        try:
            return await asyncio.to_thread(self._at(key).read_bytes)
        except FileNotFoundError as error:
            raise FileGone(f"there is no such file in {self.place}") from error
        except OSError as error:
            raise self._away("read", error) from error

    async def delete(self, key: str) -> None:
        try:
            await asyncio.to_thread(self._unlink, key)
        except OSError as error:
            raise self._away("emptied", error) from error

    async def link(self, key: str, *, seconds: int) -> str:
        return self.own_links.make(key, seconds=seconds)

    def _at(self, key: str) -> Path:
        if not is_key(key):
            raise FileGone("this is the key of no file")
        return self._folder / key

    def _half(self, key: str) -> Path:
        # By its key, so that what a crash leaves of it can be deleted, too.
        return self._folder / f".{key}"

    def _unlink(self, key: str) -> None:
        self._at(key).unlink(missing_ok=True)
        self._half(key).unlink(missing_ok=True)

    def _write(self, key: str, content: bytes) -> None:
        """All of it under its key, or nothing: a reader never sees half a file."""
        whole = self._at(key)
        half = self._half(key)
        self._folder.mkdir(parents=True, exist_ok=True)
        try:
            with half.open("wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())  # the row that says it is kept is as safe
            half.replace(whole)
        except OSError:
            with suppress(OSError):
                half.unlink(missing_ok=True)
            raise

    def _away(self, done: str, error: OSError) -> FilesAway:
        return FilesAway(
            f"{self.place} cannot be {done} ({error.strerror}): give it to the user"
            " that runs this program, or name another in FILES_FOLDER"
        )
