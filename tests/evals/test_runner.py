import asyncio
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from evals.case_files import CaseFile, load_cases
from evals.results import Repetition
from evals.runner import Pace, run_evals
from evals.world import BuildHouse, CaseWorld, House, TurnSeen
from tests.evals.scripted import (
    CALM,
    ScriptedHouse,
    answer,
    building,
    case,
    write_cases,
)

TWO_TURNS = [{"say": "un"}, {"say": "deux"}]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path


def cases_of(folder: Path, *cases: dict[str, Any]) -> Sequence[CaseFile]:
    return load_cases([write_cases(folder, *cases)])


async def play(folder: Path, build: BuildHouse, **changes: Any) -> Repetition:
    results = await run_evals(cases_of(folder, case(**changes)), build)
    return results.cases[0].repetitions[0]


async def test_a_case_that_is_answered_as_expected_passes(folder: Path) -> None:
    played = await play(folder, building(lambda _: answer("Bonjour !")))

    assert played.passed
    assert played.state == CALM
    (turn,) = played.turns
    assert (turn.say, turn.replies, turn.provider) == (
        "bonjour",
        ("Bonjour !",),
        "offline",
    )


async def test_a_finding_names_its_turn(folder: Path) -> None:
    turns = [{"say": "un"}, {"say": "deux", "expect": {"calls": ["x"]}}]

    played = await play(folder, building(lambda _: answer("oui")), turns=turns)

    assert played.failures == ["turn 2: expected the calls [x], saw []"]
    assert played.turns[0].failures == ()


async def test_what_is_wrong_at_the_end_stands_with_the_last_turn(folder: Path) -> None:
    build = building(lambda _: answer("bonjour"), replace(CALM, pages=1))

    played = await play(folder, build, end={"pages": 0}, turns=TWO_TURNS)

    assert played.turns[1].failures == ("end: pages should be 0, is 1",)
    assert not played.passed


async def test_what_a_guard_changed_is_noted_and_decides_nothing(folder: Path) -> None:
    seen = replace(answer("bonjour"), findings=("promise taken out",))

    played = await play(folder, building(lambda _: seen))

    assert played.passed
    assert played.turns[0].findings == ("guard: promise taken out",)


async def test_messages_go_to_the_house_as_written(folder: Path) -> None:
    houses: list[ScriptedHouse] = []
    turns = [{"say": ["un", "deux"]}, {"say": "trois", "from": "800"}]
    build = building(lambda _: answer("bonjour"), houses=houses)

    await play(folder, build, channel="telegram", turns=turns, **{"from": "700"})

    assert houses[0].heard == [
        ("telegram", "700", "un\ndeux"),
        ("telegram", "800", "trois"),
    ]


@pytest.mark.parametrize("role", ["contact", "admin", "staff"])
async def test_the_house_is_built_for_the_world_and_the_role(
    folder: Path, role: str
) -> None:
    worlds: list[CaseWorld] = []

    await play(folder, building(lambda _: answer("o"), worlds=worlds), role=role)

    person = frozenset({"whatsapp:+221770000101"})
    assert worlds == [
        CaseWorld(
            folder=(folder / "cases" / "village").resolve(),
            model="offline",
            case="greeting",
            admins=person if role == "admin" else frozenset(),
            staff=person if role == "staff" else frozenset(),
        )
    ]


async def test_each_repetition_has_a_house_of_its_own(folder: Path) -> None:
    houses: list[ScriptedHouse] = []
    build = building(
        lambda _: answer("bonjour" if len(houses) != 2 else "bof"), houses=houses
    )

    results = await run_evals(
        cases_of(folder, case()), build, pace=Pace(repeat=4, concurrency=1)
    )

    (only,) = results.cases
    assert len(houses) == 4
    assert all(len(house.heard) == 1 for house in houses)
    assert only.pass_1 == 0.75
    assert not only.passed
    assert results.passed == 0


async def test_a_house_that_breaks_fails_its_case_and_no_other(folder: Path) -> None:
    def script(text: str) -> TurnSeen:
        if text == "deux":
            raise RuntimeError("the roof\nfell in")
        return answer("bonjour")

    cases = cases_of(folder, case(id="a", turns=TWO_TURNS), case(id="b"))
    results = await run_evals(cases, building(script))

    broken, sound = results.cases
    (play,) = broken.repetitions
    (failure,) = play.failures
    assert failure.startswith(
        "turn 2: the house broke: RuntimeError: the roof fell in (test_runner.py:"
    )
    assert [turn.say for turn in play.turns] == ["un", "deux"]
    assert play.state is None
    assert sound.passed


async def test_a_house_that_cannot_be_built_fails_the_first_turn(folder: Path) -> None:
    @asynccontextmanager
    async def build(world: CaseWorld, /) -> AsyncGenerator[House]:
        if world:
            raise ValueError("a broken profile")
        yield ScriptedHouse(lambda _: answer())

    played = await play(folder, build, turns=TWO_TURNS)

    (turn,) = played.turns
    assert turn.say == "un"
    assert "turn 1: the house broke: ValueError: a broken profile" in turn.failures[0]


async def test_a_house_that_breaks_at_the_end_fails_the_last_turn(folder: Path) -> None:
    @asynccontextmanager
    async def build(world: CaseWorld, /) -> AsyncGenerator[House]:
        yield ScriptedHouse(lambda _: answer("bonjour"))
        raise OSError("the door would not close")

    played = await play(folder, build)

    assert played.failures[0].startswith("end: the house broke: OSError")
    assert played.state == CALM


async def test_a_house_that_hangs_is_left(folder: Path) -> None:
    class Slow(ScriptedHouse):
        async def say(
            self, texts: Sequence[str], *, sender: str, channel: str
        ) -> TurnSeen:
            await asyncio.Event().wait()
            raise AssertionError

    @asynccontextmanager
    async def build(world: CaseWorld, /) -> AsyncGenerator[House]:
        yield Slow(lambda _: answer())

    (results,) = (
        await run_evals(cases_of(folder, case()), build, pace=Pace(turn_timeout_s=0.01))
    ).cases

    assert results.repetitions[0].failures == ["turn 1: no answer within 0.01 s"]


async def test_a_timeout_inside_the_house_is_not_our_impatience(folder: Path) -> None:
    def script(text: str) -> TurnSeen:
        raise TimeoutError("the drawer was stuck")

    played = await play(folder, building(script))

    assert "TimeoutError: the drawer was stuck" in played.failures[0]


async def test_results_keep_the_order_of_the_cases(folder: Path) -> None:
    ids = [f"case-{number}" for number in range(6)]
    cases = cases_of(folder, *(case(id=id_) for id_ in ids))
    seen: list[tuple[int, int]] = []

    results = await run_evals(
        cases,
        building(lambda _: answer("bonjour")),
        pace=Pace(concurrency=3),
        on_progress=lambda done, total: seen.append((done, total)),
    )

    assert [result.id for result in results.cases] == ids
    assert seen == [(number, 6) for number in range(1, 7)]


async def test_as_many_houses_are_open_as_asked_and_no_more(folder: Path) -> None:
    open_now = 0
    most = 0
    three_together = asyncio.Barrier(3)

    class Patient(ScriptedHouse):
        async def say(
            self, texts: Sequence[str], *, sender: str, channel: str
        ) -> TurnSeen:
            await three_together.wait()
            return await super().say(texts, sender=sender, channel=channel)

    @asynccontextmanager
    async def build(world: CaseWorld, /) -> AsyncGenerator[House]:
        nonlocal open_now, most
        open_now += 1
        most = max(most, open_now)
        yield Patient(lambda _: answer("bonjour"))
        open_now -= 1

    pace = Pace(repeat=6, concurrency=3)
    results = await run_evals(cases_of(folder, case()), build, pace=pace)

    assert results.passed == 1
    assert most == 3
