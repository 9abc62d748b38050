"""Who serves a run: the built-in model, the cassettes, or a provider itself."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from .addresses import variables_for
from .case_files import CaseFile
from .cassette import CASSETTES, Cassette, read_cassettes
from .errors import WrongUse
from .results import CaseResult, Results
from .runner import Pace, Progress, run_evals
from .served import LiveHouses, ReplayingHouses
from .world import BuildHouse

_LIVE = "live:"
# By provider, then by case.
_Shelf = Mapping[str, Mapping[str, Cassette]]


@dataclass(frozen=True, kw_only=True)
class Serving:
    """What a run needs beside its cases. `are_all`: the cases are all there are."""

    build_house: BuildHouse
    pace: Pace
    are_all: bool = False
    environment: Mapping[str, str] = field(default_factory=dict[str, str], repr=False)
    cassettes: Path = CASSETTES
    on_progress: Progress | None = None
    tell: Callable[[str], None] = lambda _line: None


async def play(cases: Sequence[CaseFile], model: str, serving: Serving) -> Results:
    """Play the cases with `offline`, `recorded` or `live:PROVIDER`.

    Raises:
        WrongUse: there is no such model, no key for it, or nothing to play.
    """
    if model == "offline":
        return await _run(cases, serving.build_house, model, serving)
    if model == "recorded":
        return await _replay(cases, serving)
    if not model.startswith(_LIVE):
        raise WrongUse(
            f"--model {model}: offline, recorded or live:PROVIDER is expected"
        )
    provider = model.removeprefix(_LIVE)
    houses = LiveHouses(
        serving.build_house,
        provider=provider,
        variables=variables_for(provider, serving.environment),
    )
    return await _run(cases, houses, model, serving)


async def _run(
    cases: Sequence[CaseFile], houses: BuildHouse, model: str, serving: Serving
) -> Results:
    return await run_evals(
        cases, houses, model=model, pace=serving.pace, on_progress=serving.on_progress
    )


async def _replay(cases: Sequence[CaseFile], serving: Serving) -> Results:
    """Each cassette is a case of its own: `anthropic/marks-need-a-code`."""
    shelf = _shelf(cases, serving)
    total = serving.pace.repeat * sum(map(len, shelf.values()))
    done = 0

    def on_progress(_done: int, _of: int) -> None:
        nonlocal done
        done += 1
        if serving.on_progress:
            serving.on_progress(done, total)

    # vcrpy patches the whole process: one play at a time.
    pace = replace(serving.pace, concurrency=1)
    alone = replace(serving, pace=pace, on_progress=on_progress)
    played: list[CaseResult] = []
    for provider, cassettes in shelf.items():
        recorded = [file for file in cases if file.case.id in cassettes]
        houses = ReplayingHouses(serving.build_house, cassettes)
        results = await _run(recorded, houses, "recorded", alone)
        played += [replace(each, id=f"{provider}/{each.id}") for each in results.cases]
    return Results(model="recorded", cases=tuple(played))


def _shelf(cases: Sequence[CaseFile], serving: Serving) -> _Shelf:
    """The cassettes of these cases; says which cases have none, if they were chosen."""
    wanted = {file.case.id for file in cases}
    shelf: dict[str, dict[str, Cassette]] = {}
    missing = set(wanted)
    for each in read_cassettes(serving.cassettes):
        held = each.cassette
        if held.case in wanted:
            shelf.setdefault(held.provider, {})[held.case] = held
            missing.discard(held.case)
        elif serving.are_all:
            raise WrongUse(f"{each.file}: there is no case {held.case}")
    if not shelf:
        raise WrongUse("none of these cases has a cassette: main.py evals record …")
    if missing and not serving.are_all:
        serving.tell(f"not played, no cassette: {', '.join(sorted(missing))}")
    return shelf
