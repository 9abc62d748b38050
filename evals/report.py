"""A run in the terminal: a table, what was wrong, and the gates."""

from collections.abc import Mapping, Sequence

from rich.console import Console
from rich.table import Table
from rich.text import Text

from .gates import Changes, Gate
from .results import CaseResult, Results


def print_results(
    results: Results, *, known: Mapping[str, str], console: Console
) -> None:
    """One row per case, then each failed case with its findings."""
    table = Table(box=None, pad_edge=False, header_style="bold")
    for heading in ("case", "result", "turns", "slowest", "tools"):
        right = heading in ("turns", "slowest")
        table.add_column(heading, justify="right" if right else "left")
    for case in results.cases:
        table.add_row(*_row(case, is_known=case.id in known))
    console.print(table)
    for case in results.cases:
        if not case.passed:
            _print_failure(case, known.get(case.id), console)


def print_gates(gates: Sequence[Gate], results: Results, console: Console) -> None:
    """Each gate, with what is against it, and the sum."""
    console.print()
    for gate in gates:
        mark = Text("holds ", "green") if gate.holds else Text("BROKEN", "red")
        console.print(Text.assemble(mark, f"  {gate.name}"))
        for problem in gate.problems:
            console.print(Text(f"          {problem}"), soft_wrap=True)
    total = f"{results.passed} of {len(results.cases)} cases pass"
    console.print(Text(f"{total} with the model {results.model}", "bold"))


def print_changes(changes: Changes, console: Console) -> None:
    """What differs from the earlier run; one sentence when nothing does."""
    lists = {
        "newly failing": changes.newly_failing,
        "newly passing": changes.newly_passing,
        "new": changes.added,
        "no longer there": changes.missing,
    }
    console.print()
    for name, ids in lists.items():
        if ids:
            console.print(Text(f"{name}: {', '.join(ids)}"), soft_wrap=True)
    if not any(lists.values()):
        console.print("no case passes or fails differently than before")


def _row(case: CaseResult, *, is_known: bool) -> tuple[Text, ...]:
    first = case.repetitions[0]
    slowest = max(t.duration_ms for each in case.repetitions for t in each.turns)
    calls = [call.name for turn in first.turns for call in turn.tools]
    return (
        Text(case.id),
        _result(case, is_known=is_known),
        Text(str(len(first.turns))),
        Text(f"{slowest} ms"),
        Text(", ".join(calls) or "–", "dim"),
    )


def _result(case: CaseResult, *, is_known: bool) -> Text:
    share = ""
    if len(case.repetitions) > 1:
        good = sum(each.passed for each in case.repetitions)
        share = f" {good}/{len(case.repetitions)}"
    if case.passed:
        return Text(f"pass{share}", "green")
    return Text(f"known{share}", "yellow") if is_known else Text(f"FAIL{share}", "red")


def _print_failure(case: CaseResult, reason: str | None, console: Console) -> None:
    heading = case.id if reason is None else f"{case.id} (known: {reason})"
    console.print()
    console.print(Text(heading, "bold"), soft_wrap=True)
    failed = next(each for each in case.repetitions if not each.passed)
    for turn in failed.turns:
        console.print(Text(f"  > {' / '.join(turn.say.splitlines())}"), soft_wrap=True)
        for finding in turn.findings:
            console.print(Text(f"    {finding}", "red"), soft_wrap=True)
