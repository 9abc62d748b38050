"""What the processes of an installation share while there is a Redis, and it answers.

Without one every part is missing, and its place is taken by this process or by the
record. redis-py and limits cost a tenth of a second each: imported when configured.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .redis_link import RedisLink
    from .redis_live import RedisLive
    from .redis_rates import RedisWindow
    from .redis_sessions import SessionCache


@dataclass(frozen=True, kw_only=True)
class Shared:
    """The parts that stand on Redis; all of them None without REDIS_URL."""

    link: RedisLink | None = None
    live: RedisLive | None = None
    window: RedisWindow | None = None
    slides: SessionCache | None = None


NOTHING_SHARED = Shared()


@asynccontextmanager
async def open_shared(url: str, *, session_minutes: int) -> AsyncGenerator[Shared]:
    """The shared parts until the end of the block; an empty `url`: none.

    Raises:
        ValueError: the URL is not one.
    """
    if not url:
        yield NOTHING_SHARED
        return
    from .redis_link import open_link
    from .redis_live import open_live
    from .redis_rates import RedisWindow
    from .redis_sessions import SessionCache

    async with open_link(url) as link, open_live(link, url) as live:
        yield Shared(
            link=link,
            live=live,
            window=RedisWindow(link),
            slides=SessionCache(link, lifetime=timedelta(minutes=session_minutes)),
        )
