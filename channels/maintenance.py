"""`main.py check | migrate | explain | files | tables`: for who looks after it."""

from collections.abc import Awaitable, Callable, Coroutine
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from typing import Annotated, Any

import typer

from memory import Memory, go_back, migrate, open_database

from .explain import explain as explain_message
from .file_commands import file_commands
from .map_tables import TableMap, table_commands
from .state import Parts, print_json, print_table, state_of

_LOSES = "What version {version} has no place for is lost. Go on?"


@dataclass(frozen=True, kw_only=True)
class Installation:
    """How main opens as much of this installation as a command needs."""

    database_url: Callable[[], str]
    memory: Callable[[], AbstractAsyncContextManager[Memory]]
    parts: Callable[[], AbstractAsyncContextManager[Parts]]
    tables: Callable[[str | None], Awaitable[TableMap]]
    run: Callable[[Coroutine[Any, Any, int]], None]


def add_maintenance_commands(app: typer.Typer, here: Installation) -> None:
    """Add the commands to the command line."""
    app.add_typer(file_commands(here.memory, here.run), name="files")
    app.add_typer(table_commands(here.tables, here.run), name="tables")

    @app.command()
    def check(
        as_json: Annotated[bool, typer.Option("--json", help="For a script.")] = False,
    ) -> None:
        """Each configured part, and whether it serves. Example: main.py check."""
        here.run(_check(here, as_json=as_json))

    @app.command("migrate")
    def migrate_(
        role: Annotated[
            str,
            typer.Option("--for", help="Postgres: a role that the program works as."),
        ] = "",
        back_to: Annotated[
            str, typer.Option(help="Undo what came after this version of the schema.")
        ] = "",
        yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    ) -> None:
        """Bring the database to the current schema.

        Example: main.py migrate --for gust_app.
        """
        if back_to and not yes:
            typer.confirm(_LOSES.format(version=back_to), abort=True)
        here.run(_migrate(here, role=role, back_to=back_to))

    @app.command()
    def explain(
        message_id: Annotated[int, typer.Argument(min=1, max=2**53)],
    ) -> None:
        """The whole life of one message. Example: main.py explain 12."""
        here.run(_explain(here, message_id))

    del check, migrate_, explain


async def _check(here: Installation, *, as_json: bool) -> int:
    async with here.parts() as parts:
        states = await state_of(parts)
    (print_json if as_json else print_table)(states)
    return 0 if all(state.is_well for state in states) else 1


async def _migrate(here: Installation, *, role: str, back_to: str) -> int:
    database = open_database(here.database_url())
    try:
        if back_to:
            await go_back(database, to=back_to)
        else:
            await migrate(database, role=role or None)
    finally:
        await database.close()
    done = f"is at version {back_to} again" if back_to else "has the current schema"
    typer.echo(f"the database {done}")
    return 0


async def _explain(here: Installation, message_id: int) -> int:
    async with here.memory() as memory:
        lines = await explain_message(memory, message_id)
    for line in lines or [f"there is no message {message_id}"]:
        typer.echo(line)
    return 0 if lines else 1
