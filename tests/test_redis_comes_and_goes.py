"""Redis is away, hangs, comes back: people are answered, and codes stay counted."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Generator
from contextlib import aclosing, asynccontextmanager
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from prometheus_client import generate_latest

from channels.web.chat_feed import ChatFeed
from channels.web.chat_stream import stream
from channels.web.parts import DemoContact
from channels.web_chat import WebChat
from config.telemetry import gauges_of
from main import House, utc_now, web_app, working
from memory import Stores, open_memory
from memory.records import Incoming, Message, MessageState, Outgoing
from memory.redis_live import RedisLive
from tests.agent.scripted import Script
from tests.conftest import Clock
from tests.redis_server import OwnRedis, redis_of_one_test
from tests.tools.school import AWA, School, call
from tests.whole_house import (
    PATIENCE_S,
    called,
    settings_in,
    settled,
    until,
    whole_house,
)

AWA_AT_HOME = DemoContact(key="awa", label="Awa", alias="web:awa", role="", hint="")


@pytest.fixture
def redis() -> Generator[OwnRedis]:
    """A Redis that has not been started."""
    with redis_of_one_test() as own:
        yield own


@asynccontextmanager
async def a_process(
    folder: Path, redis: OwnRedis, *, now: Callable[[], datetime] = utc_now, **more: str
) -> AsyncGenerator[House]:
    """A house on the database of `folder`; several share it."""
    async with whole_house(
        settings_in(folder, REDIS_URL=redis.url, **more),
        model=Script("Oui.").model,
        channels={WebChat.name: WebChat()},
        now=now,
    ) as house:
        yield house


async def awa_writes(house: House, key: str, *, tells: bool = True) -> Message:
    message = await house.memory.inbox.receive(
        Incoming(
            key=key,
            channel=WebChat.name,
            aliases=(AWA_AT_HOME.alias,),
            address=AWA_AT_HOME.key,
            text="C'est ouvert ?",
            sent_at=house.desk.now(),
            correlation_id=key,
        )
    )
    assert message
    if tells:
        house.memory.live.publish("received", message.conversation_id)
    house.engine.wake(message.conversation_id)
    return message


async def is_answered(house: House, key: str) -> None:
    message = await awa_writes(house, key)
    assert (await settled(house.memory, message.id)).state is MessageState.ANSWERED


async def test_people_are_answered_whatever_redis_does(
    tmp_path: Path, redis: OwnRedis
) -> None:
    async with a_process(tmp_path, redis) as house, working(house):
        await is_answered(house, "before-it-is-there")
        redis.start()
        await until(house.memory.redis_answers)
        await is_answered(house, "while-it-is-there")
        redis.stop()
        await is_answered(house, "when-it-stopped")
        redis.start()
        await until(house.memory.redis_answers)
        await is_answered(house, "when-it-is-back")
        redis.hang()
        for number in range(5):
            await is_answered(house, f"while-it-hangs-{number}")
        redis.go_on()
        await until(house.memory.redis_answers)
        await is_answered(house, "when-it-goes-on")


async def test_redis_away_is_shown_and_the_process_stays_ready(
    tmp_path: Path, redis: OwnRedis
) -> None:
    async with a_process(tmp_path, redis) as house, called(web_app(house)) as http:
        away = await http.get("/ready")
        assert (away.status_code, away.json()["status"]) == (200, "ready")
        assert away.json()["checks"] == {"database": "ok", "redis": "away"}

        redis.start()
        await until(house.memory.redis_answers)
        there = await http.get("/ready")
        assert there.json()["checks"] == {"database": "ok", "redis": "ok"}
        await until_the_metrics_show(house, "redis_up 1.0")

        redis.hang()
        await until_the_metrics_show(house, "redis_up 0.0")
        hung = await http.get("/ready")
        assert hung.json()["checks"] == {"database": "ok", "redis": "away"}
        assert hung.status_code == 200


async def until_the_metrics_show(house: House, line: str) -> None:
    async def is_shown() -> bool:
        return line in generate_latest(house.metrics.registry).decode().splitlines()

    async with gauges_of(house.metrics, house.memory):
        await until(is_shown)


async def test_without_redis_nothing_of_it_is_asked_or_shown(tmp_path: Path) -> None:
    async with (
        whole_house(settings_in(tmp_path), model=Script("Oui.").model) as house,
        called(web_app(house)) as http,
    ):
        assert (await http.get("/ready")).json()["checks"] == {"database": "ok"}
        await until_the_metrics_show(house, "redis_up NaN")


@asynccontextmanager
async def web_chat_of(house: House) -> AsyncGenerator[AsyncIterator[str]]:
    """What a browser is sent, when nothing but news makes the feed look again."""
    feed = ChatFeed(house.memory, AWA_AT_HOME, now=utc_now, epoch="1")
    sent = stream(feed, house.memory.live, poll_s=3600)
    async with aclosing(sent):
        async for event in sent:
            if "event: ready" in event:
                break
        yield sent


async def test_the_web_process_shows_at_once_what_the_worker_process_did(
    tmp_path: Path, redis: OwnRedis
) -> None:
    redis.start()
    async with (
        a_process(tmp_path, redis) as web,
        a_process(tmp_path, redis) as worker,
        working(worker),
    ):
        await everybody_is_heard(web, worker)
        async with web_chat_of(web) as events:
            writing = asyncio.create_task(awa_writes_again_and_again(web))
            async with asyncio.timeout(PATIENCE_S):
                async for event in events:
                    if "Oui." in event:
                        break
            writing.cancel()


async def awa_writes_again_and_again(house: House) -> None:
    """News may be lost on a busy machine; then those of the next message tell."""
    for number in range(100):
        await awa_writes(house, f"m{number}", tells=False)
        await asyncio.sleep(4)


async def everybody_is_heard(*houses: House) -> None:
    async with asyncio.timeout(PATIENCE_S):
        for house in houses:
            assert isinstance(house.memory.live, RedisLive)
            await house.memory.live.until_heard()


async def test_ten_turns_a_minute_hold_over_two_processes(
    tmp_path: Path, redis: OwnRedis
) -> None:
    redis.start()
    clock = Clock()  # of the record, which stands still: Redis counts
    limit = {"RATE_LIMIT_PER_MINUTE": "3"}
    async with (
        a_process(tmp_path, redis, now=clock, **limit) as one,
        a_process(tmp_path, redis, now=clock, **limit) as other,
    ):
        for number in range(6):
            message = await awa_writes(one, f"m{number}")
            process = other if number % 2 else one
            await process.answering.drain(message.conversation_id)

        waiting = await one.memory.inbox.waiting(1)
        assert [message.key for message in waiting] == ["m3", "m4", "m5"]
        assert {message.attempts for message in waiting} == {0}
        assert len(await replies(one)) == 3

        redis.stop()
        clock.forward(seconds=61)
        await other.answering.drain(1)  # by the record, in one turn
        assert list(await one.memory.inbox.waiting(1)) == []
        assert len(await replies(one)) == 4


async def replies(house: House) -> list[Outgoing]:
    return list(await house.memory.outbox.of_conversation(1))


@pytest.mark.parametrize("absence", ["never_started", "stop", "hang"])
async def test_wrong_codes_are_counted_and_lock_without_redis(
    tmp_path: Path, clock: Clock, redis: OwnRedis, absence: str
) -> None:
    if absence != "never_started":
        redis.start()
    url = f"sqlite:///{tmp_path}/gust.db"
    async with open_memory(
        url, now=clock, stores=Stores(redis_url=redis.url)
    ) as memory:
        school = School(memory, clock)
        for number in range(5):
            if number == 2 and absence != "never_started":
                getattr(redis, absence)()
            guess = f"WRONG-{number}"
            context = await school.wrote(guess)
            answer = await call(context, "verify_parent_code", code=guess)
            assert not answer["verified"]

        context = await school.wrote(AWA)
        right = await call(context, "verify_parent_code", code=AWA)
        assert (right["verified"], right["reason"]) == (False, "locked")

        clock.now += timedelta(minutes=16)
        again = await school.wrote(AWA)
        assert (await call(again, "verify_parent_code", code=AWA))["verified"]
