"""`main.py evals …`: the options, over the house that main builds."""

import asyncio
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from .case_files import DEFAULT_FOLDERS
from .command import (
    Asked,
    compare_command,
    record_command,
    report_command,
    run_command,
)
from .recording_command import AskedToRecord
from .retrieval_command import AskedToMeasure, retrieval_command
from .retrieval_set import SETS
from .world import BuildHouse


def eval_commands(
    build_house: BuildHouse,
    *,
    environment: Callable[[], Mapping[str, str]],
) -> typer.Typer:
    """All of them. `environment` has the keys of providers."""
    commands = typer.Typer(
        help="Recorded conversations: does it still answer well?", no_args_is_help=True
    )
    _add_playing(commands, build_house, environment)
    _add_recording(commands, build_house, environment)
    _add_reading(commands)
    _add_retrieval(commands)
    return commands


def _add_playing(
    commands: typer.Typer,
    build_house: BuildHouse,
    environment: Callable[[], Mapping[str, str]],
) -> None:
    @commands.command()
    def run(
        cases: Annotated[
            list[Path] | None, typer.Option(help="A folder of cases; repeatable.")
        ] = None,
        model: Annotated[
            str, typer.Option(help="offline, recorded or live:PROVIDER")
        ] = "offline",
        repeat: Annotated[int, typer.Option(help="Plays of each case.")] = 1,
        json: Annotated[Path | None, typer.Option(help="Write the JSON here.")] = None,
        html: Annotated[Path | None, typer.Option(help="Write a report here.")] = None,
        baseline: Annotated[
            Path | None, typer.Option(help="An earlier JSON to compare with.")
        ] = None,
    ) -> None:
        """Play the cases. Example: main.py evals run --html var/report.html."""
        asked = Asked(
            folders=tuple(cases) if cases else DEFAULT_FOLDERS,
            model=model,
            repeat=repeat,
            json=json,
            html=html,
            baseline=baseline,
            environment=environment(),
        )
        raise typer.Exit(asyncio.run(run_command(asked, build_house)))

    del run


def _add_recording(
    commands: typer.Typer,
    build_house: BuildHouse,
    environment: Callable[[], Mapping[str, str]],
) -> None:
    @commands.command()
    def record(
        provider: Annotated[str, typer.Option(help="Whose answers: its P_API_KEYS.")],
        cases: Annotated[
            list[Path] | None,
            typer.Option(help="Repeatable. None: every cassette of the provider."),
        ] = None,
    ) -> None:
        """Keep a provider's answers. Example: main.py evals record --provider zai."""
        asked = AskedToRecord(
            provider=provider, environment=environment(), folders=tuple(cases or ())
        )
        raise typer.Exit(asyncio.run(record_command(asked, build_house)))

    del record


def _add_reading(commands: typer.Typer) -> None:
    @commands.command()
    def compare(before: Path, after: Path) -> None:
        """What changed. Example: main.py evals compare before.json after.json."""
        raise typer.Exit(compare_command(before, after))

    @commands.command()
    def report(json: Path, html: Path) -> None:
        """An HTML report of a JSON. Example: main.py evals report a.json a.html."""
        raise typer.Exit(report_command(json, html))

    del compare, report


def _add_retrieval(commands: typer.Typer) -> None:
    @commands.command()
    def retrieval(
        sets: Annotated[Path, typer.Option(help="A folder of sets.")] = SETS,
        only: Annotated[str | None, typer.Option(help="The name of one set.")] = None,
        by_words: Annotated[
            bool, typer.Option("--by-words", help="Without sentence embeddings.")
        ] = False,
        misses: Annotated[
            bool, typer.Option("--misses", help="List what was not answered.")
        ] = False,
        json: Annotated[Path | None, typer.Option(help="Write the JSON here.")] = None,
    ) -> None:
        """How well documents are found. Example: main.py evals retrieval --misses."""
        asked = AskedToMeasure(
            folder=sets,
            only=only,
            by_words=by_words,
            list_misses=misses,
            json=json,
        )
        raise typer.Exit(asyncio.run(retrieval_command(asked, out=Console())))

    del retrieval
