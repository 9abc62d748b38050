"""CPU of this process per turn, and how many calls one turn makes.

The standard library only: LangGraph is measured in an environment of its own.
"""

import asyncio
import gc
import time
from collections.abc import Awaitable, Callable
from cProfile import Profile

Turn = Callable[[], Awaitable[None]]


async def cpu_ms(turn: Turn, *, at_once: int, turns: int) -> float:
    """Milliseconds of CPU for one of `turns` turns, so many at a time."""
    waiting = iter(range(turns))

    async def take_some() -> None:
        for _ in waiting:
            await turn()

    gc.collect()  # nobody pays for what others left behind
    begun = time.process_time()
    await asyncio.gather(*(take_some() for _ in range(at_once)))
    return (time.process_time() - begun) * 1000 / turns


async def calls_of(turn: Turn) -> int:
    """How many functions, of Python and of C, one turn calls."""
    for _ in range(3):
        await turn()
    profile = Profile()
    profile.enable()
    await turn()
    profile.disable()
    return sum(entry.callcount for entry in profile.getstats())
