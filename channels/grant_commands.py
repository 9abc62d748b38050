"""`main.py grants …`: what a code opened to whom, and taking it away."""

from collections.abc import Callable, Coroutine, Sequence
from contextlib import AbstractAsyncContextManager
from typing import Annotated, Any

import typer

from memory import Memory
from memory.records import Grant
from tools.matching import normal_code

OpenMemory = Callable[[], AbstractAsyncContextManager[Memory]]
Run = Callable[[Coroutine[Any, Any, int]], None]
_Alias = Annotated[str, typer.Argument(help="whatsapp:+221… or telegram:…")]


def grant_commands(open_memory: OpenMemory, run: Run) -> typer.Typer:
    """The three commands, over the memory that main opens."""
    commands = typer.Typer(help="What codes opened to whom.", no_args_is_help=True)

    @commands.command("list")
    def list_(
        alias: Annotated[str, typer.Argument(help="Of one contact.")] = "",
    ) -> None:
        """Everything, or one contact's. Example: main.py grants list telegram:12."""
        run(_list(open_memory, alias))

    @commands.command()
    def revoke(
        alias: _Alias,
        code: Annotated[str, typer.Option(help="Only this code's.")] = "",
        child: Annotated[
            str, typer.Option(help="Only this child, by first name.")
        ] = "",
    ) -> None:
        """Take it away until restored. Example: main.py grants revoke telegram:12."""
        run(_revoke(open_memory, alias, code=code, child=child))

    @commands.command()
    def restore(number: Annotated[int, typer.Argument(min=1, max=2**53)]) -> None:
        """Let the code be proved again. Example: main.py grants restore 3."""
        run(_restore(open_memory, number))

    del list_, revoke, restore
    return commands


async def _list(open_memory: OpenMemory, alias: str) -> int:
    async with open_memory() as memory:
        if not alias:
            granted = await memory.grants.all()
        else:
            contact = await memory.inbox.contact_of(alias)
            granted = await memory.grants.of(contact.id) if contact else ()
    for grant in granted:
        typer.echo(_told(grant))
    if not granted:
        typer.echo("none", err=True)
    return 0


async def _revoke(open_memory: OpenMemory, alias: str, *, code: str, child: str) -> int:
    async with open_memory() as memory:
        contact = await memory.inbox.contact_of(alias)
        if contact is None:
            typer.echo(f"nobody is known as {alias}")
            return 1
        meant = _meant(await memory.grants.of(contact.id), code)
        for grant in meant:
            await memory.grants.revoke(grant, child=child or None)
    if not meant:
        typer.echo(f"no code was opened to {alias}")
        return 1
    until = f"no child called {child} is shown" if child else "a new proof is refused"
    typer.echo(f"taken away: {len(meant)}; {until} until it is restored")
    return 0


def _meant(granted: Sequence[Grant], code: str) -> Sequence[Grant]:
    return [
        grant
        for grant in granted
        if not grant.child
        and (not code or normal_code(grant.code) == normal_code(code))
    ]


async def _restore(open_memory: OpenMemory, number: int) -> int:
    async with open_memory() as memory:
        was_there = await memory.grants.restore(number)
    if not was_there:
        typer.echo(f"there is no grant {number}")
        return 1
    typer.echo("the code may be proved again")
    return 0


def _told(grant: Grant) -> str:
    state = "open" if grant.is_open() else "ended"
    if grant.revoked_at:
        state = f"revoked {grant.revoked_at:%Y-%m-%d %H:%M}"
    whose = f"{grant.code} {grant.name}"
    what = f"{grant.profile}, child {grant.child}" if grant.child else grant.profile
    return (
        f"{grant.id}  contact {grant.contact_id}  {whose} ({what})"
        f"  proved {grant.granted_at:%Y-%m-%d %H:%M}  {state}"
    )
