"""Everything on Redis at once, as a process opens it."""

import asyncio
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from memory import Live, Stores, open_memory
from memory.redis_live import RedisLive
from memory.redis_state import redis_state
from tests.conftest import Clock
from tests.redis_server import OwnRedis

from .redis_parts import PATIENCE_S, everything_in, run

NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
# As docs/data.md gives them to a user of our own.
RIGHTS = ("on", ">password", "~gust:*", "&gust:*", "+@all", "-@dangerous")


@pytest.fixture
def database(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path}/gust.db"


async def test_the_rights_that_the_manual_names_are_enough(
    redis: OwnRedis, clock: Clock, database: str
) -> None:
    await run(redis, "ACL", "SETUSER", "gust", *RIGHTS)
    url = redis.url.replace("//", "//gust:password@")

    is_well, told = await redis_state(url)
    assert is_well, told
    async with open_memory(database, now=clock, stores=Stores(redis_url=url)) as memory:
        shared = memory.shared
        assert shared.window
        assert shared.slides
        assert isinstance(memory.live, RedisLive)
        await asyncio.wait_for(memory.live.until_heard(), PATIENCE_S)
        assert await shared.window.hit(1, per_minute=1) is True
        assert await shared.window.hit(1, per_minute=1) is False
        later = NOON + timedelta(minutes=1)
        assert await shared.slides.slide(1, recorded=NOON, until=later)
        assert await shared.slides.until(1, recorded=NOON) == later
        assert memory.shared.link
        assert memory.shared.link.is_well


async def test_every_key_is_ours_and_expires_by_itself(
    redis: OwnRedis, clock: Clock, database: str
) -> None:
    async with open_memory(
        database, now=clock, stores=Stores(redis_url=redis.url)
    ) as memory:
        assert memory.shared.window
        assert memory.shared.slides
        await memory.shared.window.hit(1, per_minute=9)
        await memory.shared.slides.slide(1, recorded=NOON, until=NOON)

    kept = await everything_in(redis)
    assert len(kept) == 2
    for key in kept:
        assert key.startswith("gust:")
        assert await run(redis, "TTL", key) > 0


async def test_without_an_address_there_is_nothing_of_redis(
    clock: Clock, database: str
) -> None:
    async with open_memory(database, now=clock) as memory:
        assert memory.shared.link is None
        assert type(memory.live) is Live
        assert list(memory.checks) == ["database"]
        assert await memory.redis_answers() is None
