"""`main.py demo` and `main.py chat`: the whole concierge in one terminal."""

import os
import secrets
import tempfile
from collections.abc import Callable, Coroutine, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any, Protocol

import typer
from fastapi import FastAPI
from rich.console import Console
from rich.markup import escape

from memory import Memory
from memory.files import VARIABLES as FILES_VARIABLES

from .console import ConsoleTalk, lines_of
from .ports import port_from
from .staff_commands import hash_password, new_password
from .web.server import make_sure_port_is_free, serve_app
from .world_numbers import DEFAULT_PROFILES, OpenedWorld, numbers_of

Run = Callable[[Coroutine[Any, Any, int]], None]
# A demo writes to nobody, whatever the installation around it is configured for.
_REAL_PEOPLE = ("WAHA_BASE_URL", "TELEGRAM_BOT_TOKEN", "STAFF_CHAT", "ADMINS")
# And it needs no server: its tables are files.
_ITS_OWN_TABLES = {"BASEROW_URL": "", "BASEROW_TOKEN": ""}
# And it shows the documents of its world, and shares nothing with who is at work.
_REAL_SYSTEMS = (
    "GOOGLE_SERVICE_ACCOUNT_FILE",
    "DRIVE_FOLDER_IDS",
    "REDIS_URL",
    "SUPABASE_URL",
    "SUPABASE_KEY",
)
WorldOption = Annotated[Path | None, typer.Option(help="A world instead of WORLD.")]


@dataclass(frozen=True, kw_only=True)
class TerminalHouse:
    """A house at work, as far as a terminal needs it."""

    memory: Memory
    wake: Callable[[int], None]
    now: Callable[[], datetime]
    sample: Sequence[str]  # what the demo says
    app: FastAPI
    world: OpenedWorld

    def talk(self, console: Console, *, alias: str) -> ConsoleTalk:
        """Somebody who writes in this terminal."""
        return ConsoleTalk(
            self.memory, wake=self.wake, now=self.now, alias=alias, console=console
        )


class OpenForTerminal(Protocol):
    """How main opens a house for the terminal."""

    def __call__(
        self, world: Path | None, overrides: Mapping[str, str]
    ) -> AbstractAsyncContextManager[TerminalHouse]:
        """The house of a world, with some settings fixed."""
        ...


def add_terminal_commands(
    app: typer.Typer, open_house: OpenForTerminal, run: Run
) -> None:
    """Add `demo` and `chat` to the command line."""

    @app.command()
    def demo(
        world: WorldOption = None,
        port: Annotated[
            int, typer.Option(help="Of the web chat.", callback=port_from(1))
        ] = 8000,
        leaves: Annotated[
            bool, typer.Option("--exit", help="Leave after the sample.")
        ] = False,
    ) -> None:
        """All of it with no key and no server. Example: main.py demo --exit."""
        # Each demo begins anew, and never in the folder of one that runs.
        with tempfile.TemporaryDirectory(prefix="gust-demo-") as folder:
            overrides = {**_overrides(Path(folder), port=port), **_ITS_OWN_TABLES}
            run(_demo(open_house, world, overrides, port=port, leaves=leaves))

    @app.command()
    def chat(
        who: Annotated[
            str, typer.Option("--as", help="visitor, parent or admin")
        ] = "visitor",
        world: WorldOption = None,
    ) -> None:
        """Talk in the terminal. Example: echo bonjour | main.py chat --as parent."""
        if who not in ("visitor", "parent", "admin"):
            raise typer.BadParameter("visitor, parent or admin is expected")
        with tempfile.TemporaryDirectory(prefix="gust-chat-") as folder:
            overrides = {
                **_overrides(Path(folder)),
                "DEBOUNCE_S": "0",
                "RATE_LIMIT_PER_MINUTE": "1000",
                "ADMINS": "web:console-admin",
            }
            run(_chat(open_house, world, overrides, alias=f"web:console-{who}"))

    del demo, chat


def _overrides(folder: Path, *, port: int = 8000) -> dict[str, str]:
    return {
        **dict.fromkeys((*_REAL_PEOPLE, *_REAL_SYSTEMS), ""),
        **dict.fromkeys(FILES_VARIABLES, ""),
        "FILES_FOLDER": f"{folder}/files",
        "DATABASE_URL": f"sqlite:///{folder}/gust.db",
        "PUBLIC_URL": f"http://127.0.0.1:{port}",
        "SESSION_SECRET": secrets.token_hex(32),
        "DEBOUNCE_S": os.environ.get("DEBOUNCE_S", "0.6"),
        "LOG_LEVEL": os.environ.get("LOG_LEVEL", "warning"),
    }


async def _demo(
    open_house: OpenForTerminal,
    world: Path | None,
    overrides: Mapping[str, str],
    *,
    port: int,
    leaves: bool,
) -> int:
    console = Console()
    if not leaves:
        make_sure_port_is_free("127.0.0.1", port)
    console.print("[bold]Gust-IA[/] · reading the world, a few seconds the first time…")
    async with open_house(world, overrides) as house:
        await _tell_of_world(console, house.world)
        password = new_password()
        await house.memory.staff.add("demo", hash_password(password))
        speaker = house.talk(console, alias="web:exemple")
        is_well = [await speaker.say(text) for text in house.sample]
        if leaves:
            return 0 if all(is_well) else 1
        url = overrides["PUBLIC_URL"]
        console.print(f"[bold]Web chat[/]     {url}/")
        console.print(f"[bold]Staff inbox[/]  {url}/staff/handoffs")
        console.print(f"             sign in as [bold]demo[/] with {password}")
        console.print(
            "[bold]One message[/]  "
            f"DATABASE_URL={overrides['DATABASE_URL']}"
            " .venv/bin/python main.py explain 1",
            soft_wrap=True,  # broken over two lines it would be two commands
        )
        console.print("Ctrl-C to leave; the next demo begins anew.")
        await serve_app(house.app, host="127.0.0.1", port=port)
    return 0


async def _tell_of_world(console: Console, opened: OpenedWorld) -> None:
    """Say what is not as a maintainer would expect."""
    world = await numbers_of(opened)
    if not world.has_own_profiles:
        console.print(f"[yellow]profiles[/] {DEFAULT_PROFILES}")
    for problem in world.problems:
        console.print(f"[yellow]not read[/] {escape(problem)}")


async def _chat(
    open_house: OpenForTerminal,
    world: Path | None,
    overrides: Mapping[str, str],
    *,
    alias: str,
) -> int:
    async with open_house(world, overrides) as house:
        speaker = house.talk(Console(), alias=alias)
        is_well = [await speaker.say(line) async for line in lines_of()]
    return 0 if all(is_well) else 1
