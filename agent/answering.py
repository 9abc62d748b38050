"""The worker: inbox → turn → outbox, for one awake conversation at a time."""

import asyncio
from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import timedelta

import structlog
from structlog.contextvars import bound_contextvars

from memory import MemoryFault
from memory.records import Conversation, Message, Mode, NewTurn, Service
from tools.hand_off_to_human import ask_for_human

from .errors import NoReply, TooSlow
from .language import language_of
from .texts import in_language
from .turn import TurnRoom, take_turn

MAX_ATTEMPTS = 3
MAX_WAIT_FOR_QUIET_S = 5.0
TYPING_LASTS_S = 4.0  # Telegram forgets the sign after five

_log = structlog.get_logger()


@dataclass(frozen=True, kw_only=True)
class Pace:
    """How patient and how generous the worker is."""

    debounce_s: float  # of quiet before a burst is answered
    turns_per_minute: int  # of one contact; more wait, nothing is refused
    looking_after_s: float = 4.0  # without an answer: a word that one is coming


@dataclass(frozen=True, kw_only=True)
class TurnEnd:
    """What became of some messages: for the metrics."""

    channel: str
    service: Service
    outcome: str  # answered | held | parked | dropped
    messages: int


class Answering:
    """`drain` answers all that waits in a conversation; the engine calls it."""

    def __init__(
        self,
        room: TurnRoom,
        *,
        pace: Pace,
        on_end: Callable[[TurnEnd], None] = lambda _end: None,
    ) -> None:
        self._room = room
        self._pace = pace
        self._on_end = on_end
        self._memory = room.desk.memory
        self._now = room.desk.now

    async def drain(self, conversation_id: int) -> None:
        """Answer, hold or park every waiting message of the conversation."""
        while await self._is_quiet_and_waiting(conversation_id):
            conversation = await self._memory.inbox.conversation(conversation_id)
            if conversation.mode is Mode.HUMAN:
                await self._hold(conversation)
            elif not await self._may_go(conversation):
                return  # the engine's sweep comes back in a moment
            elif not await self._answer(conversation):
                return  # tried again at the next sweep

    async def _answer(self, conversation: Conversation) -> bool:
        messages = await self._memory.inbox.take(conversation.id)
        if not messages:
            return True
        log = _log.bind(
            correlation_id=messages[0].correlation_id, conversation=conversation.id
        )
        if messages[0].attempts > MAX_ATTEMPTS:
            await self._park(conversation, messages, provider="none")
            return True
        try:
            async with self._signs_of_life(conversation, messages):
                with bound_contextvars(correlation_id=messages[0].correlation_id):
                    turn = await take_turn(self._room, conversation, messages)
        except TooSlow:
            log.warning("turn_too_slow")
            await self._park(conversation, messages, provider="timeout")
            return True
        except NoReply as error:
            log.warning("turn_without_reply", reason=str(error))
            return False
        await self._finish(conversation, messages, turn)
        return True

    async def _finish(
        self, conversation: Conversation, messages: Sequence[Message], turn: NewTurn
    ) -> None:
        turn_id = await self._memory.turns.finish(conversation, messages, turn)
        outcome = "dropped" if turn_id is None else "answered"
        _log.info(
            "turn_finished",
            correlation_id=turn.correlation_id,
            conversation=conversation.id,
            turn=turn_id,
            outcome=outcome,
            provider=turn.provider,
            model_calls=turn.model_calls,
            tools=[call.name for call in turn.tools],
        )
        self._memory.live.publish("answered", conversation.id)
        self._end(conversation, messages, turn, outcome)

    async def _park(
        self,
        conversation: Conversation,
        messages: Sequence[Message],
        *,
        provider: str,
    ) -> None:
        said = "\n".join(message.text for message in messages)
        texts = in_language(language_of(said, otherwise=self._room.language))
        reply = texts.too_slow if provider == "timeout" else texts.no_reply
        turn = NewTurn(
            started_at=self._now(),
            provider=provider,
            service=Service.RENSEIGNEMENT,
            correlation_id=messages[0].correlation_id,
            replies=(reply,),
        )
        if provider == "none":  # the apology says that a person will see it
            await ask_for_human(
                self._room.desk,
                conversation,
                key=f"{messages[0].key}:parked",
                correlation_id=messages[0].correlation_id,
                reason=texts.parked_reason,
                urgent=False,
            )
        turn_id = await self._memory.turns.park(conversation, messages, turn)
        self._memory.live.publish("answered", conversation.id)
        outcome = "dropped" if turn_id is None else "parked"
        self._end(conversation, messages, turn, outcome)

    async def _hold(self, conversation: Conversation) -> None:
        held = await self._memory.inbox.hold(conversation)
        self._memory.live.publish("handoff", conversation.id)
        self._on_end(
            TurnEnd(
                channel=conversation.channel,
                service=Service.CONTACT_HUMAIN,
                outcome="held",
                messages=held,
            )
        )

    @asynccontextmanager
    async def _signs_of_life(
        self, conversation: Conversation, messages: Sequence[Message]
    ) -> AsyncGenerator[None]:
        """Within, the contact sees that somebody is writing, and later reads so."""
        answered = asyncio.Event()
        typing = asyncio.create_task(self._keep_typing(conversation.id))
        looking = asyncio.create_task(
            self._say_looking(conversation, messages, answered)
        )
        try:
            yield
        finally:
            typing.cancel()
            answered.set()
            await looking  # its word, if it is said, comes before the answer

    async def _keep_typing(self, conversation_id: int) -> None:
        while True:
            self._memory.live.publish("typing", conversation_id)
            await asyncio.sleep(TYPING_LASTS_S)

    async def _say_looking(
        self,
        conversation: Conversation,
        messages: Sequence[Message],
        answered: asyncio.Event,
    ) -> None:
        """One short sentence when the answer takes long; once, whatever dies."""
        with suppress(TimeoutError):
            await asyncio.wait_for(answered.wait(), self._pace.looking_after_s)
            return
        with suppress(MemoryFault):
            await self._put_looking(conversation, messages)

    async def _put_looking(
        self, conversation: Conversation, messages: Sequence[Message]
    ) -> None:
        said = "\n".join(message.text for message in messages)
        texts = in_language(language_of(said, otherwise=self._room.language))
        await self._memory.outbox.put(
            key=f"looking:{messages[0].key}",
            channel=conversation.channel,
            address=conversation.address,
            text=texts.looking,
            correlation_id=messages[0].correlation_id,
            conversation_id=conversation.id,
        )
        self._memory.live.publish("outgoing", conversation.id)

    async def _is_quiet_and_waiting(self, conversation_id: int) -> bool:
        """Wait until nothing new has come for a moment; False: nothing waits."""
        while waiting := await self._memory.inbox.waiting(conversation_id):
            quiet_at = waiting[-1].received_at + timedelta(
                seconds=self._pace.debounce_s
            )
            patience = waiting[0].received_at + timedelta(seconds=MAX_WAIT_FOR_QUIET_S)
            left = (min(quiet_at, patience) - self._now()).total_seconds()
            if left <= 0:
                return True
            await asyncio.sleep(left)
        return False

    async def _may_go(self, conversation: Conversation) -> bool:
        return await self._memory.rates.let_through(
            conversation.contact_id, per_minute=self._pace.turns_per_minute
        )

    def _end(
        self,
        conversation: Conversation,
        messages: Sequence[Message],
        turn: NewTurn,
        outcome: str,
    ) -> None:
        self._on_end(
            TurnEnd(
                channel=conversation.channel,
                service=turn.service,
                outcome=outcome,
                messages=len(messages),
            )
        )
