"""The real Google Drive, with a key of whoever runs it. It only reads.

GUST_TEST_GOOGLE_SERVICE_ACCOUNT_FILE   the key of a service account
GUST_TEST_DRIVE_FOLDER_IDS              folders that are shared with it, not empty
"""

import os
import re
from dataclasses import replace

import pytest

from memory import Memory
from memory.documents import Changes
from tools.backends.drive_settings import DriveSettings, drive_settings
from tools.backends.drive_state import state_of_folders
from tools.errors import BackendUnavailable

from .following_drive import library_on

_GIVEN = {
    name: os.environ.get(f"GUST_TEST_{name}", "")
    for name in ("GOOGLE_SERVICE_ACCOUNT_FILE", "DRIVE_FOLDER_IDS", "DRIVE_BASE_URL")
}
pytestmark = pytest.mark.skipif(
    not (_GIVEN["GOOGLE_SERVICE_ACCOUNT_FILE"] and _GIVEN["DRIVE_FOLDER_IDS"]),
    reason="GUST_TEST_GOOGLE_SERVICE_ACCOUNT_FILE and GUST_TEST_DRIVE_FOLDER_IDS",
)


@pytest.fixture
def settings() -> DriveSettings:
    settings = drive_settings(_GIVEN)
    assert settings
    return settings


async def test_the_folders_are_there(settings: DriveSettings) -> None:
    states = await state_of_folders(settings)

    assert [detail for _, is_well, detail in states if not is_well] == []


async def test_all_is_read_once_and_then_nothing_is_new(
    settings: DriveSettings, memory: Memory
) -> None:
    library = library_on(memory.drive_shelf, settings)

    first = await library.sync()
    second = await library.sync()

    assert first.changed > 0
    assert await library.titles()
    assert (second.changed, second.gone) == (0, 0)


async def test_a_token_that_google_never_gave_means_a_new_walk(
    settings: DriveSettings, memory: Memory
) -> None:
    library = library_on(memory.drive_shelf, settings)
    await library.sync()
    state = await memory.drive_shelf.state()
    assert state.cursor
    never_given = re.sub(r'"": "[^"]*"', '"": "999999999999"', state.cursor)
    await memory.drive_shelf.keep(Changes(cursor=never_given), since=state)

    await library.sync()

    cursor = (await memory.drive_shelf.state()).cursor
    assert cursor
    assert "999999999999" not in cursor
    assert await library.titles()


async def test_a_folder_that_does_not_exist_is_told(
    settings: DriveSettings, memory: Memory
) -> None:
    nowhere = replace(settings, folder_ids=["1" * 33])

    with pytest.raises(BackendUnavailable, match="share it with this address"):
        await library_on(memory.drive_shelf, nowhere).sync()
