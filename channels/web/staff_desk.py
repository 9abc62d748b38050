"""What the staff screens show, read from memory."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from memory import Memory
from memory.records import Conversation, Handoff, Message, Outgoing, OutgoingState
from tools.code_shapes import CodeShape, hide_codes

from .authors import StaffNames, names_of_staff, staff_author

_BEFORE = timedelta(days=7)  # how far back a transcript reaches
CHANNELS = {"whatsapp": "WhatsApp", "telegram": "Telegram", "web": "Chat web"}
# A code proves who somebody is: not even staff read it.
_PROVING = "verify_parent_code"
_CODE_LIKE = re.compile(r"\b(?=[\w-]*\d)[\w-]{3,}\b")
_STATES = {
    OutgoingState.WAITING: "en route",
    OutgoingState.SENDING: "en route",
    OutgoingState.SENT: "",
    OutgoingState.PARKED: "non remis",
    OutgoingState.SEEN: "non remis",
}


@dataclass(frozen=True, kw_only=True)
class Person:
    """Who is at the other end, and by which channel."""

    name: str
    channel: str


@dataclass(frozen=True, kw_only=True)
class OpenCase:
    """A line of the list: a handoff and who it is about."""

    handoff: Handoff
    person: Person
    last_words: str


@dataclass(frozen=True, kw_only=True)
class Said:
    """One thing in a transcript."""

    by: Literal["contact", "agent", "staff"]
    name: str
    text: str
    at: datetime
    note: str = ""  # when something is not as usual: on its way, not delivered


@dataclass(frozen=True, kw_only=True)
class Parked:
    """Something that stopped, and whom it concerns."""

    id: int
    person: Person
    text: str
    at: datetime


class StaffDesk:
    """Reads what waits for people."""

    def __init__(self, memory: Memory, code_shapes: Sequence[CodeShape] = ()) -> None:
        self._memory = memory
        self._code_shapes = code_shapes

    async def cases(self) -> Sequence[OpenCase]:
        """All open handoffs: those nobody has claimed first, urgent before others."""
        found = [await self._case(each) for each in await self._memory.handoffs.open()]
        return sorted(found, key=lambda case: case.handoff.claimed_at is not None)

    async def parked_messages(self) -> Sequence[Parked]:
        """Messages that nobody could answer."""
        return [
            Parked(
                id=message.id,
                person=await self._person_of(message.conversation_id),
                text=hide_codes(message.text, self._code_shapes),
                at=message.received_at,
            )
            for message in await self._memory.inbox.parked()
        ]

    async def parked_deliveries(self) -> Sequence[Parked]:
        """Replies and cards that no platform would take."""
        return [
            Parked(
                id=outgoing.id,
                person=await self._receiver(outgoing),
                text=outgoing.text,
                at=outgoing.created_at,
            )
            for outgoing in await self._memory.outbox.parked()
        ]

    async def person(self, conversation: Conversation) -> Person:
        """The contact of a conversation as staff would name them."""
        contact = await self._memory.inbox.contact(conversation.contact_id)
        return Person(
            name=contact.name or conversation.address,
            channel=CHANNELS.get(conversation.channel, conversation.channel),
        )

    async def transcript(self, handoff: Handoff) -> Sequence[Said]:
        """What was said around a handoff, oldest first."""
        begin = handoff.requested_at - _BEFORE
        conversation_id = handoff.conversation_id
        person = await self._person_of(conversation_id)
        messages = await self._memory.inbox.since(conversation_id, begin)
        outgoing = await self._memory.outbox.of_conversation(conversation_id)
        said = [await self._heard(message, person) for message in messages]
        staff = await names_of_staff(self._memory)
        said += [_replied(each, staff) for each in outgoing if each.created_at > begin]
        return sorted(said, key=lambda each: each.at)

    async def _case(self, handoff: Handoff) -> OpenCase:
        messages = await self._memory.inbox.since(
            handoff.conversation_id, handoff.requested_at - _BEFORE
        )
        person = await self._person_of(handoff.conversation_id)
        last = messages[-1] if messages else None
        return OpenCase(
            handoff=handoff,
            person=person,
            last_words=(await self._heard(last, person)).text if last else "",
        )

    async def _heard(self, message: Message, person: Person) -> Said:
        turn = message.turn_id and await self._memory.turns.turn(message.turn_id)
        has_code = turn and any(call.name == _PROVING for call in turn.tools)
        text = hide_codes(message.text, self._code_shapes)
        if has_code:  # also what was mistyped, or has another shape
            text = _CODE_LIKE.sub("••••", text)
        return Said(by="contact", name=person.name, text=text, at=message.received_at)

    async def _person_of(self, conversation_id: int) -> Person:
        return await self.person(await self._memory.inbox.conversation(conversation_id))

    async def _receiver(self, outgoing: Outgoing) -> Person:
        if outgoing.conversation_id is not None:
            return await self._person_of(outgoing.conversation_id)
        channel = CHANNELS.get(outgoing.channel, outgoing.channel)
        return Person(name="L'équipe", channel=channel)


def _replied(outgoing: Outgoing, staff: StaffNames) -> Said:
    author = staff_author(outgoing, staff)
    return Said(
        by="staff" if author else "agent",
        name=author or "Gust-IA",
        text=outgoing.text,
        at=outgoing.created_at,
        note=_STATES[outgoing.state],
    )
