"""The tables of a world: its files, or a Baserow in their place."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from tools.backends.baserow import BaserowAccess, report_of
from tools.backends.csv_tables import CsvTables
from tools.backends.tables import Tables
from tools.code_shapes import CodeShape, code_shapes
from tools.profile import Profile

from .baserow_world import open_baserow
from .learnt_shapes import learning
from .profile import world_profiles

TableState = tuple[str, bool, str]  # part, is it well, detail


async def nothing_to_tell() -> Sequence[TableState]:
    """Of files there is nothing to tell: they are read."""
    return ()


class Changed(Protocol):
    """What was read of a table is old: its rows, or its columns too."""

    def __call__(self, table_id: int, /, *, rows_only: bool) -> None: ...


@dataclass(frozen=True)
class TableEvents:
    """What an event of a table must carry, and what it does."""

    secret: str = field(repr=False)
    changed: Changed


@dataclass(frozen=True, kw_only=True)
class OpenedTables:
    """Profiles that fit the tables, and how the system of the tables serves us."""

    profiles: Mapping[str, Profile]
    tables: Tables
    code_shapes: Sequence[CodeShape]
    state: Callable[[], Awaitable[Sequence[TableState]]] = nothing_to_tell
    events: TableEvents | None = None


async def open_tables(
    folder: Path, cache: Path, baserow: BaserowAccess | None, *, stack: AsyncExitStack
) -> OpenedTables:
    """The tables of the world in `folder`, open until `stack` is closed.

    Raises:
        WrongProfile: a profile does not validate or does not fit the tables.
        BackendUnavailable: Baserow is away, and the world has no profiles.
    """
    if baserow is None:
        files = CsvTables(folder / "tables")
        profiles = await world_profiles(folder, files)
        shapes = await code_shapes(profiles, files)
        return OpenedTables(profiles=profiles, tables=files, code_shapes=shapes)
    opening = open_baserow(baserow, folder)
    profiles, tables = await stack.enter_async_context(opening)
    remembered = cache / "code-shapes.json"
    return OpenedTables(
        profiles=profiles,
        tables=tables,
        code_shapes=await stack.enter_async_context(
            learning(remembered, profiles, tables)
        ),
        state=lambda: report_of(tables, baserow),
        events=TableEvents(baserow.webhook_secret, tables.changed),
    )
