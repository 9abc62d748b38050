"""How long sessions last since their last message, for a moment only in Redis.

A session slides with every message. Writing that down costs a transaction; within a
burst Redis remembers it instead, and the record follows a little later. What a
contact has proved is never here: Redis can lengthen a session that the record still
knows, by a little, and give nothing else (docs/decisions/0016).
"""

from collections.abc import Awaitable
from datetime import datetime, timedelta
from typing import Any, cast

from redis.asyncio import Redis

from .redis_link import RedisLink


class SessionCache:
    """Until when a session lasts, beside the time that is recorded in SQL.

    An entry is bound to the recorded time on which it builds: every change of a
    session records another one, so that a stale entry counts no more.
    """

    def __init__(self, link: RedisLink, *, lifetime: timedelta) -> None:
        self._link = link
        self._lifetime = lifetime

    async def slide(
        self, contact_id: int, *, recorded: datetime, until: datetime
    ) -> bool:
        """Remember that the session lasts `until`; False: Redis is away."""
        entry = f"{recorded.isoformat()} {until.isoformat()}"

        async def keep(redis: Redis) -> bool:
            kept = redis.set(self._key(contact_id), entry, ex=self._lifetime)
            return bool(await cast("Awaitable[Any]", kept))

        return await self._link.ask(keep, otherwise=False)

    async def until(self, contact_id: int, *, recorded: datetime) -> datetime | None:
        """Until when the session lasts; None: not known, what is recorded counts."""

        async def read(redis: Redis) -> str | None:
            found = redis.get(self._key(contact_id))
            return await cast("Awaitable[str | None]", found)

        entry = await self._link.ask(read, otherwise=None)
        builds_on, _, until = (entry or "").partition(" ")
        if builds_on != recorded.isoformat():
            return None
        try:
            moment = datetime.fromisoformat(until)
        except ValueError:
            return None
        return moment if moment.tzinfo else None

    def _key(self, contact_id: int) -> str:
        return f"{self._link.prefix}session:{contact_id}"
