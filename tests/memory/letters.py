"""What people write in these tests, and what is answered."""

from datetime import UTC, datetime
from itertools import count

from memory import Memory
from memory.records import Conversation, Incoming, Message, NewTurn, Service

_NUMBERS = count(1)
MORNING = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)


def wrote(
    text: str = "Bonjour",
    *,
    key: str | None = None,
    by: str | tuple[str, ...] = "telegram:1",
    channel: str = "telegram",
    address: str = "1",
    name: str | None = None,
) -> Incoming:
    """A message as a channel hands it over; a key of its own unless one is given."""
    number = next(_NUMBERS)
    return Incoming(
        key=key or f"{channel}:{number}",
        channel=channel,
        aliases=(by,) if isinstance(by, str) else by,
        address=address,
        text=text,
        sent_at=MORNING,
        correlation_id=f"c{number}",
        name=name,
    )


async def receive(memory: Memory, incoming: Incoming) -> Message:
    """The message as it was kept; it must be a new one."""
    message = await memory.inbox.receive(incoming)
    assert message is not None
    return message


async def begin(memory: Memory, incoming: Incoming | None = None) -> Conversation:
    """The conversation that a first message opens."""
    message = await receive(memory, incoming or wrote())
    return await memory.inbox.conversation(message.conversation_id)


def answer(*replies: str, provider: str = "offline") -> NewTurn:
    """A turn that says `replies`."""
    return NewTurn(
        started_at=MORNING,
        provider=provider,
        service=Service.RENSEIGNEMENT,
        correlation_id="c-turn",
        replies=replies or ("Bonjour, que puis-je pour vous ?",),
    )
