"""A folder of documents: the embedded twin of Drive."""

import asyncio
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Self

from memory.documents import Changes, KeptDocument

from ..errors import BackendUnavailable
from .document_names import titled
from .document_source import Known, Progress, Tell
from .encoder import Encoder
from .library import Indexing, Library, Pace
from .process_shelf import ProcessShelf
from .reading import Limits, Unreadable, read_text

PACE = Pace(look_s=10, refresh_s=10)  # a look is one `stat` for each file


def _utc_now() -> datetime:
    return datetime.now(UTC)


class FolderSource:
    """The files of a folder and its subfolders; the name of a file is its id."""

    def __init__(
        self, folder: Path, *, cache: Path | None = None, limits: Limits | None = None
    ) -> None:
        self._folder = folder
        self._cache = cache
        self._limits = limits

    async def changes(self, cursor: str | None, known: Known, tell: Tell) -> Changes:
        del cursor  # what is known says it all
        before = await known()
        found = await asyncio.to_thread(self._files)
        new = [
            name
            for name, print_ in found.items()
            if name not in before or before[name].fingerprint != print_
        ]
        changed: list[KeptDocument] = []
        for number, name in enumerate(new):
            tell(Progress(done=number, of=len(new), name=name))
            changed.append(await asyncio.to_thread(self._read, name, found[name]))
        return Changes(changed=changed, gone=before.keys() - found.keys())

    def _files(self) -> dict[str, str]:
        """The name of each file, and what changes when its content does."""
        if not self._folder.is_dir():
            raise BackendUnavailable(f"there is no folder of documents: {self._folder}")
        return dict(self._fingerprints())

    def _fingerprints(self) -> Iterator[tuple[str, str]]:
        for path in sorted(self._folder.rglob("*")):
            if path.name.startswith((".", "~$")) or not path.is_file():
                continue
            try:
                seen = path.stat()
            except OSError:
                continue  # gone since it was listed
            name = path.relative_to(self._folder).as_posix()
            yield name, f"{seen.st_mtime_ns}-{seen.st_size}"

    def _read(self, name: str, fingerprint: str) -> KeptDocument:
        path = self._folder / name
        try:
            text = read_text(path, cache=self._cache, limits=self._limits)
        except Unreadable as reason:
            return KeptDocument(
                id=name, name=name, fingerprint=fingerprint, problem=str(reason)
            )
        text = titled(text, name=name, suffix=path.suffix)
        return KeptDocument(id=name, name=name, fingerprint=fingerprint, text=text)


class FolderDocuments(Library):
    """The library of a folder."""

    @classmethod
    async def open(
        cls,
        folder: Path,
        *,
        encoder: Encoder | None = None,
        cache: Path | None = None,
        now: Callable[[], datetime] = _utc_now,
        limits: Limits | None = None,
    ) -> Self:
        """All documents of a folder and its subfolders, read.

        Vectors are made in the background (`warm` waits for them); until then the
        search goes by words alone.

        Raises:
            BackendUnavailable: there is no such folder.
        """
        library = cls(
            FolderSource(folder, cache=cache, limits=limits),
            ProcessShelf(now),
            indexing=Indexing(now=now, encoder=encoder, cache=cache),
            pace=PACE,
        )
        await library.sync()
        return library
