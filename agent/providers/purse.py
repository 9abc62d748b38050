"""What may still be spent today, over all processes: the database adds it up."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Literal

from memory import MemoryFault

Level = Literal["low", "empty"]

LOW = 0.8  # of the day's money: from then on cheaper models serve
_LOOKED_FOR = timedelta(seconds=5)  # how long a sum may serve


class DailyPurse:
    """The day's money; `on_level` hears when little or nothing is left of it."""

    def __init__(
        self,
        limit_usd: float,
        *,
        spent_since: Callable[[datetime], Awaitable[float]],
        now: Callable[[], datetime],
        on_level: Callable[[Level], Awaitable[None]],
    ) -> None:
        self._limit_usd = limit_usd
        self._spent_since = spent_since
        self._now = now
        self._on_level = on_level
        self._share = 0.0
        self._looked_at: datetime | None = None
        self._day: datetime | None = None
        self._one_looks = asyncio.Lock()  # whoever comes meanwhile waits for the truth

    async def is_low(self) -> bool:
        return await self._spent() >= LOW

    async def is_empty(self) -> bool:
        return await self._spent() >= 1.0

    async def _spent(self) -> float:
        """The share of the day's money that is gone."""
        async with self._one_looks:
            now = self._now()
            day = now.replace(hour=0, minute=0, second=0, microsecond=0)
            if day != self._day:
                self._day, self._share, self._looked_at = day, 0.0, None
            if self._looked_at is None or now - self._looked_at > _LOOKED_FOR:
                self._looked_at = now
                with suppress(MemoryFault):  # what was known last still holds
                    self._share = await self._spent_since(day) / self._limit_usd
                    await self._tell()
            return self._share

    async def _tell(self) -> None:
        if self._share >= 1.0:
            await self._on_level("empty")
        elif self._share >= LOW:
            await self._on_level("low")
