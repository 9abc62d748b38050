"""What one process hears of itself: wake the delivery, show that we are writing."""

import asyncio
from collections.abc import Callable, Mapping

import structlog

from memory import Memory, News

from .channel import Channel

_log = structlog.get_logger()

_SOMETHING_TO_SEND = ("outgoing", "answered", "handoff")


class TypingSigns:
    """Shows the signs of the conversations that are being answered."""

    def __init__(self, memory: Memory, channels: Mapping[str, Channel]) -> None:
        self._memory = memory
        self._channels = channels
        self._running: set[asyncio.Task[None]] = set()

    async def follow(
        self, news: asyncio.Queue[News], wake_delivery: Callable[[], None]
    ) -> None:
        """Act on the news until cancelled."""
        while True:
            latest = await news.get()
            if latest.kind in _SOMETHING_TO_SEND:
                wake_delivery()
            elif latest.kind == "typing" and latest.conversation_id is not None:
                # Apart: a slow platform must not keep us from the next news.
                task = asyncio.create_task(self._show(latest.conversation_id))
                self._running.add(task)
                task.add_done_callback(self._running.discard)

    async def _show(self, conversation_id: int) -> None:
        try:
            conversation = await self._memory.inbox.conversation(conversation_id)
            channel = self._channels.get(conversation.channel)
            if channel:
                await channel.show_typing(conversation.address)
        except Exception as error:  # noqa: BLE001  (a worker: a sign does not matter)
            _log.warning("typing_not_shown", error=type(error).__name__)
