from datetime import UTC, datetime
from typing import Any

import pytest

from channels.telegram_incoming import messages_in
from memory.records import Incoming
from tests.channels.recorded import all_payloads, as_body, payload
from tests.conftest import Clock


def read(update: object) -> list[Incoming]:
    return list(messages_in(as_body(update), bot_id="99", now=Clock()))


def one(update: object) -> Incoming:
    (incoming,) = read(update)
    return incoming


def update_with(**fields: Any) -> dict[str, Any]:
    update = payload("telegram_message_text")
    update["message"] |= fields
    return update


def test_a_message_is_understood() -> None:
    incoming = one(payload("telegram_start_deeplink"))

    assert incoming.key == "telegram:99:1111111:1"
    assert incoming.channel == "telegram"
    assert incoming.aliases == ("telegram:1111111",)
    assert incoming.address == "1111111"
    assert incoming.text == "/start lk_8f2c"
    assert incoming.name == "Test"
    assert incoming.sent_at == datetime(2015, 9, 7, 17, 5, 32, tzinfo=UTC)


def test_the_documentations_own_sample_is_understood() -> None:
    assert one(payload("telegram_message_text")).name == "Test Firstname Test Lastname"


def test_an_update_sent_again_is_the_same_message() -> None:
    again = payload("telegram_message_text") | {"update_id": 10999}

    assert one(again).key == one(payload("telegram_message_text")).key


@pytest.mark.parametrize(
    ("content", "text"),
    [
        ({"voice": {"duration": 4}}, "[message vocal]"),
        ({"audio": {"duration": 4}}, "[message vocal]"),
        ({"photo": [{"file_id": "a"}]}, "[photo]"),
        ({"video_note": {"length": 4}}, "[vidéo]"),
        ({"document": {"file_id": "a"}}, "[document]"),
        ({"location": {"latitude": 14.7}}, "[position]"),
        ({"contact": {"phone_number": "221"}}, "[contact]"),
        ({"sticker": {"emoji": "👍"}}, "👍"),
        ({"sticker": {"file_id": "a"}}, "[autocollant]"),
        ({"photo": [{"file_id": "a"}], "caption": "Voici"}, "Voici"),
    ],
)
def test_what_has_no_text_is_still_heard(content: dict[str, Any], text: str) -> None:
    update = update_with(**content)
    del update["message"]["text"]

    assert one(update).text == text


@pytest.mark.parametrize(
    "name",
    [
        "telegram_edited_message",
        "telegram_callback_query",
        "telegram_blocked_by_user",
        "telegram_error_429",
    ],
)
def test_what_is_no_new_message_is_nothing(name: str) -> None:
    assert read(payload(name)) == []


@pytest.mark.parametrize(
    "fields",
    [
        {"chat": {"id": -1001, "type": "supergroup"}},
        {"chat": {"id": -1001, "type": "channel"}},
        {"chat": {"type": "private"}},
        {"from": {"id": 7, "is_bot": True}},
        {"from": None},
        {"message_id": None},
        {"text": " "},
        {"text": None, "new_chat_title": "x"},
    ],
)
def test_groups_bots_and_empty_messages_are_dropped(fields: dict[str, Any]) -> None:
    assert read(update_with(**fields)) == []


@pytest.mark.parametrize("name", all_payloads("telegram"))
def test_any_field_may_be_missing_null_or_of_another_type(name: str) -> None:
    update = payload(name)
    for nonsense in (None, 7, "x", [1], {"a": 1}):
        for field in update:
            assert len(read(update | {field: nonsense})) <= 1
        for field in update.get("message", {}):
            then = update | {"message": update["message"] | {field: nonsense}}
            assert len(read(then)) <= 1
