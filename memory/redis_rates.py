"""A window of one minute that moves with the time, counted by Redis for everybody."""

from limits import RateLimitItemPerMinute
from limits.aio.storage import RedisStorage
from limits.aio.strategies import MovingWindowRateLimiter
from redis.asyncio import Redis

from .redis_link import RedisLink


class RedisWindow:
    """Turns of the last 60 seconds by contact, exact, over all processes.

    The window is a list of at most `per_minute` times in Redis, looked at and
    lengthened in one step: of any number that ask at once the right one go through.
    """

    def __init__(self, link: RedisLink) -> None:
        self._link = link
        storage = RedisStorage(
            "async+redis://",  # not used: the pool of the link is
            implementation="redispy",
            key_prefix=f"{link.prefix}rate",
            connection_pool=link.client.connection_pool,  # pyright: ignore[reportArgumentType]  (its options are typed as scalars)
        )
        self._limiter = MovingWindowRateLimiter(storage)

    async def hit(self, contact_id: int, *, per_minute: int) -> bool | None:
        limit = RateLimitItemPerMinute(per_minute)

        async def counted(_redis: Redis) -> bool | None:
            return await self._limiter.hit(limit, "contact", str(contact_id))

        return await self._link.ask(counted, otherwise=None)
