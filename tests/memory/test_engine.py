"""The engine: every conversation drained, never twice at the same time."""

import asyncio
from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import asynccontextmanager

import pytest
import structlog

from memory import Drain, InProcessEngine, TurnEngine


class Drains:
    """Notes who is drained, and holds each drain until `go` is set."""

    def __init__(self) -> None:
        self.begun: list[int] = []
        self.running: set[int] = set()
        self.most_at_once = 0
        self.go = asyncio.Event()

    async def __call__(self, conversation_id: int) -> None:
        assert conversation_id not in self.running
        self.begun.append(conversation_id)
        self.running.add(conversation_id)
        self.most_at_once = max(self.most_at_once, len(self.running))
        try:
            await self.go.wait()
        finally:
            self.running.discard(conversation_id)


class Left:
    """The conversations with waiting messages, as the inbox would name them."""

    def __init__(self, *conversations: int) -> None:
        self.conversations = list(conversations)
        self.asked = 0
        self.is_away = False

    async def __call__(self) -> Sequence[int]:
        self.asked += 1
        if self.is_away:
            raise ConnectionError
        return self.conversations


@pytest.fixture
async def drains() -> Drains:
    return Drains()


@asynccontextmanager
async def started(
    drain: Drain,
    waiting: Left | None = None,
    *,
    places: int = 10,
    sweep_s: float = 60,
    patience_s: float = 0.05,
) -> AsyncGenerator[TurnEngine]:
    engine = InProcessEngine(
        waiting or Left(),
        max_concurrent_turns=places,
        sweep_s=sweep_s,
        patience_s=patience_s,
    )
    await engine.start(drain)
    await settle()
    try:
        yield engine
    finally:
        await engine.stop()


async def settle() -> None:
    """Let everything that can run now, run."""
    for _ in range(20):
        await asyncio.sleep(0)


async def until(condition: Callable[[], bool]) -> None:
    async with asyncio.timeout(5):
        while not condition():  # noqa: ASYNC110  (nothing to wait on: it is the sweep)
            await asyncio.sleep(0.002)


async def test_a_woken_conversation_is_drained(drains: Drains) -> None:
    async with started(drains) as engine:
        engine.wake(7)
        await settle()

        assert drains.begun == [7]


async def test_a_conversation_is_never_drained_twice_at_once(drains: Drains) -> None:
    async with started(drains) as engine:
        for _ in range(5):
            engine.wake(7)
            await settle()

        assert drains.begun == [7]


async def test_what_is_woken_during_its_drain_is_drained_once_more(
    drains: Drains,
) -> None:
    async with started(drains) as engine:
        engine.wake(7)
        await settle()
        for _ in range(3):
            engine.wake(7)
        drains.go.set()
        await settle()

        assert drains.begun == [7, 7]


async def test_many_wakes_before_a_drain_begins_are_one(drains: Drains) -> None:
    async with started(drains) as engine:
        for _ in range(3):
            engine.wake(7)
        drains.go.set()
        await settle()

        assert drains.begun == [7]


async def test_conversations_are_drained_side_by_side(drains: Drains) -> None:
    async with started(drains) as engine:
        for number in range(5):
            engine.wake(number)
        await settle()

        assert drains.running == {0, 1, 2, 3, 4}


async def test_no_more_turns_run_at_once_than_allowed(drains: Drains) -> None:
    async with started(drains, places=2) as engine:
        for number in range(6):
            engine.wake(number)
        await settle()
        assert drains.running == {0, 1}

        drains.go.set()
        await settle()

        assert sorted(drains.begun) == [0, 1, 2, 3, 4, 5]
        assert drains.most_at_once == 2


async def test_what_an_earlier_process_left_is_drained_at_the_start(
    drains: Drains,
) -> None:
    async with started(drains, Left(3, 4)):
        assert drains.begun == [3, 4]


async def test_a_sweep_finds_what_another_process_kept(drains: Drains) -> None:
    left = Left()
    drains.go.set()
    async with started(drains, left, sweep_s=0.005):
        left.conversations = [8]
        await until(lambda: 8 in drains.begun)


async def test_a_database_that_is_away_is_asked_again(drains: Drains) -> None:
    left = Left(8)
    left.is_away = True
    drains.go.set()
    with structlog.testing.capture_logs() as logs:
        async with started(drains, left, sweep_s=0.005):
            await until(lambda: left.asked >= 2)
            left.is_away = False
            await until(lambda: 8 in drains.begun)

    assert logs[0]["event"] == "sweep_failed"


async def test_a_drain_that_raises_stops_nobody_and_is_tried_again() -> None:
    begun: list[int] = []

    async def torn(conversation_id: int) -> None:
        begun.append(conversation_id)
        if conversation_id == 1 and begun.count(1) == 1:
            raise LookupError("C'est combien ?")

    with structlog.testing.capture_logs() as logs:
        async with started(torn, places=1) as engine:
            engine.wake(1)
            engine.wake(2)
            await settle()
            engine.wake(1)
            await settle()

    assert begun == [1, 2, 1]
    [failure] = [log for log in logs if log["event"] == "drain_failed"]
    assert failure["conversation"] == 1
    assert failure["error"] == "LookupError"
    assert any("torn" in frame for frame in failure["frames"])
    assert "combien" not in str(logs)


async def test_a_wake_during_a_drain_that_raises_is_not_forgotten() -> None:
    begun: list[int] = []

    async with started(lambda number: torn(number)) as engine:

        async def torn(conversation_id: int) -> None:
            begun.append(conversation_id)
            if len(begun) == 1:
                engine.wake(conversation_id)
                raise LookupError

        with structlog.testing.capture_logs():
            engine.wake(1)
            await settle()

    assert begun == [1, 1]


async def test_stopping_lets_a_running_turn_end(drains: Drains) -> None:
    async with started(drains, patience_s=5) as engine:
        engine.wake(7)
        await settle()
        asyncio.get_running_loop().call_later(0.01, drains.go.set)
        await engine.stop()

        assert drains.go.is_set()
        assert drains.running == set()


async def test_stopping_cancels_what_does_not_end(drains: Drains) -> None:
    async with started(drains, patience_s=0.01) as engine:
        engine.wake(7)
        await settle()
        await engine.stop()

        assert drains.running == set()
        assert not drains.go.is_set()


async def test_after_the_stop_nothing_is_begun(drains: Drains) -> None:
    left = Left()
    async with started(drains, left, sweep_s=0.001, places=1, patience_s=0) as engine:
        engine.wake(1)
        engine.wake(2)  # waits for a place
        await settle()
        await engine.stop()
        asked = left.asked

        engine.wake(3)
        await asyncio.sleep(0.01)

        assert drains.begun == [1]
        assert left.asked == asked


async def test_what_is_woken_before_the_start_waits_for_it(drains: Drains) -> None:
    left = Left(5)
    engine = InProcessEngine(left, max_concurrent_turns=1, sweep_s=60)
    engine.wake(5)
    await settle()
    assert drains.begun == []

    await engine.start(drains)
    await settle()

    assert drains.begun == [5]
    drains.go.set()
    await engine.stop()


async def test_a_stopped_engine_can_be_started_again(drains: Drains) -> None:
    engine = InProcessEngine(Left(), max_concurrent_turns=1, patience_s=0)
    await engine.start(drains)
    engine.wake(5)
    await engine.stop()

    drains.go.set()
    await engine.start(drains)
    engine.wake(5)
    await settle()

    assert drains.begun[-1:] == [5]
    await engine.stop()
