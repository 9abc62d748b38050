"""The web chat as a channel."""

from datetime import UTC, datetime

from channels.channel import Channel
from channels.web_chat import WebChat
from memory.records import Outgoing, OutgoingState

REPLY = Outgoing(
    id=1,
    key="reply:1",
    channel="web",
    address="ndeye",
    text="Bonjour !",
    state=OutgoingState.SENDING,
    attempts=1,
    created_at=datetime(2026, 11, 23, tzinfo=UTC),
    correlation_id="c1",
)


async def test_every_reply_is_taken() -> None:
    chat: Channel = WebChat()

    assert await chat.new_platform_id() is None
    assert await chat.deliver(REPLY) is None
    await chat.show_typing("ndeye")


async def test_a_reply_in_doubt_was_seen_by_nobody() -> None:
    assert await WebChat().was_delivered(REPLY) is False


def test_no_webhook_brings_messages() -> None:
    assert WebChat().understand(b'{"text": "Bonjour"}', {}) == ()
