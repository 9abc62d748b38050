import io
import json
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import pytest
from rich.console import Console

from evals.errors import WrongUse
from evals.gates import Changes, Gate
from evals.html_report import to_html
from evals.json_report import read_json, to_json
from evals.report import print_changes, print_gates, print_results
from evals.results import CaseResult, Repetition, Results, TurnResult
from evals.world import EndState
from memory.records import ToolCall, ToolOutcome

# contract.md, with an argument and an outcome written out.
CONTRACT = json.loads("""
{"cases": [{"id": "marks-need-a-code", "pass_1": 1.0, "pass_k": 1.0,
  "repetitions": [{"passed": true,
    "state": {"verified": true, "handoffs": 0, "pages": 0, "mode": "bot"},
    "turns": [{"say": "…", "replies": ["…"],
               "tools": [{"name": "…", "arguments": {"child": "…"}, "outcome": "ok"}],
               "provider": "offline", "model_calls": 1, "duration_ms": 41,
               "cost_usd": null, "findings": []}]}]}],
 "summary": {"cases": 1, "passed": 1, "model": "offline"}}
""")

TURN = TurnResult(
    say="…",
    replies=("…",),
    tools=(ToolCall(name="…", arguments={"child": "…"}, outcome=ToolOutcome.OK),),
    provider="offline",
    model_calls=1,
    duration_ms=41,
    cost_usd=None,
    failures=(),
)
STATE = EndState(verified=True, handoffs=0, pages=0, mode="bot")
PASSED = Repetition(turns=(TURN,), state=STATE)
FAILED = Repetition(
    turns=(
        replace(
            TURN,
            say="<script>alert(1)</script>",
            replies=("a & b",),
            failures=("turn 1: expected one of [bold] in the replies",),
            notes=("guard: promise taken out",),
        ),
    ),
    state=None,
)


def run(*repetitions: Repetition, id_: str = "marks-need-a-code") -> Results:
    return Results(
        model="offline", cases=(CaseResult(id=id_, repetitions=repetitions),)
    )


def printed(results: Results, known: dict[str, str] | None = None) -> str:
    console = Console(file=io.StringIO(), width=100)
    print_results(results, known=known or {}, console=console)
    return text_of(console)


def text_of(console: Console) -> str:
    assert isinstance(console.file, io.StringIO)
    return console.file.getvalue()


class TestJson:
    def test_it_is_the_json_of_the_contract(self) -> None:
        assert json.loads(to_json(run(PASSED))) == CONTRACT

    def test_findings_are_failures_and_what_guards_changed(self) -> None:
        (case,) = json.loads(to_json(run(PASSED, FAILED, PASSED, PASSED)))["cases"]

        assert (case["pass_1"], case["pass_k"]) == (0.75, 0.0)
        assert case["repetitions"][1]["passed"] is False
        assert case["repetitions"][1]["state"] is None
        assert case["repetitions"][1]["turns"][0]["findings"] == [
            "turn 1: expected one of [bold] in the replies",
            "guard: promise taken out",
        ]

    def test_what_was_written_is_read_back(self, tmp_path: Path) -> None:
        results = run(PASSED, FAILED)
        file = tmp_path / "run.json"
        file.write_text(to_json(results), "utf-8")

        assert read_json(file) == results

    def test_what_others_added_does_not_disturb(self, tmp_path: Path) -> None:
        file = tmp_path / "run.json"
        file.write_text(json.dumps(CONTRACT | {"added": 1}), "utf-8")

        assert read_json(file) == run(PASSED)

    @pytest.mark.parametrize("text", ["{}", "no json", '{"cases": [{"id": 1}]}'])
    def test_other_json_is_wrong_use(self, tmp_path: Path, text: str) -> None:
        file = tmp_path / "run.json"
        file.write_text(text, "utf-8")

        with pytest.raises(WrongUse, match="is not the JSON of"):
            read_json(file)

    def test_a_file_that_is_away_is_wrong_use(self, tmp_path: Path) -> None:
        with pytest.raises(WrongUse, match="cannot be read"):
            read_json(tmp_path / "nowhere.json")


class TestTerminal:
    def test_a_case_has_a_row(self) -> None:
        (_, row) = printed(run(PASSED)).splitlines()

        assert row.split() == ["marks-need-a-code", "pass", "1", "41", "ms", "…"]

    def test_a_failure_is_told_with_what_was_said(self) -> None:
        text = printed(run(PASSED, FAILED))

        assert "FAIL 1/2" in text
        assert "  > <script>alert(1)</script>" in text
        assert "    turn 1: expected one of [bold] in the replies\n" in text

    def test_a_known_failure_is_told_with_its_reason(self) -> None:
        text = printed(run(FAILED), known={"marks-need-a-code": "until May"})

        assert "known" in text
        assert "FAIL" not in text
        assert "marks-need-a-code (known: until May)" in text

    def test_gates_say_what_is_against_them(self) -> None:
        console = Console(file=io.StringIO(), width=100)
        gates = [
            Gate(name="all is well", problems=()),
            Gate(name="every case passes", problems=("a fails", "b fails")),
        ]

        print_gates(gates, run(FAILED), console)

        assert [line.split() for line in text_of(console).splitlines()] == [
            [],
            ["holds", "all", "is", "well"],
            ["BROKEN", "every", "case", "passes"],
            ["a", "fails"],
            ["b", "fails"],
            ["0", "of", "1", "cases", "pass", "with", "the", "model", "offline"],
        ]

    def test_changes_are_listed_by_kind(self) -> None:
        console = Console(file=io.StringIO(), width=100)

        print_changes(
            Changes(
                newly_failing=("a", "b"), newly_passing=(), added=("c",), missing=()
            ),
            console,
        )

        assert text_of(console) == "\nnewly failing: a, b\nnew: c\n"

    def test_no_change_is_said_too(self) -> None:
        console = Console(file=io.StringIO(), width=100)

        print_changes(
            Changes(newly_failing=(), newly_passing=(), added=(), missing=()), console
        )

        assert "no case passes or fails differently" in text_of(console)


class _Outline(HTMLParser):
    """The tags and the addresses of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.addresses: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.addresses += [
            value or "" for name, value in attrs if name in ("src", "href", "action")
        ]


class TestHtml:
    def test_it_shows_the_conversation_its_tools_and_findings(self) -> None:
        page = to_html(run(PASSED, FAILED))

        assert "50 % of 2 plays" in page
        assert "a &amp; b" in page
        assert "…(child=&#34;…&#34;) → ok" in page
        assert "turn 1: expected one of [bold] in the replies" in page
        assert "guard: promise taken out" in page
        assert "verified, handoffs 0, pages 0, mode bot" in page

    def test_it_needs_nothing_else_and_runs_nothing(self) -> None:
        outline = _Outline()
        outline.feed(to_html(run(FAILED)))

        assert "style" in outline.tags
        assert not {"script", "link", "img", "iframe"} & set(outline.tags)
        assert outline.addresses == []

    def test_failed_cases_are_open(self) -> None:
        assert '<details id="x" open>' in to_html(run(FAILED, id_="x"))
        assert '<details id="x">' in to_html(run(PASSED, id_="x"))

    def test_a_known_failure_has_its_reason(self) -> None:
        page = to_html(run(FAILED, id_="x"), known={"x": "until <May>"})

        assert "known failure" in page
        assert "until &lt;May&gt;" in page

    def test_a_price_is_shown_when_there_is_one(self) -> None:
        dear = Repetition(turns=(replace(TURN, cost_usd=0.25),), state=STATE)

        assert "0.25 USD" in to_html(run(dear))
        assert "USD" not in to_html(run(PASSED))
