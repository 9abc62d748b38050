"""News inside one process: who should look again, and what just happened.

Nothing here is a truth. Whoever misses a piece of news finds everything in the
database; news only makes it sooner.
"""

import asyncio
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Literal

Kind = Literal["received", "typing", "answered", "outgoing", "sent", "handoff"]


@dataclass(frozen=True)
class News:
    """One thing that happened. `conversation_id` is None for a card to staff."""

    kind: Kind
    conversation_id: int | None = None


class Live:
    """Publish and subscribe. A slow reader loses the oldest news, not the newest."""

    def __init__(self) -> None:
        self._readers: set[asyncio.Queue[News]] = set()

    def publish(self, kind: Kind, conversation_id: int | None = None) -> None:
        """Tell everybody who listens now."""
        for queue in self._readers:
            if queue.full():
                queue.get_nowait()
            queue.put_nowait(News(kind, conversation_id))

    @contextmanager
    def listen(self) -> Generator[asyncio.Queue[News]]:
        """A queue of what happens from now on."""
        queue: asyncio.Queue[News] = asyncio.Queue(maxsize=1000)
        self._readers.add(queue)
        try:
            yield queue
        finally:
            self._readers.discard(queue)
