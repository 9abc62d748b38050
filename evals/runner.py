"""Plays cases: each repetition in a house of its own, several at a time."""

import asyncio
import traceback
from collections.abc import Callable, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, replace
from pathlib import Path

from .case import Case, CaseTurn
from .case_files import ROOT, CaseFile
from .checks import check_end, check_turn
from .errors import NotAsMeant
from .results import CaseResult, Repetition, Results, TurnResult
from .world import BuildHouse, CaseWorld, EndState, House, TurnSeen

MAX_ERROR_CHARS = 300

Progress = Callable[[int, int], None]  # plays done, plays in all


@dataclass(frozen=True, kw_only=True)
class Pace:
    """How often each case is played, how many at a time, and how patiently."""

    repeat: int = 1
    concurrency: int = 2
    turn_timeout_s: float = 120.0


async def run_evals(
    cases: Sequence[CaseFile],
    build_house: BuildHouse,
    *,
    model: str = "offline",
    pace: Pace | None = None,
    on_progress: Progress | None = None,
) -> Results:
    """Play every case `pace.repeat` times; the results are in the order of the cases.

    A play in which something raises or hangs has failed; the others go on.
    """
    pace = pace or Pace()
    places = asyncio.Semaphore(pace.concurrency)
    # Alembic keeps the migration that runs in a global of the process: two houses
    # that open their databases at the same time break each other.
    opening = asyncio.Lock()
    done = 0

    async def play(case: CaseFile) -> Repetition:
        nonlocal done
        async with places:
            one = _Play(case, model, pace.turn_timeout_s)
            repetition = await one.run(build_house, opening)
        done += 1
        if on_progress:
            on_progress(done, len(cases) * pace.repeat)
        return repetition

    async with asyncio.TaskGroup() as group:
        tasks = [
            (case, [group.create_task(play(case)) for _ in range(pace.repeat)])
            for case in cases
        ]
    return Results(
        model=model,
        cases=tuple(
            CaseResult(id=file.case.id, repetitions=tuple(t.result() for t in plays))
            for file, plays in tasks
        ),
    )


class _NoAnswer(Exception):
    """The house was still busy when our patience ended."""


class _Play:
    """One play of a case: what has been seen so far, whatever happens next."""

    def __init__(self, file: CaseFile, model: str, turn_timeout_s: float) -> None:
        self._turn_timeout_s = turn_timeout_s
        self._case: Case = file.case
        people = file.case.people_of_the_role()
        self._world = CaseWorld(
            folder=file.world,
            model=model,
            case=file.case.id,
            admins=people if file.case.role == "admin" else frozenset(),
            staff=people if file.case.role == "staff" else frozenset(),
            outage=file.case.outage,
        )
        self._turns: list[TurnResult] = []
        self._state: EndState | None = None

    async def run(self, build_house: BuildHouse, opening: asyncio.Lock) -> Repetition:
        try:
            async with AsyncExitStack() as street:
                async with opening:
                    house = await street.enter_async_context(build_house(self._world))
                await self._say_all(house)
                await self._look_at_the_end(house)
        except Exception as error:  # noqa: BLE001  (one play must not end the run)
            self._note_breakage(_told(error))
        return Repetition(turns=tuple(self._turns), state=self._state)

    async def _say_all(self, house: House) -> None:
        for turn in self._case.turns:
            seen = await self._say(house, turn)
            failures = check_turn(turn.expect, seen)
            self._turns.append(self._result(seen, failures))

    async def _say(self, house: House, turn: CaseTurn) -> TurnSeen:
        sender = self._case.sender_of(turn)
        patience = asyncio.timeout(self._turn_timeout_s)
        try:
            async with patience:
                return await house.say(
                    turn.say, sender=sender, channel=self._case.channel
                )
        except TimeoutError as error:
            if not patience.expired():  # something inside was not patient enough
                raise
            raise _NoAnswer(f"no answer within {self._turn_timeout_s:g} s") from error

    async def _look_at_the_end(self, house: House) -> None:
        self._state = await house.state(
            sender=self._case.sender_of(self._case.turns[-1]),
            channel=self._case.channel,
        )
        for failure in check_end(self._case.end, self._state):
            self._add_to_last(f"end: {failure}")

    def _result(self, seen: TurnSeen, failures: Sequence[str]) -> TurnResult:
        number = len(self._turns) + 1
        return TurnResult(
            say="\n".join(self._case.turns[number - 1].say),
            replies=seen.replies,
            tools=seen.tools,
            provider=seen.provider,
            model_calls=seen.model_calls,
            duration_ms=seen.duration_ms,
            cost_usd=seen.cost_usd,
            failures=tuple(f"turn {number}: {failure}" for failure in failures),
            notes=tuple(f"guard: {note}" for note in seen.findings),
        )

    def _note_breakage(self, told: str) -> None:
        if len(self._turns) < len(self._case.turns):
            self._turns.append(self._result(TurnSeen(replies=()), [told]))
        else:
            self._add_to_last(f"end: {told}")

    def _add_to_last(self, failure: str) -> None:
        last = self._turns[-1]
        self._turns[-1] = replace(last, failures=(*last.failures, failure))


def _told(error: Exception) -> str:
    """One sentence for the report: what broke, and where in our code."""
    if isinstance(error, _NoAnswer | NotAsMeant):
        return str(error)
    frames = traceback.extract_tb(error.__traceback__)
    ours = [frame for frame in frames if _is_ours(frame.filename)]
    at = ours[-1] if ours else frames[-1]
    text = " ".join(str(error).split())[:MAX_ERROR_CHARS]
    where = f"{Path(at.filename).name}:{at.lineno}"
    return f"the house broke: {type(error).__name__}: {text} ({where})"


def _is_ours(filename: str) -> bool:
    path = Path(filename)
    return path.is_relative_to(ROOT) and "site-packages" not in path.parts
