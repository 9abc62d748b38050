"""`main.py documents sync | list | search`: what the concierge can read."""

import json
from collections.abc import Callable, Coroutine, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from typing import Annotated, Any, Protocol

import typer
from rich.console import Console
from rich.markup import escape
from rich.progress import Progress as Bar
from rich.table import Table

from tools.backends.document_source import Progress
from tools.backends.documents import Passage
from tools.backends.library import Library
from tools.errors import BackendUnavailable

MEANING_WAIT_S = 30  # for vectors that are not made yet
_WIDTH = 160  # where the output is no terminal

Json = Annotated[bool, typer.Option("--json", help="For a script.")]


class WorldWithLibrary(Protocol):
    """A world, as far as these commands need it."""

    @property
    def library(self) -> Library | None: ...


class HouseWithDocuments(Protocol):
    """A house, as main opens it."""

    @property
    def world(self) -> WorldWithLibrary: ...


OpenHouse = Callable[[], AbstractAsyncContextManager[HouseWithDocuments]]


def document_commands(
    open_house: OpenHouse, run: Callable[[Coroutine[Any, Any, int]], None]
) -> typer.Typer:
    """The command group."""
    app = typer.Typer(no_args_is_help=True, help="What the concierge can read.")

    @app.command()
    def sync(as_json: Json = False) -> None:
        """Read what is new now. Example: main.py documents sync."""
        run(_sync(open_house, as_json=as_json))

    @app.command("list")
    def list_(as_json: Json = False) -> None:
        """Every document, and why one cannot be read. Example: main.py documents list.

        Exit code 1: there is none.
        """
        run(_list(open_house, as_json=as_json))

    @app.command()
    def search(words: str, as_json: Json = False) -> None:
        """What a parent would be answered from. Example: main.py documents search "prix".

        Exit code 1: no passage answers.
        """
        run(_search(open_house, words, as_json=as_json))

    del sync, list_, search
    return app


async def _sync(open_house: OpenHouse, *, as_json: bool) -> int:
    async with open_house() as house:
        library = _library(house)
        with Bar(console=Console(stderr=True), transient=True) as bar:
            task = bar.add_task("looking", total=None)

            def tell(progress: Progress) -> None:
                done, total = progress.done, progress.of
                bar.update(task, completed=done, total=total, description=progress.name)

            try:
                synced = await library.sync(tell)
            except BackendUnavailable as problem:
                typer.echo(f"gust: {problem}", err=True)
                return 1
        titles, problems = await library.titles(), library.problems()
    if as_json:
        counts = {"changed": synced.changed, "gone": synced.gone}
        _print_json({**counts, "documents": len(titles), "problems": list(problems)})
        return 0
    typer.echo(
        f"{synced.changed} new or changed, {synced.gone} gone;"
        f" {len(titles)} documents can be read"
    )
    for problem in problems:
        typer.echo(f"not read: {problem}")
    return 0


async def _list(open_house: OpenHouse, *, as_json: bool) -> int:
    async with open_house() as house:
        kept = await _library(house).shelf.documents()
    rows = [
        {
            "document": each.name,
            "problem": each.problem or "",
            "changed": f"{each.changed_at:%Y-%m-%d}" if each.changed_at else "",
            "link": each.link or "",
        }
        for each in kept
    ]
    if as_json:
        _print_json(rows)
    else:
        _print_table(rows)
    return 0 if rows else 1


async def _search(open_house: OpenHouse, words: str, *, as_json: bool) -> int:
    async with open_house() as house:
        library = _library(house)
        await library.warm(at_most_s=MEANING_WAIT_S)
        found = await library.search(words)
    rows = [_row(passage) for passage in found]
    if as_json:
        _print_json(rows)
    else:
        _print_table(rows)
    return 0 if any(passage.is_evident for passage in found) else 1


def _row(passage: Passage) -> Mapping[str, str]:
    where = (passage.title, passage.heading)
    year = passage.valid_for or ""
    return {
        "answers": "yes" if passage.is_evident else "near" if passage.is_near else "no",
        "where": " › ".join(filter(None, where)),
        "text": passage.text,
        "updated": f"{passage.updated or ''}",
        "year": f"{year} (past)" if passage.is_past else year,
        "link": passage.link or "",
    }


def _library(house: HouseWithDocuments) -> Library:
    if house.world.library is None:
        raise BackendUnavailable("this world has no documents")
    return house.world.library


def _print_json(value: object) -> None:
    typer.echo(json.dumps(value, ensure_ascii=False, indent=2))


def _print_table(rows: Sequence[Mapping[str, str]]) -> None:
    out = Console()
    if not out.is_terminal:
        out = Console(width=_WIDTH)
    if not rows:
        out.print("none")
        return
    table = Table(*rows[0])
    for row in rows:
        table.add_row(*(escape(cell) for cell in row.values()))
    out.print(table)
