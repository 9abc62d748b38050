"""`main.py contacts …`: what is kept of somebody who writes, and forgetting it."""

import json
from collections.abc import Callable, Coroutine
from contextlib import AbstractAsyncContextManager
from typing import Annotated, Any

import typer

from memory import FilesAway, Memory

OpenMemory = Callable[[], AbstractAsyncContextManager[Memory]]
Run = Callable[[Coroutine[Any, Any, int]], None]
_Alias = Annotated[str, typer.Argument(help="whatsapp:+221… or telegram:…")]
_LEFT = (
    "the bytes of the files are not deleted yet: {why}. Workers try again every 10"
    " minutes, `main.py files sweep` now"
)
_SURE = "Everything of {alias} is deleted and cannot be brought back. Go on?"


def contact_commands(open_memory: OpenMemory, run: Run) -> typer.Typer:
    """The two commands, over the memory that main opens."""
    commands = typer.Typer(help="What is kept of a contact.", no_args_is_help=True)

    @commands.command()
    def export(alias: _Alias) -> None:
        """All of it as JSON. Example: main.py contacts export telegram:12 > 12.json."""
        run(_export(open_memory, alias))

    @commands.command()
    def forget(
        alias: _Alias,
        yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    ) -> None:
        """Delete it for good. Example: main.py contacts forget telegram:12."""
        if not yes:
            typer.confirm(_SURE.format(alias=alias), abort=True)
        run(_forget(open_memory, alias))

    del export, forget
    return commands


async def _export(open_memory: OpenMemory, alias: str) -> int:
    async with open_memory() as memory:
        contact = await memory.inbox.contact_of(alias)
        if contact is None:
            return _nobody(alias)
        kept = await memory.forgetting.export(contact.id)
    typer.echo(json.dumps(kept, ensure_ascii=False, indent=2))
    return 0


async def _forget(open_memory: OpenMemory, alias: str) -> int:
    async with open_memory() as memory:
        contact = await memory.inbox.contact_of(alias)
        if contact is None:
            return _nobody(alias)
        gone = await memory.forgetting.forget(contact.id)
        for name, count in gone.items():
            typer.echo(f"{name}: {count}")
        try:
            await memory.attachments.sweep()
        except FilesAway as away:
            typer.echo(_LEFT.format(why=away), err=True)
            return 1
    return 0


def _nobody(alias: str) -> int:
    typer.echo(f"nobody is known as {alias}", err=True)
    return 1
