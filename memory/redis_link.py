"""The way to Redis, for everything that may be lost: quick, or not at all.

Nobody waits for a Redis that is away: after a few failures it is left in peace, and
each caller goes on with what it has of its own. Nothing in Redis is a truth.
"""

import asyncio
import time
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import TypeVar, cast

import structlog
from redis.asyncio import Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import RedisError

from .breaker import Breaker
from .errors import RedisAway

TIMEOUT_S = 0.3  # nothing in Redis is worth waiting for
PREFIX = "gust:"  # of every key and channel of ours

_T = TypeVar("_T")
_log = structlog.get_logger()


class RedisLink:
    """One fast client and its breaker; one for all of a process.

    `clock` counts seconds, from anywhere: it times the rests of the breaker.
    """

    def __init__(
        self,
        url: str,
        *,
        clock: Callable[[], float] = time.monotonic,
        prefix: str = PREFIX,
        timeout_s: float = TIMEOUT_S,
    ) -> None:
        self.prefix = prefix
        self.timeout_s = timeout_s
        self.client = connect(url, timeout_s=timeout_s)
        self._breaker = Breaker(clock)

    @property
    def is_well(self) -> bool:
        """Whether Redis answered lately, as far as this process has asked it."""
        return not self._breaker.is_open

    async def ask(
        self, command: Callable[[Redis], Awaitable[_T]], *, otherwise: _T
    ) -> _T:
        """What Redis answers to `command`, or `otherwise` while it is away."""
        if not self._breaker.lets_through():
            return otherwise
        try:
            answer = await command(self.client)
        except (RedisError, OSError) as error:
            if self._breaker.failed():
                # Not its text, which may quote the address with a password.
                _log.warning("redis_away", error=type(error).__name__)
            end_if_cancelled()
            return otherwise
        if self._breaker.went_well():
            _log.info("redis_back")
        end_if_cancelled()
        return answer

    async def ping(self) -> None:
        """Make sure that Redis answers.

        Raises:
            RedisAway: it does not, or is left in peace for a moment.
        """
        if not await self.ask(_ping, otherwise=False):
            raise RedisAway

    async def answers(self) -> bool:
        """Whether Redis answers now."""
        return await self.ask(_ping, otherwise=False)


def end_if_cancelled() -> None:
    """End this task if it was told to: redis-py loses that while it connects.

    Seen with redis-py 8.1: a process that stopped at such a moment never ended.
    """
    task = asyncio.current_task()
    if task and task.cancelling():
        raise asyncio.CancelledError


def connect(url: str, *, timeout_s: float) -> Redis:
    """A client that tries once and waits `timeout_s` at most. Nothing is sent yet.

    redis-py 8.1 may retry ten times: 4.5 s when nobody listens, more than 20 s when
    Redis hangs (measured). Without retries it is this time-out.

    Raises:
        ValueError: the URL is not one.
    """
    opened = cast("Callable[..., Redis]", Redis.from_url)
    return opened(
        url,
        decode_responses=True,
        socket_timeout=timeout_s,
        socket_connect_timeout=timeout_s,
        retry=Retry(NoBackoff(), 0),
    )


@asynccontextmanager
async def open_link(url: str) -> AsyncGenerator[RedisLink]:
    """The link until the end of the block; Redis need not be there.

    Raises:
        ValueError: the URL is not one.
    """
    link = RedisLink(url)
    try:
        yield link
    finally:
        await link.client.aclose()


async def _ping(redis: Redis) -> bool:
    ping = cast("Callable[[], Awaitable[bool]]", redis.ping)
    return await ping()
