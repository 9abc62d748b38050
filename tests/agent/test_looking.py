"""A parent who waits for long reads once that somebody is looking."""

import asyncio
from collections.abc import Awaitable, Callable, Generator
from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest
from pydantic_ai.exceptions import UnexpectedModelBehavior

from agent.texts import FRENCH
from memory import Memory
from memory.sql.outbox import Outbox
from tests.conftest import Clock

from .house import build_house

ANSWER = "Le catéchisme est à 16 h."
AT_ONCE_S, NEVER_S = 0.001, 3600.0

Looking = Callable[[], Awaitable[None]]


@pytest.fixture
def looking(memory: Memory) -> Generator[Looking]:
    """To await the next time that the house says, or tries to say, that it looks."""
    with memory.live.listen() as news:

        async def said() -> None:
            while (await news.get()).kind != "outgoing":
                pass

        yield said


async def test_a_long_turn_says_once_that_it_is_looking_and_then_answers(
    memory: Memory, clock: Clock, looking: Looking
) -> None:
    async def after_a_while() -> str:
        await looking()
        return ANSWER

    house = build_house(memory, clock, after_a_while, looking_after_s=AT_ONCE_S)

    replies = await house.answers("C'est à quelle heure ?")

    assert replies == [FRENCH.looking, ANSWER]
    assert "Je regarde" in FRENCH.looking


async def test_a_contact_who_writes_english_reads_it_in_english(
    memory: Memory, clock: Clock, looking: Looking
) -> None:
    async def after_a_while() -> str:
        await looking()
        return "At four."

    house = build_house(memory, clock, after_a_while, looking_after_s=AT_ONCE_S)

    replies = await house.answers("What time does the class begin, please?")

    assert replies == ["Let me look, one moment…", "At four."]


async def test_a_quick_turn_says_nothing_of_it(memory: Memory, clock: Clock) -> None:
    house = build_house(memory, clock, ANSWER, looking_after_s=NEVER_S)

    assert await house.answers("C'est à quelle heure ?") == [ANSWER]


async def test_a_turn_that_is_tried_again_does_not_say_it_again(
    memory: Memory, clock: Clock, looking: Looking
) -> None:
    async def fails_after_a_while() -> str:
        await looking()
        raise UnexpectedModelBehavior("?")

    async def after_a_while() -> str:
        await looking()
        return ANSWER

    house = build_house(
        memory, clock, fails_after_a_while, after_a_while, looking_after_s=AT_ONCE_S
    )

    first = await house.answers("C'est à quelle heure ?")
    await house.answering.drain(1)

    assert first == [FRENCH.looking]
    assert await house.replies(1) == [FRENCH.looking, ANSWER]


class LateOutbox(Outbox):
    """Keeps nothing before the model has answered, and then takes its time."""

    def __init__(self, memory: Memory, now: Callable[[], datetime]) -> None:
        super().__init__(memory.database, now)
        self.begun, self.answered = asyncio.Event(), asyncio.Event()

    async def put(self, **outgoing: Any) -> None:
        self.begun.set()
        await self.answered.wait()
        await asyncio.sleep(0.05)
        await super().put(**outgoing)


async def test_a_reply_waits_for_it_when_it_is_on_its_way(
    memory: Memory, clock: Clock
) -> None:
    late = LateOutbox(memory, clock)

    async def meanwhile() -> str:
        await late.begun.wait()
        late.answered.set()
        return ANSWER

    slow = replace(memory, outbox=late)
    house = build_house(slow, clock, meanwhile, looking_after_s=AT_ONCE_S)

    assert await house.answers("Alors ?") == [FRENCH.looking, ANSWER]


async def test_it_is_never_said_after_the_reply(memory: Memory, clock: Clock) -> None:
    house = build_house(memory, clock, ANSWER, looking_after_s=0)

    for number in range(8):
        replies = await house.answers(f"Et le groupe {number} ?")
        assert replies in ([ANSWER], [FRENCH.looking, ANSWER])
        assert asyncio.all_tasks() == {asyncio.current_task()}  # nobody still looks


async def test_each_question_that_takes_long_has_its_own(
    memory: Memory, clock: Clock, looking: Looking
) -> None:
    async def after_a_while() -> str:
        await looking()
        return ANSWER

    house = build_house(memory, clock, after_a_while, looking_after_s=AT_ONCE_S)

    for _ in range(2):
        assert await house.answers("Alors ?") == [FRENCH.looking, ANSWER]


async def test_a_turn_that_is_over_time_says_it_before_its_apology(
    memory: Memory, clock: Clock
) -> None:
    async def never() -> str:
        await asyncio.Event().wait()
        return ANSWER

    house = build_house(memory, clock, never, timeout_s=0.5, looking_after_s=AT_ONCE_S)

    assert await house.answers("Alors ?") == [FRENCH.looking, FRENCH.too_slow]
