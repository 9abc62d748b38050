"""`main.py check`: each part of the installation, whether it serves, what to mend."""

import asyncio
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from memory import FilesSettings, Memory, MemoryFault
from memory.sql.state import findings_of
from tools.backends.drive_state import state_of_folders, state_of_shelf

from .channel import Channel
from .files_state import state_of_files
from .web.supabase_door import SupabaseDoor
from .world_numbers import DEFAULT_PROFILES, OpenedWorld, WorldNumbers, numbers_of


@dataclass(frozen=True, kw_only=True)
class Parts:
    """What `check` looks at. The memory is opened by it, for it may not open."""

    secret_problem: str | None
    world: OpenedWorld
    memory: Callable[[], AbstractAsyncContextManager[Memory]]
    channels: Mapping[str, Channel]  # those that are configured
    public_url: str
    files: FilesSettings
    providers: Sequence[tuple[str, bool, str]] = ()  # name, is it well, detail
    sign_in: SupabaseDoor | None = None


@dataclass(frozen=True)
class PartState:
    """One part of the installation."""

    name: str
    is_well: bool
    detail: str


async def state_of(parts: Parts) -> Sequence[PartState]:
    """Every part, well or not."""
    return [
        PartState(
            "SESSION_SECRET",
            parts.secret_problem is None,
            parts.secret_problem or "is set",
        ),
        *_world(await numbers_of(parts.world), has_drive=bool(parts.world.drive)),
        *(PartState(*each) for each in await parts.world.tables_state()),
        *await _drive(parts),
        *await _database(parts.memory),
        *(PartState(*each) for each in await state_of_files(parts.files)),
        *await _channels(parts.channels, parts.public_url),
        *(PartState(*each) for each in parts.providers),
        *await _sign_in(parts.sign_in),
    ]


def print_table(states: Sequence[PartState]) -> None:
    """For a person."""
    table = Table("part", "state", "detail")
    for state in states:
        mark = "[green]ok[/]" if state.is_well else "[red]not ok[/]"
        table.add_row(state.name, mark, escape(state.detail))
    Console().print(table)


def print_json(states: Sequence[PartState]) -> None:
    """For a script."""
    parts = [
        {"part": state.name, "ok": state.is_well, "detail": state.detail}
        for state in states
    ]
    report = {"ok": all(state.is_well for state in states), "parts": parts}
    typer.echo(json.dumps(report, ensure_ascii=False, indent=2))


def _world(world: WorldNumbers, *, has_drive: bool) -> Iterator[PartState]:
    yield PartState("world", True, str(world.folder))
    shown = ", ".join(f"{name} ({n} actions)" for name, n in world.profiles.items())
    whose = "" if world.has_own_profiles else f"; {DEFAULT_PROFILES}"
    yield PartState("profiles", True, f"{shown}{whose}")
    count = "they cannot be read now" if world.tables is None else str(world.tables)
    yield PartState("tables", world.tables is not None, count)
    if has_drive:
        return
    found = f"{world.documents} can be read, {len(world.problems)} cannot"
    yield PartState("documents", world.documents > 0, found)
    for problem in world.problems:
        yield PartState("document", False, problem)


async def _drive(parts: Parts) -> Sequence[PartState]:
    """What Google says of the folders, and what the database has of them."""
    drive = parts.world.drive
    if drive is None:
        return ()
    rows = [PartState(*row) for row in await state_of_folders(drive)]
    try:
        async with parts.memory() as memory:
            kept = await state_of_shelf(memory.drive_shelf)
    except MemoryFault as fault:
        kept = [("drive documents", False, str(fault))]
    return [*rows, *(PartState(*row) for row in kept)]


async def _database(
    opened: Callable[[], AbstractAsyncContextManager[Memory]],
) -> Sequence[PartState]:
    try:
        async with opened() as memory:
            waiting = await memory.inbox.waiting_conversations()
            findings = await findings_of(memory.database)
    except MemoryFault as fault:
        return [PartState("database", False, str(fault))]
    dialect, place = memory.database.engine.dialect, memory.database.place
    version = ".".join(str(part) for part in dialect.server_version_info or ())
    found = f"{place}; {dialect.name} {version}; {len(waiting)} conversations wait"
    return [
        PartState("database", True, found),
        *(PartState(each.name, each.is_well, each.detail) for each in findings),
    ]


async def _sign_in(door: SupabaseDoor | None) -> Sequence[PartState]:
    if door is None:
        return []
    try:
        return [PartState("staff sign-in", *await door.state())]
    finally:
        await door.close()


async def _channels(
    channels: Mapping[str, Channel], public_url: str
) -> Sequence[PartState]:
    if not channels:
        none = "none is on: set WAHA_BASE_URL or TELEGRAM_BOT_TOKEN"
        return [PartState("channels", True, none)]
    names = sorted(channels)
    found = await asyncio.gather(
        *(channels[name].state(public_url=public_url) for name in names)
    )
    return [
        PartState(f"channel {name}", state.is_well, state.detail)
        for name, state in zip(names, found, strict=True)
    ]
