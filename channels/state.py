"""`main.py check`: each configured part, whether it serves, and what to do."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from memory import Memory, MemoryFault
from tools.backends.documents import Documents

from .channel import Channel


@dataclass(frozen=True)
class PartState:
    """One part of the installation."""

    name: str
    is_well: bool
    detail: str


async def state_of(
    memory: Memory, documents: Documents, channels: Mapping[str, Channel]
) -> Sequence[PartState]:
    """Every part, well or not."""
    states = [await _database(memory)]
    titles = await documents.titles()
    states.append(PartState("documents", bool(titles), f"{len(titles)} can be read"))
    states += [PartState("document", False, text) for text in documents.problems()]
    states += [
        PartState(f"channel {name}", True, "configured") for name in sorted(channels)
    ]
    return states


def print_state(states: Sequence[PartState]) -> int:
    """A table; the exit code: 1 when a part is not well."""
    table = Table("part", "state", "detail")
    for state in states:
        mark = "[green]ok[/]" if state.is_well else "[red]not ok[/]"
        table.add_row(state.name, mark, escape(state.detail))
    Console().print(table)
    return 0 if all(state.is_well for state in states) else 1


async def _database(memory: Memory) -> PartState:
    try:
        waiting = await memory.inbox.waiting_conversations()
    except MemoryFault as fault:
        return PartState("database", False, type(fault).__name__)
    kind = memory.database.engine.dialect.name
    return PartState("database", True, f"{kind}, {len(waiting)} conversations wait")
