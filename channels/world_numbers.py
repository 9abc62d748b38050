"""A world in numbers, for the maintainer: where it is, and what was found in it."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from tools.backends.documents import Documents
from tools.backends.drive_settings import DriveSettings
from tools.backends.tables import Tables
from tools.errors import BackendUnavailable
from tools.profile import Profile

DEFAULT_PROFILES = "there is no profiles/: those of the demo, where the tables fit"


class OpenedWorld(Protocol):
    """A world, as far as its maintainer is told of it."""

    @property
    def folder(self) -> Path: ...
    @property
    def profiles(self) -> Mapping[str, Profile]: ...
    @property
    def has_own_profiles(self) -> bool: ...
    @property
    def tables(self) -> Tables: ...
    @property
    def documents(self) -> Documents: ...
    @property
    def tables_state(
        self,
    ) -> Callable[[], Awaitable[Sequence[tuple[str, bool, str]]]]: ...
    @property
    def drive(self) -> DriveSettings | None: ...


@dataclass(frozen=True, kw_only=True)
class WorldNumbers:
    """What was found in a world."""

    folder: Path
    profiles: Mapping[str, int]  # name -> its actions
    has_own_profiles: bool
    tables: int | None  # None: they cannot be read now
    documents: int
    problems: Sequence[str]  # a line for each document that cannot be read


async def numbers_of(world: OpenedWorld) -> WorldNumbers:
    """Count what a world holds."""
    return WorldNumbers(
        folder=world.folder,
        profiles={
            name: len(profile.actions)
            for name, profile in sorted(world.profiles.items())
        },
        has_own_profiles=world.has_own_profiles,
        tables=await _tables_of(world),
        documents=len(await world.documents.titles()),
        problems=world.documents.problems(),
    )


async def _tables_of(world: OpenedWorld) -> int | None:
    try:
        return len(await world.tables.names())
    except BackendUnavailable:
        return None
