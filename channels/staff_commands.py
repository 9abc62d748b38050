"""`main.py staff …`: who may open the staff inbox, from the terminal."""

import secrets
from collections.abc import Callable, Coroutine
from contextlib import AbstractAsyncContextManager
from typing import Annotated, Any

import typer
from argon2 import PasswordHasher

from memory import Memory

from .contact_commands import contact_commands
from .grant_commands import grant_commands

OpenMemory = Callable[[], AbstractAsyncContextManager[Memory]]
Run = Callable[[Coroutine[Any, Any, int]], None]


def new_password() -> str:
    """A password that can be read over the telephone."""
    return "-".join(secrets.token_hex(2) for _ in range(4))


def hash_password(password: str) -> str:
    """What is kept of a password."""
    return PasswordHasher().hash(password)


def add_people_commands(app: typer.Typer, open_memory: OpenMemory, run: Run) -> None:
    """Who works for the service, and what it knows of those who write."""
    app.add_typer(staff_commands(open_memory, run), name="staff")
    app.add_typer(grant_commands(open_memory, run), name="grants")
    app.add_typer(contact_commands(open_memory, run), name="contacts")


def staff_commands(open_memory: OpenMemory, run: Run) -> typer.Typer:
    """The three commands, over the memory that main opens."""
    commands = typer.Typer(help="Who may open the staff inbox.", no_args_is_help=True)

    @commands.command()
    def add(
        name: Annotated[str, typer.Argument(help="How the person signs in.")],
        password: Annotated[
            str, typer.Option(help="Made and printed when left out.")
        ] = "",
        email: Annotated[
            str, typer.Option(help="They sign in with it at Supabase, not here.")
        ] = "",
        is_admin: Annotated[bool, typer.Option("--admin", help="An admin.")] = False,
    ) -> None:
        """Let a person sign in. Example: main.py staff add "Sœur Thérèse"."""
        name, email = _sound(name.strip(), email.strip())
        if not email:
            password = password or new_password()
        run(_add(open_memory, name, password, email=email, is_admin=is_admin))

    @commands.command("list")
    def list_() -> None:
        """Everybody who may, and may no longer. Example: main.py staff list."""
        run(_list(open_memory))

    @commands.command()
    def revoke(name: Annotated[str, typer.Argument(help="Their name.")]) -> None:
        """No longer, from their next click on. Example: main.py staff revoke Paul."""
        run(_revoke(open_memory, name))

    del add, list_, revoke
    return commands


def _sound(name: str, email: str) -> tuple[str, str]:
    """Both, unless nobody could sign in with them."""
    if not name:
        raise typer.BadParameter("the name is empty")
    user, _, host = email.rpartition("@")
    if email and not (user and host):
        raise typer.BadParameter("--email: an address as aida@example.org is expected")
    return name, email


async def _add(
    open_memory: OpenMemory, name: str, password: str, *, email: str, is_admin: bool
) -> int:
    async with open_memory() as memory:
        is_new = await memory.staff.add(
            name,
            hash_password(password) if password else "",
            email=email or None,
            role="admin" if is_admin else "staff",
        )
    if not is_new:
        taken = f"the name {name} or the address {email}" if email else name
        typer.echo(f"{taken} is on the list already, see `main.py staff list`")
        return 1
    ways = [f"the password {password}"] if password else []
    ways += [f"{email} by Supabase"] if email else []
    typer.echo(f"{name} may sign in at /staff with {' or '.join(ways)}")
    return 0


async def _list(open_memory: OpenMemory) -> int:
    async with open_memory() as memory:
        for person in await memory.staff.all():
            more = [
                *([person.email] if person.email else []),
                *(["admin"] if person.role == "admin" else []),
                *(["(revoked)"] if person.revoked_at else []),
            ]
            typer.echo("  ".join([person.name, *more]))
    return 0


async def _revoke(open_memory: OpenMemory, name: str) -> int:
    async with open_memory() as memory:
        was_there = await memory.staff.revoke(name)
    if not was_there:
        typer.echo(f"nobody who may sign in is called {name}")
        return 1
    typer.echo(f"{name} may no longer sign in")
    return 0
