"""Redis may go away at any moment: this process goes on with its own gates."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from uuid import uuid4

import pytest
from structlog.testing import capture_logs

from agent.providers.gates import Pass, Rest
from agent.providers.redis_gates import RedisGates
from memory.breaker import FAILURES_TO_OPEN, REST_S
from memory.redis_link import TIMEOUT_S, RedisLink
from tests.redis_server import free_port, own_redis

from .test_gates import NAME, OTHER, PATIENCE_S, Seconds

REST = Rest(100.0, 1000.0)
PREFIX = f"gust-test:{uuid4().hex}:"


@asynccontextmanager
async def gates_at(
    url: str,
    time: Seconds,
    *,
    timeout_s: float = TIMEOUT_S,
) -> AsyncGenerator[RedisGates]:
    link = RedisLink(url, clock=time, prefix=PREFIX, timeout_s=timeout_s)
    try:
        yield RedisGates(link, time)
    finally:
        await link.client.aclose()


class SilentRedis:
    """Takes every connection and never says a word."""

    def __init__(self) -> None:
        self.connections = 0

    async def __call__(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        self.connections += 1
        await reader.read()
        writer.close()


@pytest.fixture
def time() -> Seconds:
    return Seconds()


async def test_without_redis_the_gates_are_those_of_this_process(time: Seconds) -> None:
    async with gates_at(f"redis://127.0.0.1:{free_port()}/0", time) as gates:
        assert await gates.enter([NAME]) is Pass.OPEN
        assert await gates.shut(NAME, REST)
        assert not await gates.shut(NAME, REST)
        assert await gates.enter([OTHER, NAME]) is Pass.SHUT
        assert list(await gates.states()) == [NAME]

        time.now += REST.first_s
        assert await gates.enter([NAME]) is Pass.PROBE
        await gates.release([NAME])
        assert await gates.enter([NAME]) is Pass.PROBE
        await gates.open([NAME])
        assert await gates.enter([NAME]) is Pass.OPEN


@pytest.mark.parametrize("port", ["1", "65535"])
async def test_an_admin_reads_once_in_the_logs_that_redis_is_away(
    time: Seconds, port: str
) -> None:
    with capture_logs() as logs:
        async with gates_at(f"redis://:a-secret@127.0.0.1:{port}/0", time) as gates:
            for _ in range(5):
                await gates.enter([NAME])

    assert [log["event"] for log in logs] == ["redis_away"]
    assert "a-secret" not in str(logs)


async def test_a_redis_that_is_silent_is_waited_for_a_few_times_and_not_for_ever(
    time: Seconds,
) -> None:
    silent = SilentRedis()
    async with await asyncio.start_server(silent, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        async with gates_at(f"redis://127.0.0.1:{port}/0", time) as gates:
            passes = [await gates.enter([NAME]) for _ in range(20)]

            assert set(passes) == {Pass.OPEN}
            assert silent.connections == FAILURES_TO_OPEN  # no twenty waits

            time.now += REST_S
            await gates.enter([NAME])
            await gates.enter([NAME])
            assert silent.connections == FAILURES_TO_OPEN + 1


async def test_what_was_learnt_is_known_while_redis_is_away_and_then_it_is_asked_again(
    time: Seconds,
) -> None:
    port = free_port()
    url = f"redis://127.0.0.1:{port}/0"
    async with (
        gates_at(url, time, timeout_s=PATIENCE_S) as gates,
        gates_at(url, time, timeout_s=PATIENCE_S) as neighbour,
    ):
        with own_redis(port):
            await gates.shut(NAME, REST)
            assert await gates.enter([NAME]) is Pass.SHUT

        assert await gates.enter([NAME]) is Pass.SHUT
        assert await gates.shut(OTHER, REST)
        assert await gates.enter([OTHER]) is Pass.SHUT

        with own_redis(port):  # it has forgotten everything, our scripts too
            time.now += REST_S
            await neighbour.shut("key:1", REST)

            assert await gates.enter(["key:1"]) is Pass.SHUT
            assert list(await gates.states()) == ["key:1"]
