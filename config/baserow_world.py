"""A world whose tables are in a Baserow: its profiles, and what of them can serve."""

from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import structlog

from tools.backends.baserow import (
    BaserowAccess,
    BaserowCalls,
    BaserowTables,
    open_calls,
    profile_skeleton,
    table_lines,
)
from tools.errors import BackendUnavailable, WrongProfile
from tools.profile import Profile

from .profile import default_profiles, load_profiles

_log = structlog.get_logger()
_EVERYTHING = Profile(name="map", requires="admin")


@asynccontextmanager
async def open_baserow(
    access: BaserowAccess, folder: Path
) -> AsyncGenerator[tuple[dict[str, Profile], BaserowTables]]:
    """The profiles of a world's folder, and the tables that they speak of.

    A column that is missing or of a wrong type stops the actions that need it, not
    the start; neither does a Baserow that is away, where the world has profiles.

    Raises:
        WrongProfile: a profile does not validate.
        BackendUnavailable: Baserow is away, and the world has no profiles.
    """
    async with open_calls(access) as calls:
        profiles = await _profiles(access, calls, folder)
        tables = BaserowTables(calls, profiles=profiles.values(), zone=access.zone)
        await _tell_what_is_stopped(tables)
        yield profiles, tables


async def _profiles(
    access: BaserowAccess, calls: BaserowCalls, folder: Path
) -> dict[str, Profile]:
    if (folder / "profiles").is_dir():
        return load_profiles(folder / "profiles")
    every = BaserowTables(calls, profiles=[_EVERYTHING], zone=access.zone)
    return await default_profiles(every)


async def _tell_what_is_stopped(tables: BaserowTables) -> None:
    try:
        stopped = await tables.stopped()
    except BackendUnavailable as away:
        _log.error("baserow_away_at_start", why=str(away))
        return
    for what, why in stopped.items():
        _log.error("stopped", what=what, why=why)


@dataclass(frozen=True, kw_only=True)
class TableMap:
    """What is in a Baserow, and the profile that may be made of it."""

    lines: Sequence[str]
    profile: dict[str, object]


async def map_tables(access: BaserowAccess | None, only: str | None) -> TableMap:
    """Look at every table that the token reads, or at `only` one.

    Raises:
        WrongProfile: there is no Baserow, or no such table in it.
        BackendUnavailable: Baserow does not answer, or refuses our token.
    """
    if access is None:
        raise WrongProfile("set BASEROW_URL and BASEROW_TOKEN first: see docs/data.md")
    async with open_calls(access) as calls:
        every = BaserowTables(calls, profiles=[_EVERYTHING], zone=access.zone)
        schema = await every.schema()
    if only is not None and only not in schema.tables:
        known = ", ".join(sorted(schema.tables)) or "none"
        raise WrongProfile(f'the token reads no table "{only}" (it reads: {known})')
    return TableMap(
        lines=table_lines(schema, only=only),
        profile=profile_skeleton(schema, only=only),
    )
