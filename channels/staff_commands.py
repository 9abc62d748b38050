"""`main.py staff …`: who may open the staff inbox, from the terminal."""

import asyncio
import secrets
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from typing import Annotated

import typer
from argon2 import PasswordHasher
from rich.console import Console

from memory import Memory

OpenMemory = Callable[[], AbstractAsyncContextManager[Memory]]


def new_password() -> str:
    """A password that can be read over the telephone."""
    return "-".join(secrets.token_hex(2) for _ in range(4))


def hash_password(password: str) -> str:
    """What is kept of a password."""
    return PasswordHasher().hash(password)


def staff_commands(open_memory: OpenMemory) -> typer.Typer:
    """The three commands, over the memory that main opens."""
    commands = typer.Typer(help="Who may open the staff inbox.", no_args_is_help=True)
    console = Console()

    @commands.command()
    def add(
        name: Annotated[str, typer.Argument(help="How the person signs in.")],
        password: Annotated[
            str, typer.Option(help="Made and printed when left out.")
        ] = "",
    ) -> None:
        """Let a person sign in. Example: main.py staff add "Sœur Thérèse"."""
        chosen = password or new_password()
        if not asyncio.run(_add(open_memory, name, chosen)):
            console.print(f"{name} is there already")
            raise typer.Exit(1)
        console.print(f"{name} may sign in at /staff with the password {chosen}")

    @commands.command("list")
    def list_() -> None:
        """Everybody who may, and may no longer. Example: main.py staff list."""
        for line in asyncio.run(_list(open_memory)):
            console.print(line, markup=False)

    @commands.command()
    def revoke(name: Annotated[str, typer.Argument(help="Their name.")]) -> None:
        """No longer, from their next click on. Example: main.py staff revoke Paul."""
        if not asyncio.run(_revoke(open_memory, name)):
            console.print(f"nobody who may sign in is called {name}")
            raise typer.Exit(1)
        console.print(f"{name} may no longer sign in")

    del add, list_, revoke
    return commands


async def _add(open_memory: OpenMemory, name: str, password: str) -> bool:
    async with open_memory() as memory:
        return await memory.staff.add(name, hash_password(password))


async def _list(open_memory: OpenMemory) -> list[str]:
    async with open_memory() as memory:
        return [
            f"{person.name}{'  (revoked)' if person.revoked_at else ''}"
            for person in await memory.staff.all()
        ]


async def _revoke(open_memory: OpenMemory, name: str) -> bool:
    async with open_memory() as memory:
        return await memory.staff.revoke(name)
