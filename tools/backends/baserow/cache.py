"""What was read of each table, for a short while and until the table changes."""

import asyncio
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Hashable
from dataclasses import dataclass
from typing import Generic, TypeVar

TTL_S = 45.0  # the safety net where no webhook reaches us
AT_MOST = 256

T = TypeVar("T")


@dataclass(frozen=True)
class _Kept(Generic[T]):
    value: T
    until: float


class TableCache(Generic[T]):
    """Reads by table and question. One reader at a time asks the same thing."""

    def __init__(self, *, clock: Callable[[], float], ttl_s: float = TTL_S) -> None:
        self._clock = clock
        self._ttl_s = ttl_s
        self._generations: dict[int, int] = {}
        self._kept: OrderedDict[Hashable, _Kept[T]] = OrderedDict()
        self._readers: dict[Hashable, asyncio.Lock] = {}

    async def get(
        self, table_id: int, question: Hashable, read: Callable[[], Awaitable[T]]
    ) -> T:
        """The answer that is kept, or else the one that `read` gives."""
        # The generation of before the reading: what changes meanwhile is read again.
        key = (table_id, self._generations.get(table_id, 0), question)
        try:
            async with self._readers.setdefault(key, asyncio.Lock()):
                self._drop_the_old()
                if key not in self._kept:
                    value = await read()
                    self._kept[key] = _Kept(value, self._clock() + self._ttl_s)
                return self._kept[key].value
        finally:
            self._readers.pop(key, None)

    def changed(self, table_id: int) -> None:
        """What was read of this table is not served any more."""
        self._generations[table_id] = self._generations.get(table_id, 0) + 1

    def _drop_the_old(self) -> None:
        # Personal data is not kept longer than it is served.
        now = self._clock()
        for key in [key for key, kept in self._kept.items() if kept.until <= now]:
            del self._kept[key]
        while len(self._kept) >= AT_MOST:
            self._kept.popitem(last=False)
