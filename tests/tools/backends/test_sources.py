"""The folder and Drive feed one index by one contract."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from memory import Memory
from tests.counterparts.drive import DriveCounterpart, running_drive
from tests.counterparts.drive_world import FOLDER, File
from tools.backends.folder import FolderSource
from tools.backends.library import Indexing, Library
from tools.backends.process_shelf import ProcessShelf

from .following_drive import PACE, library_on, now, settings_of
from .source_contract import Place, SourceContract, Start


class OnDisk(Place):
    def __init__(self, folder: Path) -> None:
        self.folder = folder / "documents"
        self.outside = folder / "ailleurs"
        self.folder.mkdir()
        self.outside.mkdir()

    def put(self, name: str, content: bytes) -> None:
        (self.folder / name).write_bytes(content)

    def rename(self, name: str, new: str) -> None:
        (self.folder / name).rename(self.folder / new)

    def move_out(self, name: str) -> None:
        (self.folder / name).rename(self.outside / name)

    def remove(self, name: str) -> None:
        (self.folder / name).unlink()

    def make_folder(self, name: str) -> None:
        (self.folder / name).mkdir()

    def put_into(self, folder: str, name: str, content: bytes) -> None:
        self.put(f"{folder}/{name}", content)

    def move_folder_out(self, name: str) -> None:
        self.move_out(name)


class TestFolder(SourceContract):
    @pytest.fixture
    def place(self, tmp_path: Path) -> OnDisk:
        return OnDisk(tmp_path)

    @pytest.fixture
    def start(self, place: OnDisk) -> Start:
        return lambda: Library(
            FolderSource(place.folder),
            ProcessShelf(now),
            indexing=Indexing(now=now),
            pace=PACE,
        )


_MIMES = {".md": "text/markdown", ".pdf": "application/pdf"}


class OnDrive(Place):
    """In My Drive, or in a shared drive when `top` is in one."""

    def __init__(self, counterpart: DriveCounterpart, *, is_shared: bool) -> None:
        self.counterpart = counterpart
        self.world = counterpart.world
        top = self.world.drive("Le service") if is_shared else None
        self.root = self.world.folder("documents", parent=top)
        self.outside = self.world.folder("ailleurs", parent=top)

    def put(self, name: str, content: bytes) -> None:
        self._put(name, content, self.root)

    def rename(self, name: str, new: str) -> None:
        self.world.change(self.named(name), name=new)

    def move_out(self, name: str) -> None:
        self.world.move(self.named(name), self.outside)

    def remove(self, name: str) -> None:
        self.world.change(self.named(name), trashed=True)
        self.world.delete(self.named(name))

    def make_folder(self, name: str) -> None:
        self.world.put(name, parent=self.root, mime=FOLDER)

    def put_into(self, folder: str, name: str, content: bytes) -> None:
        self._put(name, content, self.named(folder))

    def move_folder_out(self, name: str) -> None:
        self.move_out(name)

    def named(self, name: str) -> File:
        return next(each for each in self.world.files.values() if each.name == name)

    def _put(self, name: str, content: bytes, parent: File) -> None:
        there = [each for each in self.world.files.values() if each.name == name]
        if there:
            self.world.change(there[0], content=content)
            return
        mime = _MIMES.get(Path(name).suffix, "application/octet-stream")
        self.world.put(name, content, parent=parent, mime=mime)


class DriveContract(SourceContract):
    is_shared = False

    @pytest.fixture
    def place(self) -> Iterator[OnDrive]:
        with running_drive() as counterpart:
            counterpart.page_size = 2  # every list has several pages
            yield OnDrive(counterpart, is_shared=self.is_shared)

    @pytest.fixture
    def start(self, place: OnDrive, memory: Memory, tmp_path: Path) -> Start:
        settings = settings_of(place.counterpart, tmp_path, place.root)
        return lambda: library_on(memory.drive_shelf, settings)


class TestMyDrive(DriveContract):
    pass


class TestSharedDrive(DriveContract):
    is_shared = True
