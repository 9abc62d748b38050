"""Sessions beside a Redis: they last as long, and Redis gives no right."""

from collections.abc import AsyncGenerator
from datetime import UTC, timedelta

import pytest
import sqlalchemy as sa

from memory import Memory, Stores, open_memory
from memory.redis_link import RedisLink
from memory.redis_sessions import SessionCache
from memory.sql.sessions import Sessions
from memory.sql.tables import sessions as table
from tests.conftest import Clock
from tests.redis_server import OwnRedis

from .contract import OnPostgres, OnSqlite
from .letters import begin
from .redis_parts import Rests, everything_in, link_to, notices, run
from .test_sessions import MARIE, SessionsContract

LIFETIME = timedelta(minutes=30)
LITTLE = timedelta(minutes=1)  # how far the record may lie behind


class WithRedis:
    """The contract of sessions once more, with a Redis beside the database."""

    @pytest.fixture
    async def memory(
        self, url: str, clock: Clock, redis: OwnRedis
    ) -> AsyncGenerator[Memory]:
        async with open_memory(
            url, now=clock, stores=Stores(redis_url=redis.url)
        ) as opened:
            yield opened

    @pytest.fixture
    async def neighbour(
        self, url: str, clock: Clock, redis: OwnRedis
    ) -> AsyncGenerator[Memory]:
        async with open_memory(
            url, now=clock, stores=Stores(redis_url=redis.url)
        ) as opened:
            yield opened


class TestSqlite(WithRedis, OnSqlite, SessionsContract):
    pass


class TestPostgres(WithRedis, OnPostgres, SessionsContract):
    pass


@pytest.fixture
async def link(redis: OwnRedis, rests: Rests) -> AsyncGenerator[RedisLink]:
    async with link_to(redis, rests) as opened:
        yield opened


@pytest.fixture
def sessions(memory: Memory, clock: Clock, link: RedisLink) -> Sessions:
    return beside_redis(memory, clock, link)


@pytest.fixture
async def contact(memory: Memory) -> int:
    return (await begin(memory)).contact_id


def beside_redis(memory: Memory, clock: Clock, link: RedisLink) -> Sessions:
    slides = SessionCache(link, lifetime=LIFETIME)
    return Sessions(memory.database, clock, minutes=30, slides=slides)


async def test_a_burst_slides_in_redis_and_the_record_follows(
    sessions: Sessions, memory: Memory, clock: Clock, contact: int
) -> None:
    proved = await sessions.prove(contact, MARIE)
    clock.forward(seconds=20)

    assert (await sessions.touch(contact)).expires_at == clock.now + LIFETIME
    assert await memory.sessions.of(contact) == proved  # not recorded

    clock.forward(seconds=40)
    await sessions.touch(contact)
    recorded = await memory.sessions.of(contact)
    assert recorded.expires_at == clock.now + LIFETIME


async def test_a_session_lasts_to_the_second_from_the_last_message_of_a_burst(
    sessions: Sessions, clock: Clock, contact: int
) -> None:
    await sessions.prove(contact, MARIE)
    clock.forward(seconds=50)
    await sessions.touch(contact)

    clock.forward(minutes=30, seconds=-1)
    assert (await sessions.of(contact)).parent == MARIE
    clock.forward(seconds=1)
    assert (await sessions.of(contact)).parent is None


async def test_what_slid_in_one_process_has_slid_in_another(
    sessions: Sessions,
    memory: Memory,
    clock: Clock,
    contact: int,
    redis: OwnRedis,
    rests: Rests,
) -> None:
    await sessions.prove(contact, MARIE)
    clock.forward(seconds=50)
    await sessions.touch(contact)
    clock.forward(minutes=29, seconds=30)

    async with link_to(redis, rests) as second:
        other = beside_redis(memory, clock, second)
        assert (await other.touch(contact)).parent == MARIE
    assert (await memory.sessions.of(contact)).parent == MARIE  # and is recorded


async def test_when_redis_forgets_a_session_ends_a_little_early_and_never_late(
    sessions: Sessions, clock: Clock, contact: int, redis: OwnRedis
) -> None:
    await sessions.prove(contact, MARIE)
    clock.forward(seconds=50)
    await sessions.touch(contact)
    redis.stop()

    clock.forward(minutes=29)
    assert (await sessions.of(contact)).parent == MARIE
    clock.forward(seconds=10)
    assert (await sessions.of(contact)).parent is None


@pytest.mark.parametrize("absence", ["stop", "hang"])
async def test_without_redis_each_message_is_recorded(
    sessions: Sessions,
    memory: Memory,
    clock: Clock,
    contact: int,
    redis: OwnRedis,
    absence: str,
) -> None:
    await sessions.prove(contact, MARIE)
    getattr(redis, absence)()
    for _ in range(5):
        clock.forward(seconds=10)
        assert (await sessions.touch(contact)).parent == MARIE

        recorded = await memory.sessions.of(contact)
        assert recorded.expires_at == clock.now + LIFETIME


async def test_what_ended_while_redis_hung_is_ended_when_it_goes_on(
    sessions: Sessions,
    memory: Memory,
    clock: Clock,
    contact: int,
    redis: OwnRedis,
    rests: Rests,
    link: RedisLink,
) -> None:
    await sessions.prove(contact, MARIE)
    clock.forward(seconds=10)
    await sessions.touch(contact)
    redis.hang()
    await notices(link)
    await sessions.end(contact)

    redis.go_on()
    rests.one_passes()
    async with link_to(redis, rests) as second:
        for process in (sessions, beside_redis(memory, clock, second)):
            assert (await process.of(contact)).parent is None
            assert (await process.touch(contact)).parent is None


async def test_what_a_process_without_redis_ends_is_ended_for_all(
    sessions: Sessions, memory: Memory, clock: Clock, contact: int
) -> None:
    await sessions.prove(contact, MARIE)
    await sessions.set_admin_mode(contact, on=True)
    clock.forward(seconds=10)
    await sessions.touch(contact)

    await memory.sessions.end(contact)

    seen = await sessions.touch(contact)
    assert (seen.parent, seen.admin_mode) == (None, False)


async def test_a_session_that_is_shortened_by_hand_in_the_record_ends_then(
    sessions: Sessions, memory: Memory, clock: Clock, contact: int
) -> None:
    await sessions.prove(contact, MARIE)
    clock.forward(seconds=50)
    await sessions.touch(contact)

    async with memory.database.write() as connection:
        await connection.execute(sa.update(table).values(expires_at=clock.now))

    assert (await sessions.of(contact)).parent is None
    assert (await sessions.touch(contact)).parent is None


async def test_an_entry_of_an_earlier_time_comes_back_and_counts_no_more(
    sessions: Sessions, clock: Clock, contact: int, redis: OwnRedis
) -> None:
    await sessions.prove(contact, MARIE)
    clock.forward(seconds=50)
    await sessions.touch(contact)
    [(key, old)] = (await everything_in(redis)).items()
    await sessions.end(contact)

    await run(redis, "SET", key, old)

    for seconds in (0, 29 * 60, 59, 1, 60):
        clock.forward(seconds=seconds)
        assert (await sessions.of(contact)).parent is None
        assert (await sessions.touch(contact)).parent is None


@pytest.mark.parametrize("shift", [timedelta(days=9), timedelta(seconds=50)])
async def test_whoever_writes_into_redis_gains_a_minute_at_most(
    sessions: Sessions, clock: Clock, contact: int, redis: OwnRedis, shift: timedelta
) -> None:
    proved = await sessions.prove(contact, MARIE)
    assert proved.expires_at
    recorded = proved.expires_at.astimezone(UTC)
    forged = f"{recorded.isoformat()} {(recorded + shift).isoformat()}"
    await run(redis, "SET", f"gust:session:{contact}", forged)

    clock.now = recorded + min(shift, LITTLE) - timedelta(seconds=1)
    seen = await sessions.of(contact)
    assert (seen.parent, seen.expires_at) == (MARIE, recorded + min(shift, LITTLE))
    clock.forward(seconds=1)
    assert (await sessions.of(contact)).parent is None
    assert (await sessions.touch(contact)).parent is None


@pytest.mark.parametrize("rest", ["", " ", " soon", " 2026-11-23T11:00:00", " 7 8"])
async def test_an_entry_that_is_none_is_as_good_as_nothing(
    sessions: Sessions, clock: Clock, contact: int, redis: OwnRedis, rest: str
) -> None:
    proved = await sessions.prove(contact, MARIE)
    assert proved.expires_at
    entry = f"{proved.expires_at.isoformat()}{rest}"
    await run(redis, "SET", f"gust:session:{contact}", entry)

    clock.forward(minutes=30)

    assert (await sessions.of(contact)).parent is None


async def test_redis_holds_nothing_personal_and_forgets_with_the_session(
    sessions: Sessions, clock: Clock, contact: int, redis: OwnRedis
) -> None:
    await sessions.prove(contact, MARIE)
    clock.forward(seconds=10)
    await sessions.touch(contact)

    [(key, entry)] = (await everything_in(redis)).items()

    assert key == f"gust:session:{contact}"
    times = "2026-11-23T10:30:00+00:00 2026-11-23T10:30:10+00:00"
    assert entry == times
    assert 0 < await run(redis, "TTL", key) <= LIFETIME.total_seconds()
