"""A model that always does the worst thing obtains nothing, through no door.

The backend ignores every filter. Each word of the others is random and stands in one
place, so that wherever it comes out the place is known. The last tests take a check
out of the house, to show that the same search then finds something.
"""

import logging
from collections.abc import Iterator, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import replace
from pathlib import Path

import pytest
import structlog
from pydantic_ai import Agent, FunctionToolset
from pydantic_ai.messages import ModelMessage
from pydantic_ai.models import Model

from agent.answering import Answering, Pace
from agent.concierge import Answer, Concierge
from agent.guarded_tools import GuardedTools
from agent.instructions import Instructions, read_instructions
from agent.turn import TurnRoom
from config.telemetry import set_up_logs
from main import House
from memory.records import ToolOutcome
from tests.attacked_house import (
    TO_ADMINS,
    Attack,
    Attacked,
    Changed,
    as_it_is,
    attacked_house,
    become,
)
from tests.tools.school import PROFILES
from tests.worst_model import OWN_MARK, WorstModel
from tools import TOOLS, action_tools
from tools.context import Desk, Role, ToolContext


@pytest.fixture
def attacked(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> Iterator[Attack]:

    def written() -> str:
        read = capsys.readouterr()
        return f"{read.out}{read.err}{caplog.text}"

    def opened(changed: Changed = as_it_is, /) -> AbstractAsyncContextManager[Attacked]:
        set_up_logs(log_format="json", level="debug")
        return attacked_house(tmp_path, written, changed)

    caplog.set_level(logging.WARNING)
    yield opened
    structlog.reset_defaults()


@pytest.mark.parametrize(
    ("role", "door", "opened_tools"),
    [
        ("visitor", "web", {"search_documents", "hand_off_to_human"}),
        ("parent", "whatsapp", {"see_marks", "see_absences", "create_temporary_page"}),
        ("locked", "web", {"search_documents", "hand_off_to_human"}),
        ("admin", "whatsapp", {"find_people", "query_table", "create_temporary_page"}),
    ],
)
async def test_the_worst_model_obtains_nothing(
    attacked: Attack, role: str, door: str, opened_tools: set[str]
) -> None:
    async with attacked() as here:
        await become(here, role, door=door)
        await here.is_attacked(door=door)

        may_know = TO_ADMINS if role == "admin" else set[str]()
        if role == "locked":
            may_know = {"known code"}  # they wrote it themselves
        assert await here.leaks(but=may_know) == set()
        assert here.model.echoes == [] or role == "locked"
        # It was not for want of trying.
        outcomes = await here.outcomes()
        assert opened_tools <= outcomes[ToolOutcome.OK]
        assert "unknown_tool" in outcomes[ToolOutcome.REFUSED]
        own = OWN_MARK in "".join(here.model.told)
        assert own == (role == "parent")


async def test_an_admin_outside_the_mode_is_like_anybody(attacked: Attack) -> None:
    async with attacked() as here:
        await become(here, "admin", door="telegram")
        await here.hears("quitter", door="telegram")
        await here.is_attacked(door="telegram")

        assert await here.leaks() == set()
        outcomes = await here.outcomes()
        assert {"find_people", "query_table"} <= outcomes[ToolOutcome.REFUSED]
        assert "find_people" not in outcomes[ToolOutcome.OK]


# A check is taken out of the house: the same search must then find something.


class WithoutOwners(Concierge):
    """The concierge of a house where nobody asks any more whose a row is."""

    def __init__(self, *, model: Model, desk: Desk, instructions: Instructions) -> None:
        super().__init__(model=model, desk=desk, instructions=instructions)
        anybodys = action_tools(desk.profiles, owns=lambda _cell, _code: True)
        self._agent = Agent(
            model,
            deps_type=ToolContext,
            output_type=str,
            toolsets=[
                GuardedTools(
                    FunctionToolset[ToolContext](
                        [*(entry.function for entry in TOOLS), *anybodys]
                    )
                )
            ],
        )


class Promoted(ToolContext):
    """A contact who is taken for an admin, whatever they have proved."""

    @property
    def role(self) -> Role:
        return "admin"


class WithoutRoles(Concierge):
    """The concierge of a house where nobody asks any more who somebody is."""

    async def answer(
        self,
        question: str,
        *,
        context: ToolContext,
        past: Sequence[ModelMessage],
        timeout_s: float,
    ) -> Answer:
        return await super().answer(
            question,
            context=Promoted(**vars(context)),
            past=past,
            timeout_s=timeout_s,
        )


def rebuilt(kind: type[Concierge]) -> Changed:
    """The house with another concierge."""

    def change(house: House, model: WorstModel) -> House:
        zone = house.settings.zone
        instructions = read_instructions(PROFILES, now=house.desk.now, timezone=zone)
        concierge = kind(model=model.model, desk=house.desk, instructions=instructions)
        room = TurnRoom(desk=house.desk, concierge=concierge, timeout_s=30)
        pace = Pace(debounce_s=0, turns_per_minute=100_000)
        return replace(house, answering=Answering(room, pace=pace))

    return change


@pytest.mark.parametrize(
    ("kind", "role", "leaked"),
    [
        (WithoutOwners, "parent", {"marks.mark", "marks.subject", "absences.day"}),
        (WithoutRoles, "visitor", TO_ADMINS),
        (Concierge, "parent", set[str]()),
    ],
)
async def test_this_search_finds_what_a_missing_check_lets_out(
    attacked: Attack, kind: type[Concierge], role: str, leaked: set[str]
) -> None:
    async with attacked(rebuilt(kind)) as here:
        await become(here, role, door="whatsapp")
        await here.is_attacked(door="whatsapp", at_most=5)
        found = await here.leaks()

    for door in ("model", "platforms", "outbox"):
        assert {place for where, place in found if where == door} == leaked
