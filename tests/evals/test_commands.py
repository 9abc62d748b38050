"""The command line of the evals, as main.py adds it."""

import json
import re
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from evals.commands import eval_commands
from tests.evals.scripted import answer, building, case, write_cases


def run(*arguments: str | Path) -> Result:
    houses = building(lambda _: answer("Bonjour !"))
    commands = eval_commands(houses, environment=dict)
    return CliRunner().invoke(commands, [str(argument) for argument in arguments])


@pytest.fixture
def cases(tmp_path: Path) -> Path:
    return write_cases(tmp_path, case(id="a-case-of-its-own"))


def test_run_plays_the_cases_of_a_folder(cases: Path, tmp_path: Path) -> None:
    file, page = tmp_path / "run.json", tmp_path / "run.html"

    done = run("run", "--cases", cases, "--repeat", "2", "--json", file, "--html", page)

    assert done.exit_code == 0
    assert re.search(r"a-case-of-its-own +pass 2/2", done.output)
    assert json.loads(file.read_text("utf-8"))["summary"]["passed"] == 1
    assert page.exists()


def test_run_ends_with_1_when_a_gate_breaks(tmp_path: Path) -> None:
    wrong = case(end={"pages": 3})

    assert run("run", "--cases", write_cases(tmp_path, wrong)).exit_code == 1


def test_run_ends_with_2_when_it_cannot_begin(cases: Path, tmp_path: Path) -> None:
    assert run("run", "--cases", tmp_path / "nowhere").exit_code == 2
    assert run("run", "--cases", cases, "--model", "recorded").exit_code == 2
    assert run("run", "--nonsense").exit_code == 2
    assert run("record", "--provider", "anthropic").exit_code == 2


def test_two_runs_are_compared_and_reported(cases: Path, tmp_path: Path) -> None:
    file, page = tmp_path / "run.json", tmp_path / "later.html"
    run("run", "--cases", cases, "--json", file)

    assert run("compare", file, file).exit_code == 0
    assert run("report", file, page).exit_code == 0
    assert "Bonjour !" in page.read_text("utf-8")


@pytest.mark.parametrize("command", ["run", "record", "compare", "report"])
def test_every_command_shows_an_example(command: str) -> None:
    assert f"main.py evals {command}" in run(command, "--help").output
