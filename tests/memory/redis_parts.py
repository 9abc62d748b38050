"""A Redis of one test, links to it, and a clock for the rests of their breakers."""

from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any, cast

from redis.asyncio import Redis

from memory.breaker import REST_S
from memory.redis_link import RedisLink
from tests.redis_server import OwnRedis

PATIENCE_S = 20.0  # for what happens soon, however busy the machine
# A link of these tests waits longer than one of the house: a Redis that is there and
# has no turn on a busy machine is not away.
LINK_PATIENCE_S = 2.0


class Rests:
    """The clock of a breaker: its rests pass when the test says so."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now

    def one_passes(self) -> None:
        self.now += REST_S


@asynccontextmanager
async def link_to(redis: OwnRedis, rests: Rests) -> AsyncGenerator[RedisLink]:
    link = RedisLink(redis.url, clock=rests, timeout_s=LINK_PATIENCE_S)
    try:
        yield link
    finally:
        await link.client.aclose()


async def notices(link: RedisLink) -> None:
    """Ask until the breaker has opened."""
    while link.is_well:
        await link.answers()


async def run(redis: OwnRedis, *command: object) -> Any:
    """What Redis answers to a command, from beside the house."""
    link = RedisLink(redis.url, timeout_s=PATIENCE_S)
    try:
        return await asked(link.client, *command)
    finally:
        await link.client.aclose()


async def asked(client: Redis, *command: object) -> Any:
    send = cast("Callable[..., Awaitable[Any]]", client.execute_command)
    return await send(*command)


async def everything_in(redis: OwnRedis) -> dict[str, str]:
    """All keys and values, as text."""
    reading = {"string": ("GET",), "list": ("LRANGE", 0, -1), "hash": ("HGETALL",)}
    kept: dict[str, str] = {}
    for key in await run(redis, "KEYS", "*"):
        command, *rest = reading[await run(redis, "TYPE", key)]
        kept[key] = str(await run(redis, command, key, *rest))
    return kept
