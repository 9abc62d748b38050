from collections.abc import Iterator
from pathlib import Path

import pytest

from memory import Memory
from tests.counterparts.baserow import BaserowCounterpart
from tests.counterparts.drive import running_drive

from .baserow_school import a_school
from .following_drive import Followed, library_on, settings_of


@pytest.fixture
def baserow() -> BaserowCounterpart:
    return a_school()


@pytest.fixture
def followed(memory: Memory, tmp_path: Path) -> Iterator[Followed]:
    """A Drive with one empty folder that a library follows."""
    with running_drive() as counterpart:
        root = counterpart.world.folder("Le service")
        settings = settings_of(counterpart, tmp_path, root)
        library = library_on(memory.drive_shelf, settings)
        yield Followed(counterpart, memory, root, library, settings)
