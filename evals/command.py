"""`evals run|record|compare|report`: what main.py's commands call."""

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from rich.console import Console

from .case_files import DEFAULT_FOLDERS, load_cases
from .cassette import CASSETTES
from .errors import WrongUse
from .gates import README, compare, judge, read_known_failures
from .html_report import to_html
from .json_report import read_json, to_json
from .models import Serving, play
from .recording_command import AskedToRecord, record
from .report import print_changes, print_gates, print_results
from .runner import Pace
from .world import BuildHouse

DONE, FAILED, WRONG = 0, 1, 2  # exit codes
PLAIN_WIDTH = 120  # where the output is no terminal: 80 would break ids in two


@dataclass(frozen=True, kw_only=True)
class Asked:
    """The options of `evals run`."""

    folders: Sequence[Path] = DEFAULT_FOLDERS
    model: str = "offline"
    repeat: int = 1
    concurrency: int = 2
    json: Path | None = None
    html: Path | None = None
    baseline: Path | None = None
    known_failures: Path = README
    progress_every_s: float = 3.0
    cassettes: Path = CASSETTES
    environment: Mapping[str, str] = field(default_factory=dict[str, str], repr=False)


async def run_command(
    asked: Asked,
    build_house: BuildHouse,
    *,
    out: Console | None = None,
    errors: Console | None = None,
) -> int:
    """Play the cases, write what was asked for; the exit code.

    0 when every gate holds, 1 when one does not, 2 when the run cannot begin.
    """
    out, errors = out or _console(), errors or Console(stderr=True)
    try:
        return await _run(asked, build_house, out, errors)
    except WrongUse as wrong:
        return _tell(wrong, errors)


async def record_command(
    asked: AskedToRecord,
    build_house: BuildHouse,
    *,
    out: Console | None = None,
    errors: Console | None = None,
) -> int:
    """Keep what a provider answers; 1 when a recording was refused."""
    out, errors = out or _console(), errors or Console(stderr=True)
    try:
        all_kept = await record(asked, build_house, out=out)
    except WrongUse as wrong:
        return _tell(wrong, errors)
    return DONE if all_kept else FAILED


def compare_command(
    before: Path,
    after: Path,
    *,
    out: Console | None = None,
    errors: Console | None = None,
) -> int:
    """Print what changed between two JSON files; 1 when something newly fails."""
    out, errors = out or _console(), errors or Console(stderr=True)
    try:
        changes = compare(read_json(before), read_json(after))
    except WrongUse as wrong:
        return _tell(wrong, errors)
    print_changes(changes, out)
    return FAILED if changes.newly_failing else DONE


def report_command(json: Path, html: Path, *, errors: Console | None = None) -> int:
    """Write the HTML report of an earlier run's JSON file."""
    try:
        _write(html, to_html(read_json(json)))
    except WrongUse as wrong:
        return _tell(wrong, errors or Console(stderr=True))
    return DONE


async def _run(
    asked: Asked, build_house: BuildHouse, out: Console, errors: Console
) -> int:
    _check(asked)
    # Everything that can be wrong with the question comes before the long work.
    known = read_known_failures(asked.known_failures)
    before = read_json(asked.baseline) if asked.baseline else None
    cases = load_cases(asked.folders)
    serving = Serving(
        build_house=build_house,
        pace=Pace(repeat=asked.repeat, concurrency=asked.concurrency),
        are_all=tuple(asked.folders) == DEFAULT_FOLDERS,
        environment=asked.environment,
        cassettes=asked.cassettes,
        on_progress=_Progress(errors, every_s=asked.progress_every_s),
        tell=lambda line: errors.print(line, markup=False, highlight=False),
    )
    results = await play(cases, asked.model, serving)
    if asked.json:
        _write(asked.json, to_json(results))
    if asked.html:
        _write(asked.html, to_html(results, known=known))
    changes = compare(before, results) if before else None
    gates = judge(results, known=known, changes=changes)
    print_results(results, known=known, console=out)
    if changes:
        print_changes(changes, out)
    print_gates(gates, results, out)
    return DONE if all(gate.holds for gate in gates) else FAILED


def _check(asked: Asked) -> None:
    if asked.repeat < 1 or asked.concurrency < 1:
        raise WrongUse("--repeat: a case is played once or more")
    for file in (asked.json, asked.html):
        if file and not file.resolve().parent.is_dir():
            raise WrongUse(f"{file}: there is no such folder to write it to")


def _write(file: Path, text: str) -> None:
    try:
        file.write_text(text, "utf-8")
    except OSError as error:
        raise WrongUse(f"{file} cannot be written: {error.strerror}") from error


def _console() -> Console:
    return Console() if Console().is_terminal else Console(width=PLAIN_WIDTH)


def _tell(wrong: WrongUse, errors: Console) -> int:
    errors.print(str(wrong), markup=False, highlight=False, soft_wrap=True)
    return WRONG


class _Progress:
    """One line now and then, so that a long run can be told from a hanging one."""

    def __init__(self, errors: Console, *, every_s: float) -> None:
        self._errors = errors
        self._every_s = every_s
        self._next_at = time.monotonic() + every_s

    def __call__(self, done: int, total: int) -> None:
        if time.monotonic() < self._next_at:
            return
        self._next_at = time.monotonic() + self._every_s
        self._errors.print(f"{done} of {total} plays done", highlight=False)
