"""A new house for each play of a case, over whatever main opens."""

from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Protocol

from memory import Memory

from .house import InProcessHouse
from .outage import outage_environment
from .recording import RecordingChannel, recording_channels
from .world import CaseWorld, House


@dataclass(frozen=True, kw_only=True)
class OpenedHouse:
    """The parts of a real house that a conversation touches."""

    memory: Memory
    answer: Callable[[int], Awaitable[None]]  # drains a conversation
    deliver: Callable[[], Awaitable[None]]  # sends all that is due
    now: Callable[[], datetime]


class OpenHouse(Protocol):
    """How main opens a house with an empty database, and doors that only record."""

    def __call__(
        self, world: CaseWorld, doors: Mapping[str, RecordingChannel], /
    ) -> AbstractAsyncContextManager[OpenedHouse]:
        """The house of one case."""
        ...


class EvalHouses:
    """The `BuildHouse` of the real wiring."""

    def __init__(self, open_house: OpenHouse) -> None:
        self._open_house = open_house

    @asynccontextmanager
    async def __call__(self, world: CaseWorld, /) -> AsyncGenerator[House]:
        doors = recording_channels()
        async with (
            outage_environment(world.outage) as failing,
            self._open_house(_with(world, failing), doors) as opened,
        ):
            yield InProcessHouse(
                opened.memory,
                answer=opened.answer,
                deliver=opened.deliver,
                channels=doors,
                now=opened.now,
            )


def _with(world: CaseWorld, variables: Mapping[str, str]) -> CaseWorld:
    return replace(world, variables={**world.variables, **variables})
