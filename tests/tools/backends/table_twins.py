"""The same tables on each twin: a folder of CSV files, and a Baserow on a counterpart."""

import asyncio
from collections.abc import AsyncGenerator, Iterable
from contextlib import asynccontextmanager
from datetime import UTC

from tests.counterparts.baserow import TOKEN, BaserowCounterpart
from tools.backends.baserow import BaserowAccess, BaserowTables, open_calls
from tools.profile import Profile

ACCESS = BaserowAccess(url="http://baserow.test", token=TOKEN)


class Seconds:
    """A clock in seconds that obeys."""

    def __init__(self) -> None:
        self.now = 1000.0
        self.slept: list[float] = []

    def __call__(self) -> float:
        return self.now

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        await asyncio.sleep(0)


@asynccontextmanager
async def baserow_on(
    counterpart: BaserowCounterpart,
    profiles: Iterable[Profile] = (),
    *,
    clock: Seconds | None = None,
) -> AsyncGenerator[BaserowTables]:
    """The tables of a counterpart. Nobody sleeps between two tries."""
    now = clock or Seconds()
    async with open_calls(
        ACCESS, transport=counterpart.transport(), clock=now, sleep=now.sleep
    ) as calls:
        yield BaserowTables(calls, profiles=profiles, zone=UTC, clock=now)
