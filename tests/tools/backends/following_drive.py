"""A library that follows a folder of the counterpart of Drive."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from memory import Memory
from tests.counterparts.drive import DriveCounterpart
from tests.counterparts.drive_world import DriveWorld, File
from tools.backends.document_source import Shelf
from tools.backends.drive import DriveSource
from tools.backends.drive_client import DriveClient
from tools.backends.drive_settings import DriveSettings, drive_settings
from tools.backends.library import Indexing, Library, Pace

PACE = Pace(look_s=60, refresh_s=60)


def now() -> datetime:
    return datetime(2026, 11, 20, tzinfo=UTC)


def settings_of(
    counterpart: DriveCounterpart, folder: Path, *roots: File
) -> DriveSettings:
    """As the environment would say it."""
    settings = drive_settings(
        {
            "GOOGLE_SERVICE_ACCOUNT_FILE": str(counterpart.key_file(folder)),
            "DRIVE_FOLDER_IDS": ",".join(root.id for root in roots),
            "DRIVE_BASE_URL": counterpart.base_url,
        }
    )
    assert settings
    return settings


def library_on(
    shelf: Shelf, settings: DriveSettings, *, now: Callable[[], datetime] = now
) -> Library:
    """One process that follows the folders of the settings."""
    client = DriveClient(settings)
    return Library(
        DriveSource(client, settings.folder_ids, cache=None, now=now),
        shelf,
        indexing=Indexing(now=now),
        pace=PACE,
    )


@dataclass
class Followed:
    """A counterpart, its root folder, and a library that follows it."""

    counterpart: DriveCounterpart
    memory: Memory
    root: File
    library: Library
    settings: DriveSettings

    @property
    def world(self) -> DriveWorld:
        return self.counterpart.world

    def asked(self) -> Sequence[str]:
        """Which methods were called since the last time, without their parameters."""
        paths = [path.partition("?")[0] for path in self.counterpart.asked]
        downloads = ["alt=media" in path for path in self.counterpart.asked]
        self.counterpart.asked.clear()
        return [
            path.removeprefix("/drive/v3/") + ("!" if is_download else "")
            for path, is_download in zip(paths, downloads, strict=True)
        ]

    async def texts(self, question: str) -> Sequence[str]:
        return [one.text for one in await self.library.search(question)]
