"""`main.py evals …`: the options, over the house that main builds."""

import asyncio
from pathlib import Path
from typing import Annotated

import typer

from .case_files import DEFAULT_FOLDERS
from .command import Asked, compare_command, report_command, run_command
from .world import BuildHouse


def eval_commands(build_house: BuildHouse) -> typer.Typer:
    """The three commands."""
    commands = typer.Typer(
        help="Recorded conversations: does it still answer well?", no_args_is_help=True
    )

    @commands.command()
    def run(
        cases: Annotated[
            list[Path] | None, typer.Option(help="A folder of cases; repeatable.")
        ] = None,
        model: Annotated[str, typer.Option(help="offline")] = "offline",
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
        )
        raise typer.Exit(asyncio.run(run_command(asked, build_house)))

    @commands.command()
    def compare(before: Path, after: Path) -> None:
        """What changed. Example: main.py evals compare before.json after.json."""
        raise typer.Exit(compare_command(before, after))

    @commands.command()
    def report(json: Path, html: Path) -> None:
        """An HTML report of a JSON. Example: main.py evals report a.json a.html."""
        raise typer.Exit(report_command(json, html))

    del run, compare, report
    return commands
