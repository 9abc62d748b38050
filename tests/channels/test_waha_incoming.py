from datetime import UTC, datetime
from typing import Any

import pytest

from channels.waha_incoming import messages_in
from memory.records import Incoming
from tests.channels.recorded import all_payloads, as_body, payload
from tests.conftest import Clock


def read(event: object, session: str = "default") -> list[Incoming]:
    return list(messages_in(as_body(event), session=session, now=Clock()))


def one(event: object) -> Incoming:
    (incoming,) = read(event)
    return incoming


def event_with(**fields: Any) -> dict[str, Any]:
    event = payload("waha_message_gows_2025_11")
    event["payload"] |= fields
    return event


def test_a_message_is_understood() -> None:
    incoming = one(payload("waha_message_gows_2025_11"))

    assert incoming.key == "whatsapp:default:AC2AB3184AC4AEB3E0527911B838398F"
    assert incoming.channel == "whatsapp"
    assert incoming.aliases == ("whatsapp:+33639981111",)
    assert incoming.address == "33639981111@c.us"
    assert incoming.text == "Oi"
    assert incoming.sent_at == datetime(2025, 11, 17, 16, 22, 58, tzinfo=UTC)


def test_the_same_message_in_two_events_has_one_key() -> None:
    again = payload("waha_message_gows_2025_11")
    again |= {"event": "message.any", "id": "evt_another"}

    assert one(again).key == one(payload("waha_message_gows_2025_11")).key


def test_a_hidden_id_is_no_phone_number() -> None:
    incoming = one(payload("waha_message_lid_direct_noweb"))

    assert incoming.aliases == ("whatsapp:lid:111111111111111",)
    assert incoming.address == "111111111111111@lid"
    assert incoming.name == "Parent"


PHONE = "221770000001@s.whatsapp.net"


@pytest.mark.parametrize(
    "raw",
    [
        {"key": {"remoteJidAlt": PHONE}},
        {"key": {"senderPn": PHONE}},
        {"senderPn": PHONE},
        {"Info": {"SenderAlt": PHONE, "PushName": "Awa"}},
        {"Info": {"Sender": "221770000001:12@s.whatsapp.net", "SenderAlt": ""}},
    ],
)
def test_a_phone_that_the_engine_knows_comes_before_the_hidden_id(
    raw: dict[str, Any],
) -> None:
    event = payload("waha_message_lid_direct_noweb")
    event["payload"]["_data"] = raw

    incoming = one(event)

    assert incoming.aliases == (
        "whatsapp:+221770000001",
        "whatsapp:lid:111111111111111",
    )
    assert incoming.address == "111111111111111@lid"


def test_the_device_is_not_part_of_an_address() -> None:
    event = event_with(id="false_217:2@lid_AAAA", **{"from": "217:2@lid"})

    assert one(event).address == "217@lid"
    assert one(event).aliases == ("whatsapp:lid:217",)


def test_an_engine_that_names_the_person_twice_gives_both_aliases() -> None:
    event = event_with(id="false_221770000001@c.us_AAAA", **{"from": "217@lid"})

    assert one(event).aliases == ("whatsapp:+221770000001", "whatsapp:lid:217")


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("waha_message_voice", "[message vocal]"),
        ("waha_message_location_noweb", "[position]"),
        ("waha_message_media_failed", "[document]"),
        ("waha_message_reaction", "🙏"),
        ("waha_message_any_webjs_lid", "Question ?"),
    ],
)
def test_what_has_no_text_is_still_heard(name: str, text: str) -> None:
    assert one(payload(name)).text == text


@pytest.mark.parametrize(
    ("fields", "text"),
    [
        ({"hasMedia": True, "media": {"mimetype": "image/jpeg"}}, "[photo]"),
        ({"hasMedia": True, "media": {"mimetype": "video/mp4"}}, "[vidéo]"),
        ({"hasMedia": True, "media": None}, "[document]"),
        ({"hasMedia": True, "_data": {"type": "ptt"}}, "[message vocal]"),
        ({"_data": {"Message": {"stickerMessage": {}}}}, "[autocollant]"),
        ({"_data": {"message": {"contactMessage": {}}}}, "[contact]"),
        ({"vCards": ["BEGIN:VCARD"]}, "[contact]"),
        ({"location": {"latitude": "14.7"}}, "[position]"),
    ],
)
def test_each_kind_of_content_has_its_marker(fields: dict[str, Any], text: str) -> None:
    assert one(event_with(body=None, **fields)).text == text


def test_a_caption_is_what_was_said() -> None:
    event = event_with(body="Voici", hasMedia=True, media={"mimetype": "image/png"})

    assert one(event).text == "Voici"


@pytest.mark.parametrize(
    "name",
    [
        "waha_message_ack",
        "waha_message_ack_group",
        "waha_message_doc",  # our own echo
        "waha_message_edited",
        "waha_message_group_noweb_lid_participant",
        "waha_message_revoked",
        "waha_poll_vote",
        "waha_session_status_passkey",
        "waha_session_status_working",
    ],
)
def test_what_is_no_message_of_a_person_is_nothing(name: str) -> None:
    assert read(payload(name)) == []


@pytest.mark.parametrize(
    "fields",
    [
        {"fromMe": True},
        {"fromMe": None, "id": "true_33639981111@c.us_AAAA"},
        {"id": None, "from": "status@broadcast"},
        {"id": None, "from": "12345@broadcast"},
        {"id": None, "from": "12345@newsletter"},
        {"id": "false_120363@g.us_AAAA_33639981111@c.us"},
        {"id": None, "from": "0@c.us"},
        {"id": "false_33639980000@c.us_AAAA", "from": "33639980000@c.us"},  # ourselves
        {"id": "false_222222222222222@lid_AAAA", "from": "222222222222222@lid"},
        {"body": "   "},
        {"body": None},
        {"id": None, "from": None},
    ],
)
def test_echoes_groups_statuses_and_empty_messages_are_dropped(
    fields: dict[str, Any],
) -> None:
    assert read(event_with(**fields)) == []


def test_a_reaction_taken_back_is_nothing() -> None:
    event = payload("waha_message_reaction")
    event["payload"]["reaction"]["text"] = ""

    assert read(event) == []


def test_a_reaction_does_not_hide_the_message_it_is_on() -> None:
    reaction = payload("waha_message_reaction")
    message = event_with(id=reaction["payload"]["id"])

    assert one(reaction).key != one(message).key


def test_another_session_is_not_ours() -> None:
    assert read(payload("waha_message_gows_2025_11"), session="other") == []


def test_without_an_id_the_same_call_is_the_same_message() -> None:
    event = payload("waha_message_any_webjs_lid")
    other = payload("waha_message_any_webjs_lid")
    other["payload"]["body"] = "Autre question ?"

    assert one(event).key == one(event).key != one(other).key


@pytest.mark.parametrize("timestamp", [None, "hier", float("1e300"), -1e300])
def test_a_nonsense_time_is_the_time_of_the_call(timestamp: object) -> None:
    incoming = one(event_with(timestamp=timestamp) | {"timestamp": None})

    assert incoming.sent_at == Clock().now


def test_milliseconds_are_told_from_seconds() -> None:
    assert one(event_with(timestamp=1763396578000)).sent_at.year == 2025


@pytest.mark.parametrize("name", all_payloads("waha"))
def test_any_field_may_be_missing_null_or_of_another_type(name: str) -> None:
    event = payload(name)
    for field in event["payload"]:
        for nonsense in (None, 7, "x", [1], {"a": 1}):
            event_then = event | {"payload": event["payload"] | {field: nonsense}}
            assert len(read(event_then)) <= 1
    for field in event:
        for nonsense in (None, 7, [1]):
            assert len(read(event | {field: nonsense})) <= 1


def test_characters_that_no_database_keeps_are_replaced() -> None:
    body = as_body(event_with(body="PLACE")).replace(
        b"PLACE", rb"bon\u0000jour \ud83d\ude00 \ud83d"
    )

    (incoming,) = messages_in(body, session="default", now=Clock())

    assert incoming.text == "bonjour 😀 �"
