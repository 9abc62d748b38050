"""A feed as a stream that never ends: news make it prompt, a poll makes it sure."""

import asyncio
from collections.abc import AsyncGenerator

from memory import Live, News

from .chat_events import Event
from .chat_feed import ChatFeed


async def stream(
    feed: ChatFeed, live: Live, *, poll_s: float = 3.0, heartbeat_s: float = 15.0
) -> AsyncGenerator[str]:
    """Everything so far, `ready`, then what happens; a comment when nothing does."""
    with live.listen() as news:
        if feed.begins_anew:
            yield Event(kind="reset", values={}).encode()
        for event in await feed.look():
            yield event.encode()
        yield Event(kind="ready", values={}).encode()
        clock = asyncio.get_running_loop().time
        last_sent = clock()
        while True:
            await _something(news, poll_s)
            for event in await feed.look():
                yield event.encode()
                last_sent = clock()
            if clock() - last_sent >= heartbeat_s:
                yield ": still here\n\n"
                last_sent = clock()


async def _something(news: asyncio.Queue[News], poll_s: float) -> None:
    try:
        await asyncio.wait_for(news.get(), poll_s)
    except TimeoutError:
        return
    while not news.empty():  # one look sees all of it
        news.get_nowait()
