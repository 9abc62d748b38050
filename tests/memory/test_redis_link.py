"""The way to Redis: an answer at once, or none; and never a wrong one."""

import asyncio
from collections.abc import Awaitable, Callable

import pytest
from redis.asyncio import Redis
from structlog.testing import capture_logs

from memory import RedisAway
from memory.breaker import FAILURES_TO_OPEN
from memory.redis_link import RedisLink
from memory.redis_state import redis_state
from tests.redis_server import OwnRedis, free_port, redis_of_one_test

from .redis_parts import Rests, asked, link_to, notices, run


def echo(text: str) -> Callable[[Redis], Awaitable[str]]:
    async def said(redis: Redis) -> str:
        return await asked(redis, "ECHO", text)

    return said


async def test_what_redis_answers_comes_back(redis: OwnRedis, rests: Rests) -> None:
    async with link_to(redis, rests) as link:
        assert await link.ask(echo("ici"), otherwise="away") == "ici"
        await link.ping()
        assert await link.answers()
        assert link.is_well


async def test_a_redis_that_is_not_there_yet_is_used_once_it_is(rests: Rests) -> None:
    with redis_of_one_test() as redis:
        async with link_to(redis, rests) as link:
            await notices(link)
            assert await link.ask(echo("ici"), otherwise="away") == "away"

            redis.start()
            assert await link.ask(echo("ici"), otherwise="away") == "away"
            rests.one_passes()

            assert await link.ask(echo("ici"), otherwise="away") == "ici"
            assert link.is_well


async def test_a_redis_that_stops_and_starts_again_is_left_and_found(
    redis: OwnRedis, rests: Rests
) -> None:
    async with link_to(redis, rests) as link:
        assert await link.answers()
        redis.stop()
        assert await link.ask(echo("ici"), otherwise="away") == "away"
        await notices(link)

        redis.start()
        rests.one_passes()

        assert await link.ask(echo("ici"), otherwise="away") == "ici"


async def test_a_redis_that_hangs_is_left_and_its_late_answers_are_nobodys(
    redis: OwnRedis, rests: Rests
) -> None:
    async with link_to(redis, rests) as link:
        assert await link.answers()
        redis.hang()
        asked = [link.ask(echo(f"{n}"), otherwise="away") for n in range(20)]
        assert set(await asyncio.gather(*asked)) == {"away"}
        assert not link.is_well

        redis.go_on()
        rests.one_passes()
        await link.ping()

        for n in range(50):
            assert await link.ask(echo(f"new {n}"), otherwise="away") == f"new {n}"


async def test_a_call_given_up_in_the_middle_leaves_no_answer_for_the_next(
    redis: OwnRedis, rests: Rests
) -> None:
    async with link_to(redis, rests) as link:
        assert await link.answers()
        redis.hang()
        given_up = asyncio.create_task(link.ask(echo("old"), otherwise="away"))
        await asyncio.sleep(0.05)
        given_up.cancel()
        await asyncio.gather(given_up, return_exceptions=True)
        redis.go_on()

        assert await link.ask(echo("new"), otherwise="away") == "new"


async def test_who_rests_is_not_called(redis: OwnRedis, rests: Rests) -> None:
    called: list[Redis] = []

    async def refused(client: Redis) -> None:
        called.append(client)
        await asked(client, "NO SUCH COMMAND")

    async with link_to(redis, rests) as link:
        for _ in range(10):
            await link.ask(refused, otherwise=None)
        assert len(called) == FAILURES_TO_OPEN

        with pytest.raises(RedisAway):
            await link.ping()


async def test_going_away_and_coming_back_is_logged_once(
    redis: OwnRedis, rests: Rests
) -> None:
    async with link_to(redis, rests) as link:
        redis.stop()
        with capture_logs() as logs:
            for _ in range(10):
                await link.answers()
            redis.start()
            rests.one_passes()
            for _ in range(3):
                await link.answers()

    assert [log["event"] for log in logs] == ["redis_away", "redis_back"]


async def test_a_password_is_in_no_log_and_no_text_of_the_link(rests: Rests) -> None:
    link = RedisLink(f"redis://:hunter2@127.0.0.1:{free_port()}/0", clock=rests)
    with capture_logs() as logs:
        await notices(link)
    await link.client.aclose()

    assert logs
    assert "hunter2" not in f"{logs} {link!r} {link.client!r}"


async def test_check_tells_version_and_patience_or_what_to_mend(
    redis: OwnRedis,
) -> None:
    is_well, told = await redis_state(redis.url)
    assert is_well
    assert f"127.0.0.1:{redis.port}/0; version " in told
    assert "0.3 s at most" in told

    redis.hang()
    assert await is_away(redis.url, "does not answer within 3 s")
    redis.stop()
    assert await is_away(redis.url, "is it started")
    assert await is_away(f"unix:///nowhere/{free_port()}", "Redis at /nowhere/")


async def test_check_tells_a_password_that_is_refused_and_does_not_print_it(
    redis: OwnRedis,
) -> None:
    at = redis.url.removeprefix("redis://")

    assert await is_away(f"redis://gust:hunter2@{at}", "refuses the user or password")


async def test_check_tells_a_redis_that_does_not_let_us_write(redis: OwnRedis) -> None:
    rights = ["on", ">hunter2", "~*", "+@read", "+@connection"]
    await run(redis, "ACL", "SETUSER", "reader", *rights)
    at = redis.url.removeprefix("redis://")

    assert await is_away(f"redis://reader:hunter2@{at}", "does not let us write")


async def is_away(url: str, why: str) -> bool:
    is_well, told = await redis_state(url)
    assert why in told
    assert "without it all goes on" in told
    assert "hunter2" not in told
    return not is_well


@pytest.mark.parametrize("error", [None, TimeoutError()])
async def test_who_is_told_to_end_ends_though_redis_py_lost_it(
    redis: OwnRedis, rests: Rests, error: Exception | None
) -> None:
    begun = asyncio.Event()

    async def loses_it(_redis: Redis) -> str:
        begun.set()
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            if error:
                raise error from None
        return "as if nothing had been"

    async with link_to(redis, rests) as link:
        asking = asyncio.create_task(link.ask(loses_it, otherwise="away"))
        await begun.wait()
        asking.cancel()

        with pytest.raises(asyncio.CancelledError):
            await asking
