"""The worker that takes decided replies out of the outbox to their channels."""

import asyncio
from collections import Counter
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta

import structlog

from memory import Memory, MemoryFault
from memory.records import Outgoing
from memory.sql.outbox import LEASE

from .channel import Channel
from .errors import DeliveryRefused, DeliveryUnavailable, DeliveryUnknown
from .typing_signs import TypingSigns

_log = structlog.get_logger()

MAX_BACK_OFF_S = 300.0
NOT_CONFIGURED_RETRY_S = 60.0
# How often a message that ended in doubt is sent again: where the platform says
# that it has not arrived, and where it cannot tell (docs/decisions/0003).
MAX_REPEATS = 10
MAX_BLIND_REPEATS = 2
# A second worker takes the message over when the lease ends: be done before.
_DEADLINE_S = LEASE.total_seconds() - 5
_AT_ONCE = 32  # a platform that hangs fills some of these places, not all
_PATIENCE_S = 5.0  # at the end, for what is being sent
_LOOK_BACK = timedelta(hours=1)

OnSent = Callable[[Outgoing, float], None]


class Delivery:
    """Lease, send, mark sent; one process may run it, or many.

    `on_sent` is told of each message sent, with the seconds from its acceptance
    (of its decision, for what answers no message) to its delivery.
    """

    def __init__(
        self,
        memory: Memory,
        channels: Mapping[str, Channel],
        *,
        now: Callable[[], datetime],
        on_sent: OnSent | None = None,
        poll_s: float = 1.0,
    ) -> None:
        self._memory = memory
        self._channels = channels
        self._now = now
        self._on_sent = on_sent
        self._poll_s = poll_s
        self._doubts: Counter[int] = Counter()
        self._wake = asyncio.Event()
        self._places = asyncio.Semaphore(_AT_ONCE)
        self._running: set[asyncio.Task[None]] = set()

    async def run_once(self) -> bool:
        """See to the next message; False when none is due.

        Raises:
            Unkept: the database is away.
        """
        outgoing = await self._memory.outbox.lease()
        if outgoing is None:
            return False
        await self._see_to(outgoing)
        return True

    async def run_until_idle(self) -> None:
        """See to all that is due now.

        Raises:
            Unkept: the database is away.
        """
        while await self.run_once():
            pass

    async def run_forever(self) -> None:
        """Deliver until cancelled; messages half sent then are found in doubt."""
        signs = TypingSigns(self._memory, self._channels)
        with self._memory.live.listen() as news:
            listening = asyncio.create_task(signs.follow(news, self._wake.set))
            try:
                while True:
                    await self._start_what_is_due()
                    with suppress(TimeoutError):
                        async with asyncio.timeout(self._poll_s):
                            await self._wake.wait()
            finally:
                await self._stop(listening)

    async def _stop(self, listening: asyncio.Task[None]) -> None:
        if self._running:
            await asyncio.wait(self._running, timeout=_PATIENCE_S)
        left = [listening, *self._running]
        for task in left:
            task.cancel()
        await asyncio.gather(*left, return_exceptions=True)

    async def _start_what_is_due(self) -> None:
        self._wake.clear()
        while True:
            await self._places.acquire()
            outgoing = None
            try:
                outgoing = await self._memory.outbox.lease()
            except MemoryFault:
                _log.warning("outbox_away")
            finally:
                if outgoing is None:
                    self._places.release()
            if outgoing is None:
                return
            task = asyncio.create_task(self._see_to(outgoing))
            self._running.add(task)
            task.add_done_callback(self._done)

    def _done(self, task: asyncio.Task[None]) -> None:
        self._running.discard(task)
        self._places.release()
        self._wake.set()  # the next message of the conversation may go now

    async def _see_to(self, outgoing: Outgoing) -> None:
        """Whatever goes wrong leaves the message postponed, parked or in doubt."""
        try:
            async with asyncio.timeout(_DEADLINE_S):
                await self._deliver(outgoing)
        except (DeliveryUnknown, TimeoutError, MemoryFault) as error:
            # Its lease ends soon: then we ask the platform whether it was sent.
            self._note("delivery_in_doubt", outgoing, error=type(error).__name__)
        except Exception as error:  # noqa: BLE001  (the loop of a worker)
            self._note("delivery_failed", outgoing, error=type(error).__name__)
            self._doubts[outgoing.id] += 1
            if self._doubts[outgoing.id] > MAX_REPEATS:
                with suppress(MemoryFault):
                    await self._park(outgoing, f"failed: {type(error).__name__}")

    async def _deliver(self, outgoing: Outgoing) -> None:
        channel = self._channels.get(outgoing.channel)
        if channel is None:
            await self._wait_for_its_channel(outgoing)
            return
        if outgoing.is_in_doubt and await self._is_settled(channel, outgoing):
            return
        try:
            await self._send(channel, outgoing)
        except DeliveryRefused as refusal:
            await self._park(outgoing, str(refusal))
        except DeliveryUnavailable as absence:
            await self._postpone(outgoing, absence)

    async def _send(self, channel: Channel, outgoing: Outgoing) -> None:
        sending = outgoing
        if sending.platform_id is None:
            platform_id = await channel.new_platform_id()
            if platform_id is not None:
                await self._memory.outbox.note_platform_id(outgoing.id, platform_id)
                sending = replace(outgoing, platform_id=platform_id)
        await self._mark_sent(sending, await channel.deliver(sending))

    async def _is_settled(self, channel: Channel, outgoing: Outgoing) -> bool:
        """Whether a message in doubt must not be sent again, now or ever."""
        try:
            was_sent = await channel.was_delivered(outgoing)
        except DeliveryUnavailable:
            return True  # still in doubt when its lease ends
        if was_sent:
            await self._mark_sent(outgoing, outgoing.platform_id)
            return True
        self._doubts[outgoing.id] += 1
        enough = MAX_BLIND_REPEATS if was_sent is None else MAX_REPEATS
        if self._doubts[outgoing.id] > enough:
            await self._park(outgoing, "sent or not? nobody can tell")
            return True
        return False

    async def _wait_for_its_channel(self, outgoing: Outgoing) -> None:
        if outgoing.is_in_doubt:
            return  # postponed, it would forget that it may have been sent
        self._note("channel_not_configured", outgoing)
        await self._memory.outbox.postpone(
            outgoing.id,
            retry_after_s=NOT_CONFIGURED_RETRY_S,
            problem=f"{outgoing.channel} is not configured",
        )

    async def _postpone(self, outgoing: Outgoing, absence: DeliveryUnavailable) -> None:
        doubled = absence.retry_after_s * 2 ** min(outgoing.attempts, 10)
        # A platform that asks for more than our longest wait gets it.
        retry_after_s = max(absence.retry_after_s, min(doubled, MAX_BACK_OFF_S))
        self._note("delivery_postponed", outgoing, retry_after_s=retry_after_s)
        await self._memory.outbox.postpone(
            outgoing.id, retry_after_s=retry_after_s, problem=str(absence)
        )

    async def _park(self, outgoing: Outgoing, problem: str) -> None:
        self._note("delivery_parked", outgoing, problem=problem)
        await self._memory.outbox.park(outgoing.id, problem)
        self._doubts.pop(outgoing.id, None)

    async def _mark_sent(self, outgoing: Outgoing, platform_id: str | None) -> None:
        await self._memory.outbox.mark_sent(outgoing.id, platform_id)
        self._doubts.pop(outgoing.id, None)
        self._note("delivered", outgoing)
        self._memory.live.publish("sent", outgoing.conversation_id)
        if self._on_sent:
            accepted_at = await self._accepted_at(outgoing)
            self._on_sent(outgoing, (self._now() - accepted_at).total_seconds())

    async def _accepted_at(self, outgoing: Outgoing) -> datetime:
        if outgoing.conversation_id is None:
            return outgoing.created_at
        lately = await self._memory.inbox.since(
            outgoing.conversation_id, outgoing.created_at - _LOOK_BACK
        )
        answered = (
            message.received_at
            for message in lately
            if message.correlation_id == outgoing.correlation_id
        )
        return min(answered, default=outgoing.created_at)

    def _note(self, event: str, outgoing: Outgoing, **more: object) -> None:
        _log.info(
            event,
            correlation_id=outgoing.correlation_id,
            channel=outgoing.channel,
            outgoing=outgoing.id,
            attempts=outgoing.attempts,
            **more,
        )
