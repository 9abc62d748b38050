"""How many turns a contact may have in a minute, over all channels and processes."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Protocol

from .sql.turns import Turns


class Window(Protocol):
    """Counts turns outside the record of them."""

    async def hit(self, contact_id: int, *, per_minute: int) -> bool | None:
        """Count one turn; False: it is one too many; None: nobody counts now."""
        ...


class Rates:
    """The limit on turns: by a shared window, or by the turns that are recorded.

    The record knows the turns of every process and of before a restart, so that no
    contact gets a fresh minute when the window goes away.
    """

    def __init__(
        self, turns: Turns, now: Callable[[], datetime], *, window: Window | None = None
    ) -> None:
        self._turns = turns
        self._now = now
        self._window = window

    async def let_through(self, contact_id: int, *, per_minute: int) -> bool:
        """Whether the contact may have a turn now; asked just before each turn."""
        if self._window:
            counted = await self._window.hit(contact_id, per_minute=per_minute)
            if counted is not None:
                return counted
        minute_ago = self._now() - timedelta(minutes=1)
        return await self._turns.count_since(contact_id, minute_ago) < per_minute
