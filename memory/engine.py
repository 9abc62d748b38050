"""The engine that wakes conversations: one turn at a time in each of them.

The inbox is the truth. An engine only calls `drain(conversation_id)` at least once
after each `wake`, and never twice at the same time for the same conversation.
"""

import asyncio
import traceback
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path
from typing import Protocol

import structlog

Drain = Callable[[int], Awaitable[None]]

_log = structlog.get_logger()


class TurnEngine(Protocol):
    """Wakes conversations, in this process or over several machines."""

    async def start(self, drain: Drain) -> None:
        """Begin to call `drain`; first for everything left by an earlier process."""
        ...

    def wake(self, conversation_id: int) -> None:
        """Have the conversation drained soon."""
        ...

    async def stop(self) -> None:
        """Let running turns end for a moment, then cancel them: nothing is lost."""
        ...


class InProcessEngine:
    """One asyncio task per awake conversation, and a sweep that forgets nothing.

    `waiting` names the conversations with waiting messages. It is asked at start
    (what a crash left) and every `sweep_s` seconds (what another process kept).
    """

    def __init__(
        self,
        waiting: Callable[[], Awaitable[Sequence[int]]],
        *,
        max_concurrent_turns: int,
        sweep_s: float = 2.0,
        patience_s: float = 5.0,
    ) -> None:
        self._waiting = waiting
        self._places = asyncio.Semaphore(max_concurrent_turns)
        self._sweep_s = sweep_s
        self._patience_s = patience_s
        self._awake: dict[int, asyncio.Task[None]] = {}
        self._again: set[int] = set()
        self._drain: Drain | None = None
        self._sweeper: asyncio.Task[None] | None = None

    async def start(self, drain: Drain) -> None:
        self._drain = drain
        self._sweeper = asyncio.create_task(self._sweep_for_ever())

    def wake(self, conversation_id: int) -> None:
        if self._drain is None:
            return  # not started, or stopped: the next start finds the message
        if conversation_id in self._awake:
            self._again.add(conversation_id)
            return
        task = asyncio.create_task(self._run(self._drain, conversation_id))
        self._awake[conversation_id] = task

    async def stop(self) -> None:
        self._drain = None
        tasks = list(self._awake.values())
        if self._sweeper:
            self._sweeper.cancel()
            await asyncio.gather(self._sweeper, return_exceptions=True)
        if tasks:
            await asyncio.wait(tasks, timeout=self._patience_s)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _run(self, drain: Drain, conversation_id: int) -> None:
        try:
            async with self._places:
                self._again.discard(conversation_id)
                await drain(conversation_id)
        except Exception as error:  # noqa: BLE001  (the loop of a worker)
            # Not its text: a validation error quotes what somebody wrote.
            _log.error(
                "drain_failed",
                conversation=conversation_id,
                error=type(error).__name__,
                frames=_frames(error),
            )
        finally:
            del self._awake[conversation_id]
            if conversation_id in self._again:
                self._again.discard(conversation_id)
                self.wake(conversation_id)

    async def _sweep_for_ever(self) -> None:
        while True:
            try:
                for conversation_id in await self._waiting():
                    self.wake(conversation_id)
            except Exception:  # noqa: BLE001  (the database is away: sweep again)
                _log.warning("sweep_failed")
            await asyncio.sleep(self._sweep_s)


def _frames(error: Exception) -> list[str]:
    """Where it went wrong, innermost last: file and line, no values."""
    return [
        f"{Path(frame.filename).name}:{frame.lineno} {frame.name}"
        for frame in traceback.extract_tb(error.__traceback__)[-8:]
    ]
