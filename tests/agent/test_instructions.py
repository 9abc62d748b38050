"""What the agent is told, by role."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from agent.instructions import Instructions, read_instructions
from memory import Memory
from tests.conftest import Clock

from .house import ADMIN_ALIAS, CODE, MARKS, PROFILES, build_house
from .scripted import call

DAKAR = ZoneInfo("Africa/Dakar")


@pytest.fixture
def instructions(clock: Clock) -> Instructions:
    return read_instructions(PROFILES, now=clock, timezone=DAKAR)


def test_every_role_has_its_own_text(instructions: Instructions) -> None:
    texts = instructions.by_role

    assert set(texts) == {"visitor", "parent", "admin"}
    assert len(set(texts.values())) == 3


def test_a_visitor_is_told_what_a_code_would_open(instructions: Instructions) -> None:
    assert MARKS.description in instructions.by_role["visitor"]


def test_a_world_without_actions_promises_nothing(clock: Clock) -> None:
    bare = read_instructions({}, now=clock, timezone=DAKAR)

    assert "With a parent code" not in bare.by_role["visitor"]


async def test_the_stable_part_comes_first_and_today_last(
    memory: Memory, clock: Clock, instructions: Instructions
) -> None:
    clock.now = datetime(2026, 12, 24, 23, 30, tzinfo=UTC)
    house = build_house(memory, clock)

    await house.answers("Bonjour")

    [told] = house.script.told
    assert told.startswith(instructions.by_role["visitor"])
    assert "Thursday 24 December 2026, 23:30 (Africa/Dakar)" in told


async def test_each_role_is_told_its_own_part(
    memory: Memory, clock: Clock, instructions: Instructions
) -> None:
    house = build_house(
        memory, clock, call("verify_parent_code", code=CODE), "Bonjour."
    )
    await house.answers("admin", by=ADMIN_ALIAS)
    await house.answers(CODE, by="telegram:2")
    await house.answers("ses notes ?", by="telegram:2")
    await house.answers("les demandes ?", by=ADMIN_ALIAS)

    visitor, *_, parent, admin = house.script.told
    assert visitor.startswith(instructions.by_role["visitor"])
    assert parent.startswith(instructions.by_role["parent"])
    assert "has proved a parent code" in parent
    assert admin.startswith(instructions.by_role["admin"])


async def test_no_code_is_told_to_the_model_that_the_contact_did_not_write(
    memory: Memory, clock: Clock
) -> None:
    house = build_house(memory, clock)

    await house.answers("Bonjour")

    assert CODE not in str(house.script.seen) + str(house.script.told)
