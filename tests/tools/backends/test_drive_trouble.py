"""Drive when it is slow, away, full of others' things, or closed to us."""

import logging
from dataclasses import replace
from datetime import timedelta

import pytest

from tests.counterparts.drive import EMAIL, Refused
from tests.counterparts.drive_world import SHORTCUT
from tools.backends.drive_library import drive_library
from tools.errors import BackendUnavailable

from .following_drive import Followed, library_on, now

PARKING = b"# Le parking\n\nLe parking est gratuit le dimanche."
BUS = b"# Le bus\n\nLe bus passe par la grande place."
SLOWER = Refused(403, "userRateLimitExceeded")


async def test_a_call_that_is_asked_to_slow_down_is_made_again(
    followed: Followed,
) -> None:
    followed.world.put("parking.md", PARKING, parent=followed.root)
    followed.counterpart.faults = [SLOWER]

    await followed.library.sync()

    assert await followed.texts("le parking ?")


async def test_what_cannot_be_fetched_now_keeps_its_text_and_is_fetched_next_time(
    followed: Followed,
) -> None:
    world = followed.world
    parking = world.put("parking.md", PARKING, parent=followed.root)
    world.put("bus.md", BUS, parent=followed.root)
    await followed.library.sync()
    world.change(parking, content=PARKING.replace(b"gratuit", b"payant"))
    followed.counterpart.broken[parking.id] = Refused(503, "backendError")

    await followed.library.sync()

    assert "gratuit" in (await followed.texts("le parking ?"))[0]
    [problem] = followed.library.problems()
    assert problem.startswith("parking.md: Google answers 503 (backendError)")

    await followed.library.sync()  # still away: nothing is forgotten
    followed.counterpart.broken.clear()
    await followed.library.sync()

    assert "payant" in (await followed.texts("le parking ?"))[0]
    assert followed.library.problems() == []


@pytest.mark.parametrize("reason", ["rateLimitExceeded", "downloadQuotaExceeded"])
async def test_a_limit_of_googles_that_passes_takes_no_document_away(
    followed: Followed, reason: str
) -> None:
    parking = followed.world.put("parking.md", PARKING, parent=followed.root)
    await followed.library.sync()
    followed.world.change(parking, content=PARKING.replace(b"gratuit", b"payant"))
    followed.counterpart.broken[parking.id] = Refused(403, reason)

    await followed.library.sync()
    assert "gratuit" in (await followed.texts("le parking ?"))[0]

    followed.counterpart.broken.clear()
    await followed.library.sync()
    assert "payant" in (await followed.texts("le parking ?"))[0]


async def test_what_its_owner_allows_again_is_read_though_its_content_is_the_same(
    followed: Followed,
) -> None:
    parking = followed.world.put("parking.md", PARKING, parent=followed.root)
    followed.counterpart.broken[parking.id] = Refused(403, "cannotDownloadFile")
    await followed.library.sync()
    [problem] = followed.library.problems()
    assert "its owner forbids copies" in problem

    followed.counterpart.broken.clear()
    followed.world.change(parking)  # the right, not the content
    await followed.library.sync()

    assert followed.library.problems() == []
    assert await followed.texts("le parking ?")


async def test_what_is_no_longer_allowed_is_not_said_while_google_is_away(
    followed: Followed,
) -> None:
    world, root = followed.world, followed.root
    other = world.folder("Le conseil")
    world.put("parking.md", PARKING, parent=root)
    world.put("bus.md", BUS, parent=other)
    both = replace(followed.settings, folder_ids=[root.id, other.id])
    await library_on(followed.memory.drive_shelf, both).sync()
    away = replace(followed.settings, base_url="http://127.0.0.1:1/drive/v3/")

    restarted = await drive_library(
        away, followed.memory.drive_shelf, encoder=None, cache=None, now=now
    )
    assert await restarted.titles() == []

    await followed.library.sync()
    assert await followed.library.titles() == ["Le parking"]


async def test_a_folder_that_is_added_hides_none_of_the_others(
    followed: Followed,
) -> None:
    followed.world.put("parking.md", PARKING, parent=followed.root)
    await followed.library.sync()
    added = followed.world.folder("Le conseil")
    more = replace(followed.settings, folder_ids=[followed.root.id, added.id])

    restarted = await drive_library(
        more, followed.memory.drive_shelf, encoder=None, cache=None, now=now
    )

    assert await restarted.titles() == ["Le parking"]


async def test_what_was_to_be_fetched_again_may_be_gone_by_then(
    followed: Followed,
) -> None:
    world = followed.world
    parking = world.put("parking.md", PARKING, parent=followed.root)
    followed.counterpart.broken[parking.id] = Refused(503, "backendError")
    await followed.library.sync()
    assert followed.library.problems()
    followed.counterpart.broken.clear()

    parking.is_shared = False
    await followed.library.sync()

    assert followed.library.problems() == []


async def test_a_guest_of_a_shared_drive_is_told_of_changes_in_its_own_log(
    followed: Followed,
) -> None:
    world = followed.world
    drive = world.drive("Le diocèse", is_member=False)
    folder = world.folder("Pour nous", parent=drive)
    parking = world.put("parking.md", PARKING, parent=folder)
    settings = replace(followed.settings, folder_ids=[folder.id])
    library = library_on(followed.memory.drive_shelf, settings)
    await library.sync()
    assert await library.titles() == ["Le parking"]

    world.change(parking, content=PARKING.replace(b"gratuit", b"payant"))
    await library.sync()

    [found] = await library.search("le parking ?")
    assert "payant" in found.text


@pytest.mark.parametrize("goes_in", [True, False])
async def test_what_is_moved_to_another_drive_of_ours_is_not_lost(
    followed: Followed, *, goes_in: bool
) -> None:
    world = followed.world
    drive = world.drive("Le diocèse")
    start, end = (followed.root, drive) if goes_in else (drive, followed.root)
    parking = world.put("parking.md", PARKING, parent=start)
    settings = replace(followed.settings, folder_ids=[followed.root.id, drive.id])
    library = library_on(followed.memory.drive_shelf, settings)
    await library.sync()

    world.move(parking, end)
    synced = await library.sync()

    assert synced.gone == 0
    assert await library.titles() == ["Le parking"]


async def test_what_is_in_the_bin_is_no_longer_said(followed: Followed) -> None:
    parking = followed.world.put("parking.md", PARKING, parent=followed.root)
    await followed.library.sync()

    followed.world.change(parking, trashed=True)
    await followed.library.sync()
    assert await followed.library.titles() == []

    followed.world.change(parking, trashed=False)
    await followed.library.sync()
    assert await followed.library.titles() == ["Le parking"]


async def test_a_folder_that_is_not_shared_is_told_with_the_address_to_share_it_with(
    followed: Followed,
) -> None:
    followed.root.is_shared = False

    with pytest.raises(BackendUnavailable, match="share it with") as told:
        await followed.library.sync()

    assert EMAIL in str(told.value)
    assert followed.root.id in str(told.value)


async def test_an_id_of_no_folder_is_told(followed: Followed) -> None:
    followed.world.change(followed.root, mime="text/plain")

    with pytest.raises(BackendUnavailable, match="is no folder: correct DRIVE_FOLDER"):
        await followed.library.sync()


@pytest.mark.parametrize(
    ("fault", "told"),
    [
        (Refused(403, "accessNotConfigured"), "the Drive API is off: enable it"),
        (Refused(401, "authError"), f"refuses the key of {EMAIL}"),
        (Refused(403, "insufficientPermissions"), r"403 \(insufficientPermissions\)"),
    ],
)
async def test_why_google_refuses_is_told_with_the_cure(
    followed: Followed, fault: Refused, told: str
) -> None:
    followed.counterpart.faults = [fault] * 9

    with pytest.raises(BackendUnavailable, match=told):
        await followed.library.sync()


async def test_a_revoked_key_is_told_and_never_shown(
    followed: Followed, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    followed.counterpart.is_revoked = True

    with pytest.raises(BackendUnavailable, match="make a new one") as told:
        await followed.library.sync()

    state = await followed.memory.drive_shelf.state()
    assert state.problem == str(told.value)
    secret = followed.settings.key["private_key"].splitlines()[1]
    assert secret not in f"{told.value!r} {followed.settings!r} {caplog.text}"


async def test_while_google_is_away_what_was_read_is_said(followed: Followed) -> None:
    followed.world.put("parking.md", PARKING, parent=followed.root)
    await followed.library.sync()
    settings = replace(followed.settings, base_url="http://127.0.0.1:1/drive/v3/")
    again = library_on(followed.memory.drive_shelf, settings)

    with pytest.raises(BackendUnavailable, match="Drive cannot be reached"):
        await again.sync()
    await again.refresh()

    assert [one.text for one in await again.search("le parking ?")] == [
        "Le parking est gratuit le dimanche."
    ]


async def test_a_shortcut_in_the_bin_is_no_shortcut(followed: Followed) -> None:
    bus = followed.world.put("bus.md", BUS, parent=followed.world.folder("Ailleurs"))
    shortcut = followed.world.put(
        "bus", parent=followed.root, mime=SHORTCUT, target=bus
    )
    shortcut.trashed = True

    await followed.library.sync()

    assert await followed.library.titles() == []


async def test_what_no_log_tells_is_found_after_a_day(followed: Followed) -> None:
    bus = followed.world.put("bus.md", BUS, parent=followed.root)
    await followed.library.sync()
    bus.trashed = True  # and nobody says so

    await followed.library.sync()
    assert await followed.library.titles() == ["Le bus"]

    tomorrow = library_on(
        followed.memory.drive_shelf,
        followed.settings,
        now=lambda: now() + timedelta(days=1),
    )
    await tomorrow.sync()
    assert await tomorrow.titles() == []
