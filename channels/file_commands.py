"""`main.py files …`: the files of temporary pages, from the terminal."""

from collections.abc import Callable, Coroutine
from contextlib import AbstractAsyncContextManager
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import urlsplit

import typer

from memory import Memory
from memory.files import MAX_BYTES

OpenMemory = Callable[[], AbstractAsyncContextManager[Memory]]
Run = Callable[[Coroutine[Any, Any, int]], None]


def file_commands(open_memory: OpenMemory, run: Run) -> typer.Typer:
    """The four commands, over the memory that main opens."""
    commands = typer.Typer(help="The files of temporary pages.", no_args_is_help=True)

    @commands.command()
    def add(
        link: Annotated[str, typer.Argument(help="Of the page, as it was sent.")],
        files: Annotated[
            list[Path], typer.Argument(exists=True, dir_okay=False, readable=True)
        ],
    ) -> None:
        """Show files on a page. Example: main.py files add https://…/p/… fiche.pdf."""
        run(_add(open_memory, link, files))

    @commands.command("list")
    def list_() -> None:
        """Every file, of which page, how large. Example: main.py files list."""
        run(_list(open_memory))

    @commands.command()
    def remove(number: Annotated[int, typer.Argument(min=1, max=2**53)]) -> None:
        """Delete a file for good. Example: main.py files remove 3."""
        run(_remove(open_memory, number))

    @commands.command()
    def sweep() -> None:
        """Delete now what pages that are over leave. Example: main.py files sweep."""
        run(_sweep(open_memory))

    del add, list_, remove, sweep
    return commands


async def _add(open_memory: OpenMemory, link: str, files: list[Path]) -> int:
    async with open_memory() as memory:
        page = await memory.pages.by_token(urlsplit(link).path.rpartition("/")[2])
        if page is None or not page.is_open_at(datetime.now(UTC)):
            typer.echo("there is no open page at this link")
            return 1
        for path in files:
            with path.open("rb") as file:
                content = file.read(MAX_BYTES + 1)  # more is refused unread
            added = await memory.attachments.add(path.name, content, page_id=page.id)
            typer.echo(f"{added.id}  {added.name} is on the page « {page.title} »")
    return 0


async def _list(open_memory: OpenMemory) -> int:
    async with open_memory() as memory:
        titles = {page.id: page.title for page in await memory.pages.all()}
        kept = await memory.attachments.all()
        for each in kept:
            where = titles.get(each.page_id or 0, "no page")
            typer.echo(
                f"{each.id}  {each.created_at:%Y-%m-%d %H:%M}"
                f"  {each.size_bytes} bytes  {each.name}  ({where})"
            )
    if not kept:
        typer.echo("none", err=True)
    return 0


async def _remove(open_memory: OpenMemory, number: int) -> int:
    async with open_memory() as memory:
        was_there = await memory.attachments.forget(number)
    typer.echo(f"{number} is deleted" if was_there else f"there is no file {number}")
    return 0 if was_there else 1


async def _sweep(open_memory: OpenMemory) -> int:
    async with open_memory() as memory:
        deleted = await memory.attachments.sweep()
    typer.echo(f"{deleted} deleted")
    return 0
