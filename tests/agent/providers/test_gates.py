"""A gate lets nobody in vain to who cannot serve; the same here and through Redis."""

import asyncio
from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, field
from typing import cast
from uuid import uuid4

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from redis.asyncio import Redis

from agent.providers.gates import PROBE_S, Gates, LocalGates, Pass, Rest
from agent.providers.redis_gates import RedisGates
from memory.redis_link import RedisLink
from tests.redis_server import redis_url

PATIENCE_S = 30.0  # a Redis that is there is waited for, however busy the machine
REST = Rest(2.0, 20.0)
NAME, OTHER = "provider:zai", "account:zai:1"

OpenGates = Callable[[], AbstractAsyncContextManager[Gates]]


@dataclass
class Seconds:
    """The time of a test, in seconds since 1970: it stands still until it is moved."""

    now: float = 1_795_600_000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def time() -> Seconds:
    return Seconds()


async def all_enter(gates: Gates, *names: str, at_once: int = 20) -> list[Pass]:
    """What so many requests are told that come at the same moment."""
    return list(await asyncio.gather(*(gates.enter(names) for _ in range(at_once))))


class GatesContract:
    """A backend states `open_gates`: new gates that nobody has shut."""

    @pytest.fixture
    async def gates(self, open_gates: OpenGates) -> AsyncGenerator[Gates]:
        async with open_gates() as opened:
            yield opened

    async def test_everybody_goes_through_a_gate_that_nobody_shut(
        self, gates: Gates
    ) -> None:
        assert set(await all_enter(gates, NAME, OTHER)) == {Pass.OPEN}
        assert await gates.states() == {}

    async def test_nobody_goes_through_a_shut_gate_before_its_time(
        self, gates: Gates, time: Seconds
    ) -> None:
        assert await gates.shut(NAME, REST)
        time.now += REST.first_s - 0.01

        assert set(await all_enter(gates, NAME)) == {Pass.SHUT}
        assert set(await all_enter(gates, OTHER, NAME)) == {Pass.SHUT}
        assert set(await all_enter(gates, OTHER)) == {Pass.OPEN}

    async def test_after_its_time_exactly_one_goes_to_see(
        self, gates: Gates, time: Seconds
    ) -> None:
        await gates.shut(NAME, REST)
        time.now += REST.first_s

        passes = await all_enter(gates, OTHER, NAME)

        assert passes.count(Pass.PROBE) == 1
        assert passes.count(Pass.SHUT) == len(passes) - 1
        time.now += PROBE_S - 0.01
        assert set(await all_enter(gates, NAME)) == {Pass.SHUT}

    async def test_one_that_never_comes_back_is_followed_by_another(
        self, gates: Gates, time: Seconds
    ) -> None:
        await gates.shut(NAME, REST)
        time.now += REST.first_s
        await gates.enter([NAME])
        time.now += PROBE_S

        assert (await all_enter(gates, NAME)).count(Pass.PROBE) == 1

    async def test_one_that_comes_back_well_opens_the_gate_and_its_faults_are_forgotten(
        self, gates: Gates, time: Seconds
    ) -> None:
        for _ in range(3):
            await gates.shut(NAME, REST)
            time.now += REST.most_s
        assert await gates.enter([NAME]) is Pass.PROBE

        await gates.open([NAME])

        assert set(await all_enter(gates, NAME)) == {Pass.OPEN}
        assert await gates.states() == {}
        await gates.shut(NAME, REST)
        time.now += REST.first_s
        assert await gates.enter([NAME]) is Pass.PROBE

    async def test_each_fault_of_a_probe_doubles_the_rest_up_to_a_bound(
        self, gates: Gates, time: Seconds
    ) -> None:
        rests: list[float] = []
        for _ in range(30):
            assert await gates.shut(NAME, REST)
            until = (await gates.states())[NAME].until
            rests.append(round(until - time.now, 3))
            time.now = until
            assert await gates.enter([NAME]) is Pass.PROBE

        assert rests == [2.0, 4.0, 8.0, 16.0, *[20.0] * 26]

    async def test_a_rest_that_was_asked_for_does_not_grow(
        self, gates: Gates, time: Seconds
    ) -> None:
        asked = Rest(7.0, 7.0, grows=False)
        for _ in range(3):
            await gates.shut(NAME, asked)
            time.now += 7.0
            assert await gates.enter([NAME]) is Pass.PROBE

    async def test_fifty_faults_at_once_are_one(
        self, gates: Gates, time: Seconds
    ) -> None:
        told = await asyncio.gather(*(gates.shut(NAME, REST) for _ in range(50)))

        assert told.count(True) == 1
        state = (await gates.states())[NAME]
        assert (state.faults, state.until) == (1, time.now + REST.first_s)

    async def test_a_probe_that_tells_nothing_of_a_gate_makes_room_for_another(
        self, gates: Gates, time: Seconds
    ) -> None:
        await gates.shut(OTHER, REST)
        time.now += REST.first_s
        await gates.enter([NAME, OTHER])

        await gates.release([NAME, OTHER])

        assert (await all_enter(gates, OTHER)).count(Pass.PROBE) == 1
        assert (await gates.states())[OTHER].faults == 1
        assert NAME not in await gates.states()

    async def test_gates_that_are_half_open_are_still_shown(
        self, gates: Gates, time: Seconds
    ) -> None:
        await gates.shut(NAME, REST)
        time.now += REST.first_s
        await gates.enter([NAME])

        assert list(await gates.states()) == [NAME]

    def test_whatever_happens_in_whatever_order(
        self, open_gates: OpenGates, time: Seconds
    ) -> None:
        @settings(max_examples=self.examples, deadline=None)
        @given(st.lists(STEPS, max_size=30))
        def follow(steps: Sequence["Step"]) -> None:
            asyncio.run(_follow(steps, open_gates, time))

        follow()

    examples = 100


Step = tuple[str, float]
STEPS = st.one_of(
    st.tuples(st.just("enter"), st.integers(1, 8).map(float)),
    st.tuples(st.just("fault"), st.integers(1, 8).map(float)),
    st.tuples(st.just("well"), st.just(0.0)),
    st.tuples(st.just("wait"), st.sampled_from([0.5, 2.0, 7.0, 20.0, PROBE_S])),
)


@dataclass
class Expected:
    """What has been promised of one gate, told in the words of the promise."""

    faults: int = 0  # in a row
    shut_until: float = 0.0
    probe_until: float = 0.0  # while somebody is on the way
    passed: list[Pass] = field(default_factory=list[Pass])

    def entering(self, count: int, now: float) -> list[Pass]:
        if not self.faults:
            return [Pass.OPEN] * count
        if now < self.shut_until or now < self.probe_until:
            return [Pass.SHUT] * count
        self.probe_until = now + PROBE_S
        return [Pass.PROBE] + [Pass.SHUT] * (count - 1)

    def failing(self, now: float) -> bool:
        if self.faults and now < self.shut_until:
            return False
        self.shut_until = now + min(REST.first_s * 2**self.faults, REST.most_s)
        self.faults += 1
        self.probe_until = 0.0
        return True


async def _follow(steps: Sequence[Step], open_gates: OpenGates, time: Seconds) -> None:
    expected = Expected()
    async with open_gates() as gates:
        for what, amount in steps:
            count = int(amount)
            match what:
                case "enter":
                    passes = await all_enter(gates, NAME, OTHER, at_once=count)
                    wanted = expected.entering(count, time.now)
                    assert sorted(p.value for p in passes) == sorted(
                        p.value for p in wanted
                    )
                case "fault":
                    told = await asyncio.gather(
                        *(gates.shut(NAME, REST) for _ in range(count))
                    )
                    assert told.count(True) == expected.failing(time.now)
                case "well":
                    await gates.open([NAME, OTHER])
                    expected = Expected()
                case _:
                    time.now += amount


class TestLocalGates(GatesContract):
    examples = 300

    @pytest.fixture
    def open_gates(self, time: Seconds) -> OpenGates:
        @asynccontextmanager
        async def opened() -> AsyncGenerator[Gates]:
            yield LocalGates(time)

        return opened


@asynccontextmanager
async def redis_gates(
    time: Callable[[], float], *, processes: int = 1
) -> AsyncGenerator[list[RedisGates]]:
    """Gates of so many processes under a prefix of their own, which is left clean."""
    url, prefix = redis_url(), f"gust-test:{uuid4().hex}:"
    links = [
        RedisLink(url, prefix=prefix, timeout_s=PATIENCE_S) for _ in range(processes)
    ]
    try:
        yield [RedisGates(link, time) for link in links]
    finally:
        async with Redis.from_url(url) as redis:  # pyright: ignore[reportUnknownMemberType]
            keys = cast("list[bytes]", await redis.keys(f"{prefix}*"))  # pyright: ignore[reportUnknownMemberType]
            if keys:
                await redis.delete(*keys)
        for link in links:
            await link.client.aclose()


class TestRedisGates(GatesContract):
    examples = 60

    @pytest.fixture
    def open_gates(self, time: Seconds) -> OpenGates:
        redis_url()  # or skips, before an example is tried

        @asynccontextmanager
        async def opened() -> AsyncGenerator[Gates]:
            async with redis_gates(time) as [gates]:
                yield gates

        return opened

    async def test_what_one_process_learns_all_of_them_know(
        self, time: Seconds
    ) -> None:
        async with redis_gates(time, processes=2) as [mine, yours]:
            assert await mine.shut(NAME, REST)

            assert not await yours.shut(NAME, REST)
            assert await yours.enter([NAME]) is Pass.SHUT
            assert await mine.states() == await yours.states() != {}

    async def test_one_of_all_processes_goes_to_see_and_opens_for_all(
        self, time: Seconds
    ) -> None:
        async with redis_gates(time, processes=2) as [mine, yours]:
            await mine.shut(NAME, REST)
            time.now += REST.first_s

            passes: list[Pass] = []
            for told in await asyncio.gather(
                all_enter(mine, NAME), all_enter(yours, NAME)
            ):
                passes += told

            assert passes.count(Pass.PROBE) == 1
            await yours.open([NAME])
            assert await mine.enter([NAME]) is Pass.OPEN

    async def test_faults_in_all_processes_at_once_are_one(self, time: Seconds) -> None:
        async with redis_gates(time, processes=2) as both:
            told = await asyncio.gather(
                *(gates.shut(NAME, REST) for gates in both for _ in range(25))
            )

            assert told.count(True) == 1
