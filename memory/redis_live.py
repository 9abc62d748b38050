"""News of all processes: what one of them does, the readers of the others hear.

In this process news arrive as before, whatever Redis does. Through Redis they are
quicker than the look that every reader takes by itself; what gets lost is no loss.
"""

import asyncio
import json
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from typing import Any, Protocol, cast, get_args
from uuid import uuid4

import structlog
from redis.asyncio import Redis
from redis.exceptions import ConnectionError as NoConnection
from redis.exceptions import RedisError

from .live import Kind, Live, News
from .redis_link import RedisLink, connect, end_if_cancelled

_KINDS = frozenset(get_args(Kind))
_OURS_ONLY = frozenset({"typing"})  # the process that writes shows the sign, once
_SILENCE_S = 5.0  # before the reader asks whether Redis is still there
_CONNECT_S = 2.0
_AGAIN_S = 2.0  # before the reader connects again
_QUEUE = 1000

_log = structlog.get_logger()


class _Subscription(Protocol):
    """What we use of redis-py's PubSub, which has no types."""

    async def subscribe(self, channel: str) -> None: ...
    async def ping(self) -> None: ...
    async def get_message(
        self,
        *,
        timeout: float,  # noqa: ASYNC109  (redis-py's name)
    ) -> dict[str, Any] | None: ...
    async def aclose(self) -> None: ...


class RedisLive(Live):
    """Publish here and to the other processes; hear them too, while `run` runs."""

    def __init__(
        self,
        link: RedisLink,
        url: str,
        *,
        silence_s: float = _SILENCE_S,
        again_s: float = _AGAIN_S,
    ) -> None:
        super().__init__()
        self._link = link
        self._silence_s = silence_s
        self._again_s = again_s
        # Another client: its reader waits for news, and the fast one never waits.
        self._reader = connect(url, timeout_s=_CONNECT_S)
        database = self._reader.connection_pool.connection_kwargs.get("db", 0)
        # Redis keeps channels apart by their names only, not by database.
        self._channel = f"{link.prefix}live:{database}"
        self._me = uuid4().hex
        self._to_tell: asyncio.Queue[News] = asyncio.Queue(maxsize=_QUEUE)
        self._hears = asyncio.Event()

    def publish(self, kind: Kind, conversation_id: int | None = None) -> None:
        super().publish(kind, conversation_id)
        if kind in _OURS_ONLY:
            return
        if self._to_tell.full():
            self._to_tell.get_nowait()
        self._to_tell.put_nowait(News(kind, conversation_id))

    @property
    def is_heard(self) -> bool:
        """Whether the other processes are heard, as far as we know."""
        return self._hears.is_set()

    async def until_heard(self) -> None:
        """Wait until the other processes are heard."""
        await self._hears.wait()

    async def run(self) -> None:
        """Tell and hear until cancelled."""
        telling = asyncio.create_task(self._tell_for_ever())
        try:
            await self._hear_for_ever()
        finally:
            telling.cancel()
            await asyncio.gather(telling, return_exceptions=True)
            await self._reader.aclose()

    async def _tell_for_ever(self) -> None:
        while True:
            news = await self._to_tell.get()
            text = json.dumps([self._me, news.kind, news.conversation_id])

            async def publish(redis: Redis, text: str = text) -> int:
                return await redis.publish(self._channel, text)  # pyright: ignore[reportUnknownMemberType]

            await self._link.ask(publish, otherwise=0)

    async def _hear_for_ever(self) -> None:
        while True:
            try:
                await self._hear()
            except (RedisError, OSError) as error:
                if self._hears.is_set():
                    _log.warning("redis_live_away", error=type(error).__name__)
            self._hears.clear()
            end_if_cancelled()
            await asyncio.sleep(self._again_s)

    async def _hear(self) -> None:
        opened = cast("Callable[[], _Subscription]", self._reader.pubsub)
        subscription = opened()
        try:
            await subscription.subscribe(self._channel)
            is_asked = False
            while True:
                end_if_cancelled()
                message = await subscription.get_message(timeout=self._silence_s)
                if message is not None:
                    self._take(message)
                    is_asked = False
                elif is_asked:
                    raise NoConnection("silent")
                else:
                    await subscription.ping()
                    is_asked = True
        finally:
            await subscription.aclose()

    def _take(self, message: dict[str, Any]) -> None:
        if message["type"] == "subscribe":
            self._hears.set()
        if message["type"] != "message":
            return
        news = _read(message["data"], not_by=self._me)
        if news:
            super().publish(news.kind, news.conversation_id)


def _read(text: str, *, not_by: str) -> News | None:
    """The news of another process; None for our own, and for what is none."""
    try:
        by, kind, conversation_id = json.loads(text)
    except (ValueError, TypeError):
        return None
    is_kind = isinstance(kind, str) and kind in _KINDS
    is_number = conversation_id is None or type(conversation_id) is int
    if by == not_by or not is_kind or not is_number:
        return None
    return News(cast("Kind", kind), conversation_id)


@asynccontextmanager
async def open_live(link: RedisLink, url: str) -> AsyncGenerator[RedisLive]:
    """News of all processes until the end of the block."""
    live = RedisLive(link, url)
    running = asyncio.create_task(live.run())
    try:
        yield live
    finally:
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
