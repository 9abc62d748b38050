"""The fields of WAHA's events that we read, whatever engine sent them.

Not generated from WAHA's OpenAPI: none of its documented events is valid there.
Source: WAHA 2026.7.1, "Events" and "Receive messages"; issues 1073, 1627, 1849.
"""

from typing import Any

from pydantic import ConfigDict, Field
from pydantic.alias_generators import to_camel

from .platform_json import Maybe, Tolerant


class _Camel(Tolerant):
    model_config = ConfigDict(
        extra="ignore", frozen=True, alias_generator=to_camel, populate_by_name=True
    )


class Media(_Camel):
    """A file that came along; WAHA may have failed to fetch it."""

    mimetype: Maybe[str] = None


class Reaction(_Camel):
    """An emoji on a message; empty text takes it back."""

    text: Maybe[str] = None


class NowebKey(_Camel):
    """Of NOWEB: other ids of the chat."""

    remote_jid_alt: Maybe[str] = None
    sender_pn: Maybe[str] = None


class GowsInfo(Tolerant):
    """Of GOWS: other ids of the sender."""

    sender: Maybe[str] = Field(None, alias="Sender")
    sender_alt: Maybe[str] = Field(None, alias="SenderAlt")
    push_name: Maybe[str] = Field(None, alias="PushName")


class Raw(_Camel):
    """`_data`: what the engine itself was given; differs by engine and version."""

    key: Maybe[NowebKey] = None
    info: Maybe[GowsInfo] = Field(None, alias="Info")
    sender_pn: Maybe[str] = None
    push_name: Maybe[str] = None
    notify_name: Maybe[str] = None
    type: Maybe[str] = None
    message: Maybe[dict[str, Any]] = None
    gows_message: Maybe[dict[str, Any]] = Field(None, alias="Message")


class Payload(_Camel):
    """The message, or the reaction, of an event."""

    id: Maybe[str] = None
    timestamp: Maybe[float] = None
    sender: Maybe[str] = Field(None, alias="from")
    from_me: Maybe[bool] = None
    body: Maybe[str] = None
    has_media: Maybe[bool] = None
    media: Maybe[Media] = None
    location: Maybe[dict[str, Any]] = None
    v_cards: Maybe[list[Any]] = None
    reaction: Maybe[Reaction] = None
    raw: Maybe[Raw] = Field(None, alias="_data")


class Me(_Camel):
    """The number that WAHA is linked to."""

    id: Maybe[str] = None
    lid: Maybe[str] = None


class Event(_Camel):
    """The envelope of every webhook call."""

    event: Maybe[str] = None
    session: Maybe[str] = None
    timestamp: Maybe[float] = None
    me: Maybe[Me] = None
    payload: Maybe[Payload] = None
