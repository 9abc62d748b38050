"""`evals record`: a provider's real answers, kept for `evals run --model recorded`."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from rich.console import Console

from .addresses import is_stand_in, own_address, variables_for
from .case_files import CaseFile, load_cases
from .cassette import (
    CASSETTES,
    Cassette,
    Exchange,
    place_of,
    read_cassettes,
    to_yaml,
)
from .errors import NotKept, WrongUse
from .results import CaseResult
from .runner import Pace, run_evals
from .secrecy import INVENTED, is_invented, refuse_secrets
from .served import RecordingHouses
from .world import BuildHouse


@dataclass(frozen=True, kw_only=True)
class AskedToRecord:
    """The options of `evals record`. No folder: all that the provider has a tape of."""

    provider: str
    environment: Mapping[str, str]
    folders: Sequence[Path] = ()
    cassettes: Path = CASSETTES


async def record(
    asked: AskedToRecord, build_house: BuildHouse, *, out: Console
) -> bool:
    """Play the cases with the provider and keep what went over the wire.

    What fails, was served by another or holds a secret is not written, and an earlier
    cassette stays. False when there was one.

    Raises:
        WrongUse: no such provider or case, no key, a world of real people.
    """
    variables = _variables(asked)
    cases = _cases(asked)
    houses = RecordingHouses(build_house, provider=asked.provider, variables=variables)
    all_kept = True
    for file in cases:
        # vcrpy patches the whole process: one play at a time.
        results = await run_evals([file], houses, pace=Pace(concurrency=1))
        id_ = file.case.id
        try:
            _check(results.cases[0])
            _write(asked, variables, id_, houses.tapes[id_])
            told = "recorded"
        except NotKept as reason:
            told, all_kept = f"not recorded: {reason}", False
        out.print(
            f"{asked.provider}/{id_}: {told}",
            markup=False,
            highlight=False,
            soft_wrap=True,
        )
    return all_kept


def _variables(asked: AskedToRecord) -> Mapping[str, str]:
    given = variables_for(asked.provider, asked.environment)
    # Trusted, it would be told what must not be written down.
    return given | {f"{asked.provider.upper()}_TRUSTED": ""}


def _cases(asked: AskedToRecord) -> Sequence[CaseFile]:
    if asked.folders:
        cases = load_cases(asked.folders)
    else:
        known = {
            each.cassette.case
            for each in read_cassettes(asked.cassettes)
            if each.cassette.provider == asked.provider
        }
        cases = [file for file in load_cases() if file.case.id in known]
    if not cases:
        raise WrongUse(f"{asked.provider} has no cassette yet: say which --cases")
    for file in cases:
        if not is_invented(file.world):
            raise WrongUse(
                f"{file.case.id}: only invented people are recorded, and nothing says"
                f" that those of {file.world} are (a file {INVENTED} would)"
            )
    return cases


def _check(result: CaseResult) -> None:
    """Make sure that the play was good.

    Raises:
        NotKept: it was not.
    """
    failures = result.repetitions[0].failures
    if failures:
        raise NotKept("; ".join(failures))


def _write(
    asked: AskedToRecord,
    variables: Mapping[str, str],
    id_: str,
    tape: Sequence[Exchange],
) -> None:
    cassette = Cassette(
        synthetic=is_stand_in(asked.provider, variables),
        provider=asked.provider,
        model=variables[f"{asked.provider.upper()}_MODEL"],
        case=id_,
        recorded=datetime.now(UTC).date(),
        exchanges=tuple(_at_home(each, asked.provider, variables) for each in tape),
    )
    if not cassette.exchanges:
        raise NotKept("the provider was not asked anything")
    text = to_yaml(cassette)
    refuse_secrets(text, asked.environment)
    file = place_of(asked.cassettes, provider=asked.provider, case=id_)
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, "utf-8")


def _at_home(
    exchange: Exchange, provider: str, variables: Mapping[str, str]
) -> Exchange:
    if exchange.answered.status >= 400:
        raise NotKept(f"the provider answered {exchange.answered.status}")
    asked = exchange.asked
    url = own_address(asked.url, provider=provider, variables=variables)
    return exchange.model_copy(update={"asked": asked.model_copy(update={"url": url})})
