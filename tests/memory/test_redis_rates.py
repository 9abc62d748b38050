"""Ten turns a minute: counted by Redis for all processes, by the record without it."""

import asyncio
from collections.abc import AsyncGenerator
from datetime import timedelta

import pytest

from memory import Memory
from memory.rates import Rates
from memory.records import NewTurn, Service
from memory.redis_link import RedisLink
from memory.redis_rates import RedisWindow
from tests.conftest import Clock
from tests.redis_server import OwnRedis

from .letters import begin, wrote
from .redis_parts import Rests, everything_in, link_to, notices, run

AWA, SAMBA = 1, 2


@pytest.fixture
async def link(redis: OwnRedis, rests: Rests) -> AsyncGenerator[RedisLink]:
    async with link_to(redis, rests) as opened:
        yield opened


@pytest.fixture
def rates(memory: Memory, clock: Clock, link: RedisLink) -> Rates:
    return beside_redis(memory, clock, link)


def beside_redis(memory: Memory, clock: Clock, link: RedisLink) -> Rates:
    return Rates(memory.turns, clock, window=RedisWindow(link))


async def goes_through(rates: Rates, contact_id: int, *, times: int = 1) -> int:
    """How many of so many turns, asked for at once, may be taken."""
    asked = [rates.let_through(contact_id, per_minute=10) for _ in range(times)]
    return sum(await asyncio.gather(*asked))


async def takes_turns(memory: Memory, *, channel: str, turns: int) -> int:
    """Some recorded turns of one person on a channel: the contact."""
    for number in range(turns):
        letter = wrote(key=f"{channel}:{number}", by="telegram:1", channel=channel)
        conversation = await begin(memory, letter)
        messages = await memory.inbox.take(conversation.id)
        turn = NewTurn(
            started_at=messages[0].received_at,
            provider="offline",
            service=Service.RENSEIGNEMENT,
            correlation_id="c",
        )
        await memory.turns.finish(conversation, messages, turn)
    return (await begin(memory, wrote(by="telegram:1"))).contact_id


async def test_of_any_number_at_once_ten_go_through(rates: Rates) -> None:
    assert await goes_through(rates, AWA, times=50) == 10
    assert await goes_through(rates, AWA) == 0
    assert await goes_through(rates, SAMBA, times=9) == 9


async def test_all_processes_count_together(
    rates: Rates, memory: Memory, clock: Clock, redis: OwnRedis, rests: Rests
) -> None:
    async with link_to(redis, rests) as second:
        other = beside_redis(memory, clock, second)
        both = (goes_through(each, AWA, times=25) for each in (rates, other))

        assert sum(await asyncio.gather(*both)) == 10


async def test_a_turn_of_more_than_a_minute_ago_counts_no_more(
    rates: Rates, redis: OwnRedis
) -> None:
    await goes_through(rates, AWA, times=10)
    [key] = await everything_in(redis)
    times = [float(each) for each in await run(redis, "LRANGE", key, 0, -1)]
    await run(redis, "LSET", key, 9, times[9] - 61)  # the oldest

    assert await goes_through(rates, AWA, times=5) == 1


async def test_redis_forgets_who_has_been_silent_for_a_minute(
    rates: Rates, redis: OwnRedis
) -> None:
    await goes_through(rates, AWA)

    [key] = await everything_in(redis)
    assert key.startswith("gust:rate")
    assert 0 < await run(redis, "TTL", key) <= 60


@pytest.mark.parametrize("absence", ["stop", "hang"])
async def test_without_redis_the_recorded_turns_count_so_that_no_minute_is_fresh(
    rates: Rates,
    memory: Memory,
    clock: Clock,
    redis: OwnRedis,
    link: RedisLink,
    absence: str,
) -> None:
    contact = await takes_turns(memory, channel="telegram", turns=9)
    assert await goes_through(rates, contact, times=9) == 9
    getattr(redis, absence)()
    await notices(link)

    assert await goes_through(rates, contact) == 1
    await takes_turns(memory, channel="web", turns=1)
    assert await goes_through(rates, contact) == 0
    clock.forward(seconds=61)
    assert await goes_through(rates, contact) == 1


async def test_the_record_counts_a_contact_over_all_channels(
    memory: Memory, clock: Clock
) -> None:
    contact = await takes_turns(memory, channel="telegram", turns=2)
    assert contact == await takes_turns(memory, channel="web", turns=3)
    stranger = await begin(memory, wrote(key="x", by="telegram:2"))
    since = clock.now - timedelta(minutes=1)

    assert await memory.turns.count_since(contact, since) == 5
    assert await memory.turns.count_since(stranger.contact_id, since) == 0


async def test_what_redis_counted_is_found_again_when_it_goes_on(
    rates: Rates, redis: OwnRedis, link: RedisLink, rests: Rests
) -> None:
    await goes_through(rates, AWA, times=10)
    redis.hang()
    await notices(link)
    assert await goes_through(rates, AWA) == 1  # none is recorded in this test

    redis.go_on()
    rests.one_passes()
    await link.ping()

    assert await goes_through(rates, AWA) == 0
