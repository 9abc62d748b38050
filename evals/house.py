"""The real house in this process: inbox, turn, outbox, delivery, no network."""

import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import datetime

from memory import Memory
from memory.records import Incoming, Message, Mode, Turn

from .case import as_alias
from .recording import RecordingChannel
from .world import NOBODY, EndState, TurnSeen

MAX_TURNS = 50  # a drain of one burst is one turn; more are kept for the report


class InProcessHouse:
    """Puts messages in the inbox, has them answered, and listens at the doors.

    `answer` drains a conversation to the end; `deliver` sends all that waits in the
    outbox through `channels`. The memory is new and belongs to this house alone.
    """

    def __init__(
        self,
        memory: Memory,
        *,
        answer: Callable[[int], Awaitable[None]],
        deliver: Callable[[], Awaitable[None]],
        channels: Mapping[str, RecordingChannel],
        now: Callable[[], datetime],
    ) -> None:
        self._memory = memory
        self._answer = answer
        self._deliver = deliver
        self._channels = channels
        self._now = now
        self._received = 0
        self._conversations: dict[int, int] = {}  # id -> its last turn seen

    async def say(self, texts: Sequence[str], *, sender: str, channel: str) -> TurnSeen:
        door = self._channels[channel]
        heard_before = len(door.delivered)
        began = time.perf_counter()
        received = await self._receive(texts, sender=sender, channel=channel)
        conversation_id = received[0].conversation_id
        await self._answer(conversation_id)
        await self._deliver()
        duration_ms = round((time.perf_counter() - began) * 1000)
        heard = door.delivered[heard_before:]
        turns = await self._new_turns(conversation_id)
        conversation = await self._memory.inbox.conversation(conversation_id)
        return TurnSeen(
            replies=tuple(sent.text for sent in heard if sent.address == sender),
            tools=tuple(call for turn in turns for call in turn.tools),
            provider=turns[-1].provider if turns else NOBODY,
            model_calls=sum(turn.model_calls for turn in turns),
            duration_ms=duration_ms,
            cost_usd=await self._cost_usd(received[0]),
            findings=tuple(finding for turn in turns for finding in turn.findings),
            is_held=conversation.mode is Mode.HUMAN,
            is_parked=await self._is_parked(received),
        )

    async def state(self, *, sender: str, channel: str) -> EndState:
        conversation = await self._memory.inbox.conversation_of(
            as_alias(sender, channel=channel), channel
        )
        if conversation is None:
            raise LookupError("nobody of this name has written")
        session = await self._memory.sessions.of(conversation.contact_id)
        handoffs = [await self._memory.handoffs.count(c) for c in self._conversations]
        return EndState(
            verified=session.parent is not None,
            handoffs=sum(handoffs),
            pages=len(await self._memory.pages.all()),
            mode=conversation.mode.value,
        )

    async def _receive(
        self, texts: Sequence[str], *, sender: str, channel: str
    ) -> Sequence[Message]:
        received: list[Message] = []
        for text in texts:
            self._received += 1
            key = f"{channel}:eval-{self._received}"
            message = await self._memory.inbox.receive(
                Incoming(
                    key=key,
                    channel=channel,
                    aliases=(as_alias(sender, channel=channel),),
                    address=sender,
                    text=text,
                    sent_at=self._now(),
                    correlation_id=key,
                )
            )
            if message is None:
                raise LookupError("the memory of a case was not empty")
            received.append(message)
            self._conversations.setdefault(message.conversation_id, 0)
        return received

    async def _cost_usd(self, message: Message) -> float | None:
        """What the turn cost; None when nobody was paid, or a price is not known."""
        calls = await self._memory.spending.of_turn(message.correlation_id)
        costs = [call.cost_usd for call in calls if call.outcome == "ok"]
        known = [cost for cost in costs if cost is not None]
        return sum(known) if known and len(known) == len(costs) else None

    async def _is_parked(self, received: Sequence[Message]) -> bool:
        parked = {message.id for message in await self._memory.inbox.parked()}
        return any(message.id in parked for message in received)

    async def _new_turns(self, conversation_id: int) -> Sequence[Turn]:
        recent = await self._memory.turns.recent(conversation_id, at_most=MAX_TURNS)
        last_seen = self._conversations[conversation_id]
        turns = [turn for turn in recent if turn.id > last_seen]
        if turns:
            self._conversations[conversation_id] = turns[-1].id
        return turns
