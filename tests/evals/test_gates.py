from pathlib import Path

import pytest

from evals.errors import WrongUse
from evals.gates import Changes, compare, judge, read_known_failures
from evals.results import CaseResult, Repetition, Results, TurnResult


def play(*, passes: bool) -> Repetition:
    turn = TurnResult(
        say="bonjour",
        replies=("bonjour",),
        tools=(),
        provider="offline",
        model_calls=1,
        duration_ms=41,
        cost_usd=None,
        failures=() if passes else ("turn 1: nobody answered",),
    )
    return Repetition(turns=(turn,), state=None)


def run(**outcomes: str) -> Results:
    """A run of cases by name: one letter per repetition, `p`assed or `f`ailed."""
    return Results(
        model="offline",
        cases=tuple(
            CaseResult(
                id=name,
                repetitions=tuple(play(passes=letter == "p") for letter in letters),
            )
            for name, letters in outcomes.items()
        ),
    )


def problems(results: Results, **rest: dict[str, str] | Changes) -> list[str]:
    known = rest.get("known", {})
    changes = rest.get("changes")
    assert isinstance(known, dict)
    assert changes is None or isinstance(changes, Changes)
    gates = judge(results, known=known, changes=changes)
    return [problem for gate in gates for problem in gate.problems]


def test_all_gates_hold_when_every_case_passes() -> None:
    gates = judge(run(a="p", b="pp"), known={})

    assert all(gate.holds for gate in gates)


def test_one_failed_repetition_is_a_failed_case() -> None:
    assert problems(run(a="ppf", b="p")) == ["a fails"]


def test_a_known_failure_may_fail() -> None:
    assert problems(run(a="f", b="p"), known={"a": "later"}) == []


def test_a_known_failure_that_passes_is_taken_off_the_list() -> None:
    (problem,) = problems(run(a="p"), known={"a": "later"})

    assert problem == "a passes now: remove it from the list in evals/README.md"


def test_a_known_failure_that_passes_sometimes_is_known_still() -> None:
    assert problems(run(a="pf"), known={"a": "later"}) == []


def test_a_known_failure_of_another_folder_is_not_judged() -> None:
    assert problems(run(a="p"), known={"z": "elsewhere"}) == []


def test_what_passed_before_must_pass_even_when_its_failure_is_known() -> None:
    changes = compare(run(a="p"), run(a="f"))

    found = problems(run(a="f"), known={"a": "later"}, changes=changes)

    assert found == ["a passed before"]


def test_two_runs_are_compared_case_by_case() -> None:
    before = run(same="p", worse="p", better="f", gone="p")
    after = run(same="p", worse="pf", better="p", fresh="f")

    assert compare(before, after) == Changes(
        newly_failing=("worse",),
        newly_passing=("better",),
        added=("fresh",),
        missing=("gone",),
    )


README = """\
# Evals

- not-listed: above the heading

## Known failures

Words before the list.

- first: it does not understand Wolof
- `second-case`: waits for issue 12: voice notes

## Afterwards

- also-not-listed: below it
"""


def test_known_failures_are_read_from_the_readme(tmp_path: Path) -> None:
    readme = tmp_path / "README.md"
    readme.write_text(README, "utf-8")

    assert read_known_failures(readme) == {
        "first": "it does not understand Wolof",
        "second-case": "waits for issue 12: voice notes",
    }


@pytest.mark.parametrize(
    "lines", ["- no-reason", "- no-reason:", "- a: one\n- a: two", "- two words: x"]
)
def test_a_line_that_is_no_known_failure_is_refused(tmp_path: Path, lines: str) -> None:
    readme = tmp_path / "README.md"
    readme.write_text(f"# Known failures\n{lines}\n", "utf-8")

    with pytest.raises(WrongUse, match="`- id: reason`"):
        read_known_failures(readme)


def test_a_readme_that_is_away_is_wrong_use(tmp_path: Path) -> None:
    with pytest.raises(WrongUse, match="cannot be read"):
        read_known_failures(tmp_path / "README.md")


def test_the_list_of_this_repository_can_be_read() -> None:
    assert all(read_known_failures().values())
