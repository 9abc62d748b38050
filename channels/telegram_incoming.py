"""From Telegram's updates to what people said.

Source: Bot API, "Update" and "Message". The documentation's own sample updates lack
fields that it calls required, so every field here may be missing.
"""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any
from uuid import uuid4

import structlog
from pydantic import Field

from memory.records import Incoming

from . import markers
from .platform_json import Maybe, Tolerant, moment, read_json_object

_log = structlog.get_logger()


class _User(Tolerant):
    id: Maybe[int] = None
    is_bot: Maybe[bool] = None
    first_name: Maybe[str] = None
    last_name: Maybe[str] = None


class _Chat(Tolerant):
    id: Maybe[int] = None
    type: Maybe[str] = None


class _Sticker(Tolerant):
    emoji: Maybe[str] = None


class _Message(Tolerant):
    message_id: Maybe[int] = None
    date: Maybe[float] = None
    chat: Maybe[_Chat] = None
    sender: Maybe[_User] = Field(None, alias="from")
    text: Maybe[str] = None
    caption: Maybe[str] = None
    sticker: Maybe[_Sticker] = None
    voice: Maybe[dict[str, Any]] = None
    audio: Maybe[dict[str, Any]] = None
    photo: Maybe[list[Any]] = None
    video: Maybe[dict[str, Any]] = None
    video_note: Maybe[dict[str, Any]] = None
    animation: Maybe[dict[str, Any]] = None
    document: Maybe[dict[str, Any]] = None
    venue: Maybe[dict[str, Any]] = None
    location: Maybe[dict[str, Any]] = None
    contact: Maybe[dict[str, Any]] = None


class _Update(Tolerant):
    message: Maybe[_Message] = None


def messages_in(
    body: bytes, *, bot_id: str, now: Callable[[], datetime]
) -> Sequence[Incoming]:
    """The message of a person to the bot alone in a verified update, if any.

    Raises:
        NotUnderstood: not JSON, or not an object.
    """
    update = read_json_object(body)
    message = _Update.model_validate(update).message
    if message is None:
        if "message" in update:
            _log.warning("event_not_understood", channel="telegram", kind="message")
        return ()
    return _from_person(message, bot_id=bot_id, now=now)


def _from_person(
    message: _Message, *, bot_id: str, now: Callable[[], datetime]
) -> Sequence[Incoming]:
    chat, sender = message.chat, message.sender
    if chat is None or chat.id is None or message.message_id is None:
        _log.warning("event_not_understood", channel="telegram", kind="message")
        return ()
    text = _said(message)
    is_private = chat.type == "private"
    if not is_private or sender is None or sender.id is None or sender.is_bot:
        return ()
    if not text:
        return ()
    return (
        Incoming(
            # Each bot counts the messages of a chat from 1.
            key=f"telegram:{bot_id}:{chat.id}:{message.message_id}",
            channel="telegram",
            aliases=(f"telegram:{sender.id}",),
            address=str(chat.id),
            text=text,
            sent_at=moment(message.date, otherwise=now()),
            correlation_id=uuid4().hex,
            name=_name(sender),
        ),
    )


def _said(message: _Message) -> str:
    words = (message.text or message.caption or "").strip()
    if words:
        return words
    if message.sticker:
        return message.sticker.emoji or markers.STICKER
    found = (
        (message.voice or message.audio, markers.VOICE),
        (message.photo, markers.PHOTO),
        (message.video or message.video_note or message.animation, markers.VIDEO),
        (message.document, markers.DOCUMENT),
        (message.venue or message.location, markers.POSITION),
        (message.contact, markers.CONTACT),
    )
    return next((marker for content, marker in found if content), "")


def _name(sender: _User) -> str | None:
    return " ".join(filter(None, (sender.first_name, sender.last_name))) or None
