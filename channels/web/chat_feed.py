"""What the web chat shows of a conversation, in the order it happened."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta

from memory import Memory
from memory.records import (
    Conversation,
    Message,
    MessageState,
    Mode,
    Outgoing,
    OutgoingState,
)

from .authors import names_of_staff
from .chat_events import Event, Happening, Place, replied, said, turned
from .parts import DemoContact

_REPLAYED = timedelta(hours=24)
_MOST_TURNS = 100
_UNDELIVERED = (OutgoingState.WAITING, OutgoingState.SENDING)
_NOBODY_YET: Mapping[str, object] = {
    "mode": Mode.BOT,
    "held_by": None,
    "parent": None,
    "admin_mode": False,
    "until": None,
}


class ChatFeed:
    """One reader of one contact's conversation."""

    def __init__(
        self,
        memory: Memory,
        contact: DemoContact,
        *,
        now: Callable[[], datetime],
        epoch: str,
        last_event_id: str | None = None,
    ) -> None:
        self._memory = memory
        self._contact = contact
        self._now = now
        self._epoch = epoch
        place = _place_in(last_event_id, epoch)
        self.begins_anew = place is None
        self._place = place or Place()
        self._told: dict[str, Mapping[str, object]] = {}

    async def conversation(self) -> Conversation | None:
        """The conversation, once the contact has written."""
        return await self._memory.inbox.conversation_of(self._contact.alias, "web")

    async def messages(self) -> Sequence[Message]:
        """What the contact has written lately."""
        conversation = await self.conversation()
        if conversation is None:
            return ()
        return await self._memory.inbox.since(conversation.id, self._now() - _REPLAYED)

    async def look(self) -> Sequence[Event]:
        """Everything that is new since the last look."""
        conversation = await self.conversation()
        if conversation is None:
            return self._changed("state", _NOBODY_YET)
        messages = await self.messages()
        outgoing = await self._memory.outbox.of_conversation(conversation.id)
        turns = await self._memory.turns.recent(
            conversation.id, at_most=_MOST_TURNS, since=self._now() - _REPLAYED
        )
        staff = await names_of_staff(self._memory)
        happened = [said(each) for each in messages]
        happened += [replied(each, staff) for each in outgoing if each.sent_at]
        happened += [turned(each) for each in turns]
        events = [
            self._told_at(each)
            for each in sorted(happened, key=lambda each: each.at)
            if self._is_new(each)
        ]
        return [
            *events,
            *self._changed("state", await self._state(conversation)),
            *self._changed("typing", _typing(conversation, messages, outgoing)),
        ]

    def _is_new(self, happening: Happening) -> bool:
        seen, this = self._place, happening.place
        return (
            this.message > seen.message
            or this.outgoing > seen.outgoing
            or this.turn > seen.turn
        )

    def _told_at(self, happening: Happening) -> Event:
        seen, this = self._place, happening.place
        self._place = Place(
            message=max(seen.message, this.message),
            outgoing=max(seen.outgoing, this.outgoing),
            turn=max(seen.turn, this.turn),
        )
        reached = self._place
        return Event(
            kind=happening.kind,
            values=happening.values,
            id=f"{self._epoch}.{reached.message}.{reached.outgoing}.{reached.turn}",
        )

    def _changed(self, kind: str, values: Mapping[str, object]) -> Sequence[Event]:
        if self._told.get(kind) == values:
            return ()
        self._told[kind] = values
        return (Event(kind=kind, values=values),)

    async def _state(self, conversation: Conversation) -> Mapping[str, object]:
        session = await self._memory.sessions.of(conversation.contact_id)
        return {
            "mode": conversation.mode,
            "held_by": await self._holder(conversation),
            "parent": session.parent.name if session.parent else None,
            "admin_mode": session.admin_mode,
            "until": session.expires_at.isoformat() if session.expires_at else None,
        }

    async def _holder(self, conversation: Conversation) -> str | None:
        if conversation.mode is not Mode.HUMAN:
            return None
        holders = (
            handoff.claimed_by
            for handoff in await self._memory.handoffs.open()
            if handoff.conversation_id == conversation.id
        )
        return next(holders, None)


def _place_in(event_id: str | None, epoch: str) -> Place | None:
    begin, *rest = (event_id or "").split(".")
    if begin != epoch or len(rest) != 3 or not all(r.isdecimal() for r in rest):
        return None
    message, outgoing, turn = (int(part) for part in rest)
    return Place(message=message, outgoing=outgoing, turn=turn)


def _typing(
    conversation: Conversation,
    messages: Sequence[Message],
    outgoing: Sequence[Outgoing],
) -> Mapping[str, object]:
    is_thinking = conversation.mode is not Mode.HUMAN and any(
        message.state is MessageState.WAITING for message in messages
    )
    is_sending = any(each.state in _UNDELIVERED for each in outgoing)
    return {"on": is_thinking or is_sending}
