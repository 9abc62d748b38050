"""From WAHA's events to what people said."""

import hashlib
from collections.abc import Callable, Sequence
from datetime import datetime
from uuid import uuid4

import structlog

from memory.records import Incoming

from . import markers
from .platform_json import moment, read_json_object
from .waha_ids import aliases, person, read_message_id
from .waha_payload import Event, Payload, Raw

_log = structlog.get_logger()

_MESSAGES = ("message", "message.any")  # the same one twice when both are subscribed
_REACTION = "message.reaction"
_BY_MIMETYPE = {
    "audio": markers.VOICE,
    "image": markers.PHOTO,
    "video": markers.VIDEO,
}
_BY_RAW_KIND = {  # NOWEB and GOWS name a part of the message, WEBJS its type
    "audioMessage": markers.VOICE,
    "ptt": markers.VOICE,
    "audio": markers.VOICE,
    "imageMessage": markers.PHOTO,
    "image": markers.PHOTO,
    "videoMessage": markers.VIDEO,
    "video": markers.VIDEO,
    "documentMessage": markers.DOCUMENT,
    "document": markers.DOCUMENT,
    "stickerMessage": markers.STICKER,
    "sticker": markers.STICKER,
    "locationMessage": markers.POSITION,
    "liveLocationMessage": markers.POSITION,
    "location": markers.POSITION,
    "contactMessage": markers.CONTACT,
    "contactsArrayMessage": markers.CONTACT,
    "vcard": markers.CONTACT,
    "multi_vcard": markers.CONTACT,
}


def messages_in(
    body: bytes, *, session: str, now: Callable[[], datetime]
) -> Sequence[Incoming]:
    """The message of a person in a verified event of `session`, if there is one.

    Raises:
        NotUnderstood: not JSON, or not an object.
    """
    event = Event.model_validate(read_json_object(body))
    if event.event not in (*_MESSAGES, _REACTION):
        return ()
    if event.session not in (None, session):
        return ()
    if event.payload is None:
        _log.warning("event_not_understood", channel="whatsapp", kind=event.event)
        return ()
    chat = _chat(event, event.payload)
    text = _said(event, event.payload)
    if chat is None or not text:
        return ()
    return (
        Incoming(
            key=_key(event, event.payload, session, body),
            channel="whatsapp",
            aliases=aliases(_known_ids(event.payload)),
            address=chat,
            text=text,
            sent_at=moment(
                event.payload.timestamp,
                otherwise=moment(event.timestamp, otherwise=now()),
            ),
            correlation_id=uuid4().hex,
            name=_name(event.payload.raw),
        ),
    )


def _chat(event: Event, payload: Payload) -> str | None:
    """The chat of another person that the message is in, where a reply goes."""
    found = read_message_id(payload.id)
    is_ours = payload.from_me
    if is_ours is None:
        is_ours = found is not None and found.is_ours
    if is_ours:
        return None
    named = [name for name in (found and found.chat, payload.sender) if name]
    if not named:
        _log.warning("event_not_understood", channel="whatsapp", kind=event.event)
        return None
    people = [person(name) for name in named]
    if None in people:  # a group, a status, a newsletter: never answered
        return None
    ourselves = {person(event.me.id), person(event.me.lid)} if event.me else set[str]()
    return None if people[0] in ourselves else people[0]


def _said(event: Event, payload: Payload) -> str:
    if event.event == _REACTION:
        return (payload.reaction and payload.reaction.text) or ""
    body = (payload.body or "").strip()
    return body or _marker(payload) or ""


def _marker(payload: Payload) -> str | None:
    if payload.location:
        return markers.POSITION
    if payload.v_cards:
        return markers.CONTACT
    mimetype = (payload.media and payload.media.mimetype) or ""
    by_mimetype = _BY_MIMETYPE.get(mimetype.partition("/")[0])
    if by_mimetype:
        return by_mimetype
    for kind in _raw_kinds(payload.raw):
        if kind in _BY_RAW_KIND:
            return _BY_RAW_KIND[kind]
    return markers.DOCUMENT if payload.has_media or payload.media else None


def _raw_kinds(raw: Raw | None) -> Sequence[str]:
    if raw is None:
        return ()
    return (raw.type or "", *(raw.message or ()), *(raw.gows_message or ()))


def _known_ids(payload: Payload) -> Sequence[str | None]:
    found = read_message_id(payload.id)
    ids = [payload.sender, found and found.chat]
    raw = payload.raw
    if raw is None:
        return ids
    ids.append(raw.sender_pn)
    if raw.key:
        ids += [raw.key.remote_jid_alt, raw.key.sender_pn]
    if raw.info:
        ids += [raw.info.sender, raw.info.sender_alt]
    return ids


def _name(raw: Raw | None) -> str | None:
    if raw is None:
        return None
    from_gows = raw.info.push_name if raw.info else None
    return raw.push_name or raw.notify_name or from_gows


def _key(event: Event, payload: Payload, session: str, body: bytes) -> str:
    found = read_message_id(payload.id)
    # Without an id only the bytes tell a repeated call from another message.
    bare = found.bare if found else payload.id or hashlib.sha256(body).hexdigest()
    kind = "reaction:" if event.event == _REACTION else ""
    return f"whatsapp:{session}:{kind}{bare}"
