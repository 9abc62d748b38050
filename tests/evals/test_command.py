import io
import json
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

from evals.command import Asked, compare_command, report_command, run_command
from evals.world import TurnSeen
from tests.evals.scripted import answer, building, case, write_cases


def says_bonjour(text: str) -> TurnSeen:
    return answer("Bonjour !" if text == "bonjour" else "Comment ?")


GOOD = case(id="good")
BAD = case(id="bad", turns=[{"say": "salut", "expect": {"says_any": ["salut"]}}])


class Desk:
    """Runs the command in a folder, and keeps what it printed."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.known = folder / "README.md"
        self.known.write_text("## Known failures\n", "utf-8")
        self.out, self.errors = io.StringIO(), io.StringIO()

    async def run(self, *cases: dict[str, Any], **options: Any) -> int:
        asked: dict[str, Any] = {
            "folders": [write_cases(self.folder, *cases)],
            "known_failures": self.known,
        }
        return await run_command(
            Asked(**(asked | options)),
            building(says_bonjour),
            out=Console(file=self.out, width=120),
            errors=Console(file=self.errors, width=120),
        )

    def compare(self, before: Path, after: Path) -> int:
        return compare_command(
            before,
            after,
            out=Console(file=self.out),
            errors=Console(file=self.errors),
        )


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


async def test_it_ends_well_when_every_gate_holds(desk: Desk) -> None:
    assert await desk.run(GOOD) == 0

    assert "1 of 1 cases pass with the model offline" in desk.out.getvalue()
    assert desk.errors.getvalue() == ""


async def test_it_ends_with_1_when_a_case_fails(desk: Desk) -> None:
    assert await desk.run(GOOD, BAD) == 1

    assert "bad fails" in desk.out.getvalue()
    assert "turn 1: expected one of [salut] in the replies" in desk.out.getvalue()


async def test_a_listed_failure_is_no_failure(desk: Desk) -> None:
    desk.known.write_text("## Known failures\n\n- bad: no salut yet\n", "utf-8")

    assert await desk.run(GOOD, BAD) == 0


async def test_a_listed_case_that_passes_breaks_a_gate(desk: Desk) -> None:
    desk.known.write_text("## Known failures\n\n- good: never\n", "utf-8")

    assert await desk.run(GOOD) == 1
    assert "good passes now: remove it from the list" in desk.out.getvalue()


async def test_json_and_html_are_written_even_when_a_gate_breaks(desk: Desk) -> None:
    run, page = desk.folder / "run.json", desk.folder / "run.html"

    assert await desk.run(GOOD, BAD, json=run, html=page, repeat=2) == 1

    written = json.loads(run.read_text("utf-8"))
    assert written["summary"] == {"cases": 2, "passed": 1, "model": "offline"}
    assert [len(each["repetitions"]) for each in written["cases"]] == [2, 2]
    assert "Comment ?" in page.read_text("utf-8")


async def test_a_case_that_passed_in_the_baseline_must_pass(desk: Desk) -> None:
    baseline = desk.folder / "before.json"
    await desk.run(GOOD, case(id="bad"), json=baseline)
    desk.known.write_text("## Known failures\n\n- bad: no salut yet\n", "utf-8")

    assert await desk.run(GOOD, BAD, baseline=baseline) == 1
    assert "newly failing: bad" in desk.out.getvalue()
    assert "bad passed before" in desk.out.getvalue()


async def test_a_baseline_without_changes_is_said_to_be_so(desk: Desk) -> None:
    baseline = desk.folder / "before.json"
    await desk.run(GOOD, json=baseline)

    assert await desk.run(GOOD, baseline=baseline) == 0
    assert "no case passes or fails differently" in desk.out.getvalue()


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"model": "recorded"}, "none of these cases has a cassette"),
        ({"model": "live:anthropic"}, "ANTHROPIC_API_KEYS: "),
        ({"model": "live:"}, "nothing is no provider; there are: zai, anthropic"),
        ({"model": "best"}, "--model best: offline, recorded or live:PROVIDER"),
        ({"repeat": 0}, "--repeat: a case is played once or more"),
        ({"json": Path("/nowhere/run.json")}, "/nowhere/run.json: there is no such"),
        ({"html": Path("/nowhere/run.html")}, "/nowhere/run.html: there is no such"),
        ({"baseline": Path("/nowhere.json")}, "/nowhere.json cannot be read"),
        ({"folders": [Path("/nowhere")]}, "there is no folder of cases at /nowhere"),
        ({"known_failures": Path("/nowhere.md")}, "/nowhere.md cannot be read"),
    ],
)
async def test_wrong_use_is_said_in_a_sentence_before_anything_is_played(
    desk: Desk, options: dict[str, Any], said: str
) -> None:
    assert await desk.run(GOOD, **options) == 2

    assert desk.errors.getvalue().startswith(said)
    assert desk.out.getvalue() == ""


async def test_a_file_that_cannot_be_written_is_wrong_use(desk: Desk) -> None:
    assert await desk.run(GOOD, json=desk.folder) == 2
    assert "cannot be written" in desk.errors.getvalue()


async def test_broken_cases_end_with_2_and_every_problem(desk: Desk) -> None:
    broken = case(id="a", turns=[{"say": "a", "expect": {"call": []}}])

    assert await desk.run(broken, case(id="b", world="[nowhere]")) == 2

    first, last = desk.errors.getvalue().splitlines()
    assert first.endswith("00.yaml: turns[1].expect.call: no such key")
    assert "01.yaml: world: no world is called '[nowhere]'" in last


async def test_a_long_run_tells_how_far_it_is(desk: Desk) -> None:
    await desk.run(GOOD, repeat=3, progress_every_s=0.0)

    assert desk.errors.getvalue().splitlines()[-1] == "3 of 3 plays done"


async def test_two_runs_can_be_compared_later(desk: Desk) -> None:
    before, after = desk.folder / "before.json", desk.folder / "after.json"
    await desk.run(GOOD, case(id="bad"), json=before)
    await desk.run(GOOD, BAD, json=after)

    assert desk.compare(before, after) == 1
    assert desk.compare(after, before) == 0
    assert "newly passing: bad" in desk.out.getvalue()
    assert desk.compare(before, desk.folder / "nowhere.json") == 2


async def test_a_report_can_be_made_later(desk: Desk) -> None:
    run, page = desk.folder / "run.json", desk.folder / "run.html"
    await desk.run(GOOD, json=run)

    assert report_command(run, page) == 0
    assert "Bonjour !" in page.read_text("utf-8")
    errors = Console(file=desk.errors)
    assert report_command(desk.folder / "nowhere.json", page, errors=errors) == 2
