"""News of all processes: quicker through Redis, and there without it."""

import asyncio
import json
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

import pytest
from structlog.testing import capture_logs

from memory import Live, News
from memory.redis_live import RedisLive
from tests.redis_server import OwnRedis, redis_of_one_test

from .redis_parts import PATIENCE_S, Rests, link_to, notices, run

CHANNEL = "gust:live:0"


@asynccontextmanager
async def process(
    redis: OwnRedis, rests: Rests, *, silence_s: float = 5.0, database: int = 0
) -> AsyncGenerator[RedisLive]:
    """The news of one process, which reconnects at once."""
    url = f"{redis.url[:-1]}{database}"
    async with link_to(redis, rests) as link:
        live = RedisLive(link, url, silence_s=silence_s, again_s=0.01)
        running = asyncio.create_task(live.run())
        try:
            yield live
        finally:
            running.cancel()
            await asyncio.gather(running, return_exceptions=True)


@asynccontextmanager
async def two_processes(
    redis: OwnRedis, rests: Rests
) -> AsyncGenerator[tuple[RedisLive, RedisLive]]:
    async with process(redis, rests) as mine, process(redis, rests) as yours:
        async with asyncio.timeout(PATIENCE_S):
            await mine.until_heard()
            await yours.until_heard()
        yield mine, yours


async def next_of(news: asyncio.Queue[News]) -> News:
    return await asyncio.wait_for(news.get(), PATIENCE_S)


async def test_what_one_process_does_the_readers_of_another_hear_once(
    redis: OwnRedis, rests: Rests
) -> None:
    async with two_processes(redis, rests) as (mine, yours):
        with mine.listen() as here, yours.listen() as there:
            mine.publish("answered", 7)
            mine.publish("outgoing")
            yours.publish("sent", 8)

            heard = [await next_of(there) for _ in range(3)]
            assert await next_of(here) == News("answered", 7)
            assert await next_of(here) == News("outgoing")
            assert await next_of(here) == News("sent", 8)
            mine.publish("handoff", 9)
            assert await next_of(there) == News("handoff", 9)
            assert await next_of(here) == News("handoff", 9)

            assert set(heard) == {
                News("answered", 7),
                News("outgoing"),
                News("sent", 8),
            }
            assert here.empty()
            assert there.empty()


async def test_the_sign_of_writing_is_shown_by_the_process_that_writes_only(
    redis: OwnRedis, rests: Rests
) -> None:
    async with two_processes(redis, rests) as (mine, yours):
        with mine.listen() as here, yours.listen() as there:
            mine.publish("typing", 7)
            mine.publish("answered", 7)

            assert await next_of(here) == News("typing", 7)
            assert await next_of(there) == News("answered", 7)


@pytest.mark.parametrize(
    "junk",
    [
        *("", "{", "7", "null", "[]", "{}", '"abc"', '["x", "sent"]'),
        *('["x", "erased", 7]', '["x", ["sent"], 7]', '["x", "sent", "7"]'),
        '["x", "sent", true]',
    ],
)
async def test_what_is_no_news_is_not_heard_and_harms_nobody(
    redis: OwnRedis, rests: Rests, junk: str
) -> None:
    async with process(redis, rests) as live:
        await asyncio.wait_for(live.until_heard(), PATIENCE_S)
        with live.listen() as news:
            await run(redis, "PUBLISH", CHANNEL, junk)
            good = json.dumps(["another process", "sent", 7])
            await run(redis, "PUBLISH", CHANNEL, good)

            assert await next_of(news) == News("sent", 7)


async def test_installations_in_two_databases_of_one_redis_do_not_hear_each_other(
    redis: OwnRedis, rests: Rests
) -> None:
    async with (
        process(redis, rests) as ours,
        process(redis, rests, database=1) as theirs,
    ):
        async with asyncio.timeout(PATIENCE_S):
            await ours.until_heard()
            await theirs.until_heard()
        assert await run(redis, "PUBSUB", "NUMSUB", CHANNEL) == [CHANNEL, 1]


async def test_away_at_the_start_news_are_those_of_this_process_until_it_comes(
    rests: Rests,
) -> None:
    with redis_of_one_test() as redis:
        async with process(redis, rests) as mine, process(redis, rests) as yours:
            with mine.listen() as here:
                mine.publish("received", 7)
                assert here.get_nowait() == News("received", 7)

            redis.start()
            async with asyncio.timeout(PATIENCE_S):
                await mine.until_heard()
                await yours.until_heard()
            with yours.listen() as there:
                rests.one_passes()
                mine.publish("received", 8)
                # What was said before may be told still, and need not.
                while await next_of(there) != News("received", 8):
                    pass


async def test_stopped_and_started_again_it_is_heard_again_and_told_once(
    redis: OwnRedis, rests: Rests
) -> None:
    async with two_processes(redis, rests) as (mine, yours):
        with capture_logs() as logs:
            redis.stop()
            with mine.listen() as here:
                mine.publish("received", 7)
                assert here.get_nowait() == News("received", 7)
            await gone_for(mine)
            await gone_for(yours)
            redis.start()
            async with asyncio.timeout(PATIENCE_S):
                await mine.until_heard()
                await yours.until_heard()

        with yours.listen() as there:
            rests.one_passes()
            mine.publish("received", 8)
            while await next_of(there) != News("received", 8):
                pass
    told = [log["event"] for log in logs if log["event"] == "redis_live_away"]
    assert len(told) == 2  # one for each process


async def gone_for(live: RedisLive) -> None:
    async with asyncio.timeout(PATIENCE_S):
        while live.is_heard:  # noqa: ASYNC110  (nobody else tells)
            await asyncio.sleep(0.01)


async def test_a_redis_that_hangs_is_found_silent_and_heard_again_later(
    redis: OwnRedis, rests: Rests
) -> None:
    async with process(redis, rests, silence_s=0.05) as live:
        await asyncio.wait_for(live.until_heard(), PATIENCE_S)
        redis.hang()
        with live.listen() as news:
            live.publish("received", 7)
            assert news.get_nowait() == News("received", 7)
        await gone_for(live)

        redis.go_on()

        await asyncio.wait_for(live.until_heard(), PATIENCE_S)


async def test_news_that_nobody_could_be_told_are_not_hoarded(
    redis: OwnRedis, rests: Rests
) -> None:
    async with link_to(redis, rests) as link:
        redis.hang()
        await notices(link)
        live: Live = RedisLive(link, redis.url)
        with live.listen() as news:
            for number in range(2500):
                live.publish("received", number)

            assert news.qsize() == 1000


async def test_a_process_that_stops_while_it_connects_ends(
    redis: OwnRedis, rests: Rests
) -> None:
    for steps in range(80):
        async with link_to(redis, rests) as link:
            running = asyncio.create_task(RedisLive(link, redis.url).run())
            for _ in range(steps):
                await asyncio.sleep(0)
            running.cancel()

            ended, _ = await asyncio.wait([running], timeout=PATIENCE_S)

            assert ended, f"it runs on when it is told to end after {steps} steps"
