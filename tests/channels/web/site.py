"""A web site over a real memory, its people, and what its conversations hold."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

import httpx
from argon2 import PasswordHasher

from channels.web.app import build_app
from channels.web.parts import DemoContact, WebParts
from memory import Memory
from memory.records import (
    Conversation,
    Handoff,
    Incoming,
    Message,
    NewTurn,
    Service,
    ToolCall,
)

ORIGIN = "https://gust.test"
PASSWORD = "tamarinier-7"
# As cheap as argon2 can be: the cost of a real one is not what is tested.
HASH = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(PASSWORD)
DAKAR = ZoneInfo("Africa/Dakar")
NDEYE = DemoContact(
    key="ndeye",
    label="Ndèye, une visiteuse",
    alias="web:ndeye",
    role="contact",
    hint="Essayez « les horaires ? » ou « un humain ».",
)
BABACAR = DemoContact(
    key="babacar", label="Babacar", alias="web:babacar", role="admin", hint=""
)


@dataclass(kw_only=True)
class Site:
    """The site of a test, and the conversations that it woke."""

    memory: Memory
    now: Callable[[], datetime]
    woken: list[int] = field(default_factory=list[int])

    def parts(self, **changes: Any) -> WebParts:
        parts = WebParts(
            memory=self.memory,
            wake=self.woken.append,
            now=self.now,
            public_url=ORIGIN,
            secret="of-this-test-and-of-no-other-place",
            timezone=DAKAR,
            demo_contacts=(NDEYE, BABACAR),
        )
        return replace(parts, **changes)

    def browser(self, *, host: str = "127.0.0.1", **changes: Any) -> httpx.AsyncClient:
        """A browser: it keeps cookies, says where its calls come from."""
        return httpx.AsyncClient(
            transport=httpx.ASGITransport(
                build_app(self.parts(**changes)),
                client=(host, 4711),
                raise_app_exceptions=False,
            ),
            base_url=ORIGIN,
            headers={"accept": "text/html", "sec-fetch-site": "same-origin"},
        )

    async def wrote(self, text: str, *, by: DemoContact = NDEYE) -> Message:
        message = await self.memory.inbox.receive(
            Incoming(
                key=f"web:{uuid4().hex}",
                channel="web",
                aliases=(by.alias,),
                address=by.key,
                text=text,
                sent_at=self.now(),
                correlation_id=uuid4().hex,
                name=by.label,
            )
        )
        assert message
        return message

    async def conversation(self, message: Message) -> Conversation:
        return await self.memory.inbox.conversation(message.conversation_id)

    async def answered(
        self, message: Message, *replies: str, tools: Sequence[ToolCall] = ()
    ) -> None:
        """A turn answers the message; its replies wait in the outbox."""
        turn = NewTurn(
            started_at=self.now(),
            provider="offline",
            service=Service.RENSEIGNEMENT,
            correlation_id=message.correlation_id,
            model_calls=1,
            tools=tuple(tools),
            replies=replies,
        )
        seen = await self.conversation(message)
        assert await self.memory.turns.finish(seen, [message], turn)

    async def delivered(self) -> None:
        """Everything in the outbox is sent."""
        while outgoing := await self.memory.outbox.lease():
            await self.memory.outbox.mark_sent(outgoing.id, None)

    async def asked_for_human(
        self, message: Message, *, urgent: bool = False
    ) -> Handoff:
        handoff, _ = await self.memory.handoffs.request(
            message.conversation_id,
            key=f"handoff:{message.key}",
            reason="Demande à parler à quelqu'un.",
            urgent=urgent,
            card=None,
        )
        return handoff

    async def signed_in(self, name: str, **changes: Any) -> httpx.AsyncClient:
        """The browser of a staff member who has just signed in."""
        await self.memory.staff.add(name, HASH)
        browser = self.browser(**changes)
        answer = await browser.post(
            "/staff/sign-in", data={"name": name, "password": PASSWORD}
        )
        assert answer.status_code == 303
        return browser
