"""A parent is answered from Drive, with its link, while Google says nothing at all."""

from pathlib import Path

from config.world import open_given_world
from main import CACHE, open_house, utc_now
from memory.records import Incoming, OutgoingState
from tests.counterparts.drive import Refused, running_drive
from tests.whole_house import settings_in

PARKING = b"# Le parking\n\n## Prix\n\nLe parking est gratuit le dimanche."
BUS = "# Le bus\n\nLe bus part de la gare à 9 h.\n\nUn ticket coûte 300 F.".encode()


async def test_a_parent_is_answered_with_section_date_and_link(tmp_path: Path) -> None:
    (tmp_path / "tables").mkdir()
    with running_drive() as drive:
        root = drive.world.folder("Le service")
        file = drive.world.put("parking.md", PARKING, parent=root)
        drive.world.put("bus.md", BUS, parent=root)
        settings = settings_in(
            tmp_path,
            WORLD=str(tmp_path),
            GOOGLE_SERVICE_ACCOUNT_FILE=str(drive.key_file(tmp_path)),
            DRIVE_FOLDER_IDS=root.id,
            DRIVE_BASE_URL=drive.base_url,
        )
        async with (
            open_given_world(settings, cache=CACHE, now=utc_now) as world,
            open_house(settings, world) as house,
        ):
            assert house.world.library
            await house.world.library.sync()
            drive.faults = [Refused(500, "internalError")] * 99
            asked_before = len(drive.asked)
            message = await house.memory.inbox.receive(
                Incoming(
                    key="telegram:1",
                    channel="telegram",
                    aliases=("telegram:1",),
                    address="1",
                    text="le parking est-il gratuit ?",
                    sent_at=utc_now(),
                    correlation_id="c",
                )
            )
            assert message
            await house.answering.drain(message.conversation_id)
            [reply] = await house.memory.outbox.of_conversation(message.conversation_id)

        assert len(drive.asked) == asked_before
    assert reply.state is OutgoingState.WAITING
    assert reply.text.splitlines() == [
        "Le parking est gratuit le dimanche.",
        "",
        "— Le parking › Prix, mis à jour le 2 octobre 2026 :"
        f" https://drive.google.com/file/d/{file.id}/view",
    ]
