"""`main.py tables map`: a profile to begin with, from an existing Baserow."""

import json
from collections.abc import Awaitable, Callable, Coroutine, Mapping, Sequence
from typing import Annotated, Any, Protocol

import typer


class TableMap(Protocol):
    """What is in the tables, and the profile that may be made of it."""

    @property
    def lines(self) -> Sequence[str]: ...
    @property
    def profile(self) -> Mapping[str, object]: ...


def table_commands(
    look: Callable[[str | None], Awaitable[TableMap]],
    run: Callable[[Coroutine[Any, Any, int]], None],
) -> typer.Typer:
    """The group `tables`."""
    group = typer.Typer(no_args_is_help=True, help="The tables of the organisation.")

    @group.command("map")
    def map_(
        table: Annotated[
            str | None, typer.Option(help="Actions of this table only.")
        ] = None,
    ) -> None:
        """A profile to correct, guessed from Baserow's tables; these on stderr.

        Example: main.py tables map > world/profiles/parent.json
        """
        run(_map(look, table))

    @group.callback()
    def tables() -> None:
        """The tables of the organisation."""

    del map_, tables
    return group


async def _map(
    look: Callable[[str | None], Awaitable[TableMap]], table: str | None
) -> int:
    found = await look(table)
    for line in found.lines:
        typer.echo(line, err=True)
    typer.echo(json.dumps(found.profile, ensure_ascii=False, indent=2))
    return 0
