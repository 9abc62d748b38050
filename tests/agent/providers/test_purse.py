"""The money of a day: the usual models, then cheaper ones, then the built-in one."""

import asyncio
from collections.abc import AsyncGenerator
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from agent.providers.purse import DailyPurse, Level
from memory import Memory, Unkept
from memory.records import ModelCall
from tests.conftest import Clock
from tests.counterparts.providers import ProviderCounterpart
from tests.memory.letters import begin

from .kitchen import Chain, chain_of

LIMIT_USD = 10.0
A_MOMENT_S = 6.0  # longer than a sum may serve
KEYS = {"anthropic": "a", "openai": "b"}
USUAL, CHEAP = "claude-haiku-4-5", "claude-cheap"


class Told(list[Level]):
    """What the admins were told."""

    async def __call__(self, level: Level) -> None:
        self.append(level)


class Till:
    """A purse over a real database, and somebody who spends."""

    def __init__(self, memory: Memory, clock: Clock, zone: str) -> None:
        self.told = Told()
        self.looks = 0
        self.is_away = False
        self._memory = memory
        self._clock = clock
        self.purse = DailyPurse(
            LIMIT_USD,
            spent_since=self._spent_since,
            now=lambda: clock().astimezone(ZoneInfo(zone)),
            on_level=self.told,
        )

    async def _spent_since(self, moment: datetime) -> float:
        self.looks += 1
        await asyncio.sleep(0)
        if self.is_away:
            raise Unkept("away")
        return await self._memory.spending.since(moment)

    async def spends(self, usd: float) -> None:
        """A turn cost so much, and a moment goes by."""
        conversation = await begin(self._memory)
        call = ModelCall(
            at=self._clock(),
            provider="anthropic",
            model=USUAL,
            account="1",
            outcome="ok",
            duration_ms=1,
            cost_usd=usd,
        )
        await self._memory.spending.note(conversation.id, "c", [call])
        self._clock.forward(seconds=A_MOMENT_S)


@pytest.fixture
def till(memory: Memory, clock: Clock) -> Till:
    return Till(memory, clock, "Africa/Dakar")


@pytest.fixture
async def chain(counterpart: ProviderCounterpart, till: Till) -> AsyncGenerator[Chain]:
    more = {"ANTHROPIC_CHEAP_MODEL": CHEAP}
    async with chain_of(counterpart, KEYS, more=more, purse=till.purse) as opened:
        yield opened


async def served_by(chain: Chain) -> str:
    """The model that answers now; "offline" is the built-in one."""
    await chain.says("Bonjour")
    return chain.calls[-1].model if chain.served != "offline" else "offline"


async def test_each_level_of_the_day_has_its_model(chain: Chain, till: Till) -> None:
    assert await served_by(chain) == USUAL
    await till.spends(7.99)
    assert await served_by(chain) == USUAL
    await till.spends(0.01)
    assert await served_by(chain) == CHEAP
    await till.spends(1.99)
    assert await served_by(chain) == CHEAP
    asked = len(chain.keys_asked)
    await till.spends(0.01)
    assert await served_by(chain) == "offline"

    assert len(chain.keys_asked) == asked  # nothing that costs was asked
    assert set(till.told) == {"low", "empty"}


async def test_where_no_cheaper_model_is_known_the_usual_one_goes_on(
    counterpart: ProviderCounterpart, till: Till
) -> None:
    async with chain_of(counterpart, KEYS, purse=till.purse) as chain:
        await till.spends(9.0)

        assert await served_by(chain) == USUAL


async def test_a_model_of_the_house_costs_nothing_and_goes_on(
    counterpart: ProviderCounterpart, till: Till
) -> None:
    more = {"OPENAI_TRUSTED": "true"}
    async with chain_of(counterpart, KEYS, more=more, purse=till.purse) as chain:
        await till.spends(11.0)
        await chain.says("Bonjour")

        assert chain.outcomes == ["openai:ok"]


@pytest.mark.parametrize(
    ("zone", "midnight_in"),
    [("Africa/Dakar", 14.0), ("Europe/Paris", 13.0), ("America/New_York", 19.0)],
)
async def test_the_next_day_begins_at_midnight_of_the_place_with_a_full_purse(
    memory: Memory, clock: Clock, zone: str, midnight_in: float
) -> None:
    till = Till(memory, clock, zone)  # it is 10:00 in Greenwich
    await till.spends(10.0)
    clock.forward(hours=midnight_in, seconds=-2 * A_MOMENT_S)
    assert await till.purse.is_empty()

    clock.forward(seconds=A_MOMENT_S + 1)

    assert not await till.purse.is_empty()
    assert not await till.purse.is_low()


async def test_what_was_spent_in_the_night_counts_for_the_new_day(
    memory: Memory, clock: Clock
) -> None:
    till = Till(memory, clock, "Europe/Paris")
    clock.now = datetime(2026, 11, 23, 23, 30, tzinfo=ZoneInfo("UTC"))
    await till.spends(10.0)

    assert await till.purse.is_empty()


async def test_a_day_that_has_passed_is_forgotten_at_once(
    memory: Memory, clock: Clock
) -> None:
    till = Till(memory, clock, "Africa/Dakar")
    await till.spends(10.0)
    clock.now = datetime(2026, 11, 23, 23, 59, 59, tzinfo=ZoneInfo("UTC"))
    assert await till.purse.is_empty()
    till.is_away = True

    clock.forward(seconds=1)

    assert not await till.purse.is_empty()


async def test_the_questions_of_one_moment_look_at_one_sum(till: Till) -> None:
    await till.spends(10.0)

    found = await asyncio.gather(*(till.purse.is_empty() for _ in range(50)))

    assert set(found) == {True}  # not one of them slips through while it is added up
    assert till.looks == 1
    assert till.told == ["empty"]


async def test_a_database_that_is_away_stops_nobody(chain: Chain, till: Till) -> None:
    till.is_away = True
    assert await served_by(chain) == USUAL
    till.is_away = False
    await till.spends(9.0)
    assert await served_by(chain) == CHEAP

    till.is_away = True
    await till.spends(9.0)
    assert await served_by(chain) == CHEAP  # what was known last


async def test_without_a_limit_nothing_is_added_up(
    counterpart: ProviderCounterpart, till: Till
) -> None:
    async with chain_of(counterpart, KEYS) as chain:
        await till.spends(1e6)

        assert await served_by(chain) == USUAL
    assert till.looks == 0
