import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import replace

import pytest

from channels.channel import Channel
from channels.delivery import Delivery
from channels.errors import DeliveryUnknown
from memory import Memory, Unkept
from memory.records import Outgoing, OutgoingState
from memory.sql.outbox import Outbox
from tests.channels.door import Door, conversation, decide, only
from tests.conftest import Clock


@pytest.fixture
def door() -> Door:
    return Door()


@pytest.fixture
def delivery(memory: Memory, clock: Clock, door: Door) -> Delivery:
    return Delivery(memory, {"whatsapp": door}, now=clock, poll_s=0.01)


@asynccontextmanager
async def running(delivery: Delivery) -> AsyncGenerator[None]:
    task = asyncio.create_task(delivery.run_forever())
    await asyncio.sleep(0)
    yield
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


async def until(found: list[str], size: int) -> None:
    for _ in range(1000):
        if len(found) >= size:
            return
        await asyncio.sleep(0.005)
    pytest.fail(f"{len(found)} instead of {size}")


class AwayAtFirst(Outbox):
    """An outbox whose database comes back at the third try."""

    tries = 0

    async def lease(self) -> Outgoing | None:
        self.tries += 1
        if self.tries < 3:
            raise Unkept("away")
        return await super().lease()


class TestRunning:
    async def test_a_platform_that_hangs_does_not_hold_up_the_others(
        self, memory: Memory, clock: Clock, door: Door
    ) -> None:
        other = Door("telegram")
        channels: dict[str, Channel] = {"whatsapp": door, "telegram": other}
        door.is_open.clear()
        await decide(memory, "un", "deux")
        await decide(memory, "trois", channel="telegram")

        async with running(Delivery(memory, channels, now=clock, poll_s=0.01)):
            await until(other.sent, 1)
            assert door.sent == []
            door.is_open.set()
            await until(door.sent, 2)

    async def test_news_wakes_it(
        self, memory: Memory, clock: Clock, door: Door
    ) -> None:
        here = await conversation(memory)
        never = Delivery(memory, {"whatsapp": door}, now=clock, poll_s=1e6)
        async with running(never):
            await asyncio.sleep(0.05)
            await decide(memory, "un", "deux", conversation_id=here)
            memory.live.publish("answered", here)
            await until(door.sent, 2)

        assert door.sent == ["un", "deux"]

    async def test_without_news_it_looks_from_time_to_time(
        self, delivery: Delivery, memory: Memory, door: Door
    ) -> None:
        async with running(delivery):
            await asyncio.sleep(0.05)
            await decide(memory, "un")
            await until(door.sent, 1)

    async def test_it_outlives_an_outage_of_the_database(
        self, memory: Memory, clock: Clock, door: Door
    ) -> None:
        await decide(memory, "un")
        away_at_first = replace(memory, outbox=AwayAtFirst(memory.database, clock))
        delivery = Delivery(away_at_first, {"whatsapp": door}, now=clock, poll_s=0.01)

        async with running(delivery):
            await until(door.sent, 1)

    async def test_a_parent_sees_that_we_write(
        self, delivery: Delivery, memory: Memory, door: Door
    ) -> None:
        here = await conversation(memory)
        door.troubles = [DeliveryUnknown("?")]
        async with running(delivery):
            for unknown in (999, here, here):
                memory.live.publish("typing", unknown)
            await until(door.typing, 2)

        assert door.typing == ["221@c.us", "221@c.us"]

    async def test_what_is_being_sent_when_it_stops_is_sent_to_the_end(
        self, delivery: Delivery, memory: Memory, door: Door
    ) -> None:
        door.is_open.clear()
        here = await conversation(memory)
        await decide(memory, "un", conversation_id=here)
        task = asyncio.create_task(delivery.run_forever())
        await asyncio.sleep(0.1)

        task.cancel()
        await asyncio.sleep(0)
        door.is_open.set()
        await asyncio.gather(task, return_exceptions=True)

        assert (await only(memory)).state is OutgoingState.SENT
