"""What must hold for a run to be good: the exit code, with its reasons."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from .case_files import ROOT
from .errors import WrongUse
from .results import Results

README = ROOT / "evals" / "README.md"
_HEADING = re.compile(r"^#+\s*(.*?)\s*$")
_ENTRY = re.compile(r"^-\s+`?(?P<id>[^\s`:]+)`?\s*:\s+(?P<reason>\S.*)$")


@dataclass(frozen=True, kw_only=True)
class Gate:
    """One thing that must hold; it holds when nothing is against it."""

    name: str
    problems: tuple[str, ...]

    @property
    def holds(self) -> bool:
        """Whether nothing is against it."""
        return not self.problems


@dataclass(frozen=True, kw_only=True)
class Changes:
    """What differs between two runs, as ids of cases."""

    newly_failing: tuple[str, ...]
    newly_passing: tuple[str, ...]
    added: tuple[str, ...]
    missing: tuple[str, ...]


def read_known_failures(readme: Path = README) -> Mapping[str, str]:
    """Id -> reason of each `- id: reason` under the heading "Known failures".

    Raises:
        WrongUse: the file or a line of the list cannot be read, or an id is twice.
    """
    try:
        lines = readme.read_text("utf-8").splitlines()
    except OSError as error:
        raise WrongUse(f"{readme} cannot be read: {error.strerror}") from error
    known: dict[str, str] = {}
    is_in_list = False
    for line in lines:
        if heading := _HEADING.match(line):
            is_in_list = heading[1].casefold() == "known failures"
        elif is_in_list and line.startswith("- "):
            entry = _ENTRY.match(line)
            if entry is None or entry["id"] in known:
                raise WrongUse(
                    f"{readme}: each known failure is listed once, as "
                    f"`- id: reason`; not so: {line!r}"
                )
            known[entry["id"]] = entry["reason"]
    return known


def judge(
    results: Results, *, known: Mapping[str, str], changes: Changes | None = None
) -> tuple[Gate, ...]:
    """The gates of a run; a known failure may fail, and must be known no longer.

    Only the cases of this run are judged: another folder has other cases.
    """
    passed = {case.id: case.passed for case in results.cases}
    gates = [
        Gate(
            name="every case passes, except known failures",
            problems=tuple(
                f"{id_} fails"
                for id_, good in passed.items()
                if not good and id_ not in known
            ),
        ),
        Gate(
            name="the known failures still fail",
            problems=tuple(
                f"{id_} passes now: remove it from the list in evals/README.md"
                for id_ in known
                if passed.get(id_)
            ),
        ),
    ]
    if changes is not None:
        gates.append(
            Gate(
                name="what passed in the baseline still passes",
                problems=tuple(f"{id_} passed before" for id_ in changes.newly_failing),
            )
        )
    return tuple(gates)


def compare(before: Results, after: Results) -> Changes:
    """What changed from one run to a later one."""
    old = {case.id: case.passed for case in before.cases}
    new = {case.id: case.passed for case in after.cases}
    both = [id_ for id_ in new if id_ in old]
    return Changes(
        newly_failing=tuple(id_ for id_ in both if old[id_] and not new[id_]),
        newly_passing=tuple(id_ for id_ in both if new[id_] and not old[id_]),
        added=tuple(id_ for id_ in new if id_ not in old),
        missing=tuple(id_ for id_ in old if id_ not in new),
    )
