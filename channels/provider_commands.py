"""`main.py providers`: who serves, who rests, what was spent."""

import json
from collections.abc import Callable, Coroutine, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from enum import StrEnum
from typing import Annotated, Any, Protocol

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

Row = Mapping[str, str]

_WIDTH = 160  # where the output is no terminal: 80 would break keys in two


class By(StrEnum):
    """What costs are added up by."""

    PROVIDER = "provider"
    DAY = "day"
    CONVERSATION = "conversation"
    TURN = "turn"


class ProvidersSeen(Protocol):
    """The providers of this installation, as main opens them."""

    async def keys(self) -> Sequence[Row]:
        """A row for each key."""
        ...

    async def spent(self, *, by: str, days: int) -> Sequence[Row]:
        """What was spent in the last days, today included."""
        ...

    async def tried(self) -> Sequence[Row]:
        """Every key asked one short question."""
        ...


def add_provider_commands(
    app: typer.Typer,
    open_providers: Callable[[], AbstractAsyncContextManager[ProvidersSeen]],
    run: Callable[[Coroutine[Any, Any, int]], None],
) -> None:
    """Add `providers` to the command line."""

    @app.command()
    def providers(
        by: Annotated[
            By, typer.Option(help="What costs are added up by.")
        ] = By.PROVIDER,
        days: Annotated[int, typer.Option(min=1, help="Today and before.")] = 1,
        try_them: Annotated[
            bool, typer.Option("--try", help="Ask each key one short question.")
        ] = False,
        as_json: Annotated[bool, typer.Option("--json", help="For a script.")] = False,
    ) -> None:
        """Order, gates, keys, latency, cost, credit. Example: main.py providers --try."""
        run(
            _show(
                open_providers, by=by.value, days=days, tries=try_them, as_json=as_json
            )
        )

    del providers


async def _show(
    open_providers: Callable[[], AbstractAsyncContextManager[ProvidersSeen]],
    *,
    by: str,
    days: int,
    tries: bool,
    as_json: bool,
) -> int:
    async with open_providers() as seen:
        found = {"keys": await seen.keys(), "spent": await seen.spent(by=by, days=days)}
        if tries:
            found["tried"] = await seen.tried()
    if as_json:
        typer.echo(json.dumps(found, ensure_ascii=False, indent=2))
    else:
        _print(found)
    is_well = all(row["answer"] == "ok" for row in found.get("tried", ()))
    return 0 if is_well else 1


def _print(found: Mapping[str, Sequence[Row]]) -> None:
    out = Console()
    if not out.is_terminal:
        out = Console(width=_WIDTH)
    if not found["keys"]:
        out.print("The built-in model serves alone: PROVIDERS=offline.")
    for rows in found.values():
        if rows:
            table = Table(*rows[0])
            for row in rows:
                table.add_row(*(escape(cell) for cell in row.values()))
            out.print(table)
