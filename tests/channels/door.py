"""A door that does as it is told, and replies on their way to it."""

import asyncio

from channels.channel import DoorState
from memory import Memory
from memory.records import Incoming, Outgoing
from tests.conftest import Clock


class Door:
    """A channel that fails as it was told to, and remembers what it sent."""

    def __init__(self, name: str = "whatsapp") -> None:
        self.name = name
        self.sent: list[str] = []
        self.ids: list[str | None] = []
        self.typing: list[str] = []
        self.gives_ids = False
        self.troubles: list[Exception] = []
        self.knows: bool | Exception | None = None
        self.is_open = asyncio.Event()
        self.is_open.set()

    def understand(self, body: object, headers: object) -> list[Incoming]:
        return []

    async def new_platform_id(self) -> str | None:
        return f"id-{len(self.ids)}" if self.gives_ids else None

    async def deliver(self, outgoing: Outgoing) -> str | None:
        await self.is_open.wait()
        self.ids.append(outgoing.platform_id)
        if self.troubles:
            raise self.troubles.pop(0)
        self.sent.append(outgoing.text)
        return outgoing.platform_id

    async def was_delivered(self, outgoing: Outgoing) -> bool | None:
        if isinstance(self.knows, Exception):
            raise self.knows
        return self.knows

    async def show_typing(self, address: str) -> None:
        self.typing.append(address)
        if self.troubles:
            raise self.troubles.pop(0)

    async def state(self, *, public_url: str) -> DoorState:
        return DoorState(self.is_open.is_set(), "a door of this test")


async def conversation(memory: Memory, *, channel: str = "whatsapp") -> int:
    message = await memory.inbox.receive(
        Incoming(
            key=f"{channel}:1",
            channel=channel,
            aliases=(f"{channel}:+221",),
            address="221@c.us",
            text="?",
            sent_at=Clock().now,
            correlation_id="c1",
        )
    )
    assert message
    return message.conversation_id


async def decide(
    memory: Memory,
    *texts: str,
    channel: str = "whatsapp",
    conversation_id: int | None = None,
) -> None:
    for text in texts:
        await memory.outbox.put(
            key=f"{channel}:{text}",
            channel=channel,
            address="221@c.us",
            text=text,
            correlation_id="c1",
            conversation_id=conversation_id,
        )


async def only(memory: Memory) -> Outgoing:
    """The message put first, as it is now."""
    found = await memory.outbox.of_conversation(1)
    return found[0]
