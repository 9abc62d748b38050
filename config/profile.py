"""The JSON profiles of a world: read, checked against its tables, or refused.

Nothing is guessed: a profile that does not say clearly whose rows an action shows
stops the start, with file, key and reason.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from tools.backends.tables import Tables
from tools.errors import WrongProfile
from tools.profile import Action, IdentityTable, Profile

from .profile_file import read_profile
from .profile_rules import faults_together

DEFAULT_FOLDER = Path(__file__).parent / "demo" / "profiles"


async def world_profiles(world: Path, tables: Tables) -> dict[str, Profile]:
    """The profiles of a world, checked; the defaults when it has no `profiles/`.

    Raises:
        WrongProfile: a profile cannot be used: file, key and reason of every fault.
        BackendUnavailable: the tables cannot be read now.
    """
    folder = world / "profiles"
    if not folder.is_dir():
        return await default_profiles(tables)
    profiles = load_profiles(folder)
    await check_profiles(profiles, tables)
    return profiles


def load_profiles(folder: Path) -> dict[str, Profile]:
    """Every `*.json` of a folder as a profile, by its name.

    Raises:
        WrongProfile: with all faults of all files, one a line.
    """
    files = sorted(folder.glob("*.json"))
    if not files:
        raise WrongProfile(f"{folder}: there is no profile (*.json)")
    profiles: list[tuple[str, Profile]] = []
    faults: list[str] = []
    for file in files:
        try:
            profiles.append((file.name, read_profile(file)))
        except WrongProfile as wrong:
            faults.append(str(wrong))
    faults.extend(faults_together(profiles))
    if faults:
        raise WrongProfile("\n".join(faults))
    return {profile.name: profile for _file, profile in profiles}


async def check_profiles(profiles: Mapping[str, Profile], tables: Tables) -> None:
    """Hold every table and field that a profile names against the real tables.

    Raises:
        WrongProfile: with everything that is missing, one a line.
        BackendUnavailable: the tables cannot be read now.
    """
    there = await _fields_by_table(tables)
    faults = [
        f"profile {profile.name}: {fault}"
        for profile in profiles.values()
        for fault in _missing(profile, there)
    ]
    if faults:
        raise WrongProfile("\n".join(faults))


async def default_profiles(
    tables: Tables, folder: Path = DEFAULT_FOLDER
) -> dict[str, Profile]:
    """The profiles of the demo world, as far as these tables can serve them.

    An action stays when its table and all its fields exist; a profile whose codes
    stand nowhere opens nothing and is left out.

    Raises:
        BackendUnavailable: the tables cannot be read now.
    """
    there = await _fields_by_table(tables)
    return {
        name: _restricted(profile, there)
        for name, profile in load_profiles(folder).items()
        if _has_codes(profile, there)
    }


_Fields = Mapping[str, Sequence[str]]


async def _fields_by_table(tables: Tables) -> _Fields:
    return {name: await tables.fields(name) for name in await tables.names()}


def _has_codes(profile: Profile, there: _Fields) -> bool:
    identity = profile.identity
    return identity is None or identity.code_field in there.get(identity.table, ())


def _restricted(profile: Profile, there: _Fields) -> Profile:
    return replace(
        profile,
        identity=_restricted_identity(profile.identity, there),
        actions=tuple(
            action
            for action in profile.actions
            if not list(_missing_action(action, there))
        ),
        tables=_restricted_tables(profile.tables, there),
    )


def _restricted_identity(
    identity: IdentityTable | None, there: _Fields
) -> IdentityTable | None:
    if identity is None:
        return None
    known = there[identity.table]
    return replace(
        identity,
        name_fields=tuple(field for field in identity.name_fields if field in known),
        phone_field=identity.phone_field if identity.phone_field in known else None,
    )


def _restricted_tables(
    tables: Mapping[str, tuple[str, ...]] | None, there: _Fields
) -> Mapping[str, tuple[str, ...]] | None:
    if tables is None:
        return None
    return {
        table: tuple(field for field in fields if field in there[table])
        for table, fields in tables.items()
        if table in there
    }


def _missing(profile: Profile, there: _Fields) -> Iterator[str]:
    yield from _missing_identity(profile, there)
    for action in profile.actions:
        for fault in _missing_action(action, there):
            yield f"actions.{action.name}.{fault}"
    for table, fields in (profile.tables or {}).items():
        wanted = [(f"tables.{table}", field) for field in fields]
        yield from _missing_fields(f"tables.{table}", table, wanted, there)


def _missing_identity(profile: Profile, there: _Fields) -> Iterator[str]:
    identity = profile.identity
    if identity is None:
        return
    wanted = [("identity.code_field", identity.code_field)]
    wanted += [("identity.name_fields", field) for field in identity.name_fields]
    if identity.phone_field:
        wanted.append(("identity.phone_field", identity.phone_field))
    yield from _missing_fields("identity.table", identity.table, wanted, there)


def _missing_action(action: Action, there: _Fields) -> Iterator[str]:
    wanted = [("fields", field) for field in action.fields]
    wanted += [(f"parameters.{p.name}.field", p.field) for p in action.parameters]
    if action.owner_field:
        wanted.append(("owner_field", action.owner_field))
    yield from _missing_fields("table", action.table, wanted, there)


def _missing_fields(
    key: str, table: str, wanted: Sequence[tuple[str, str]], there: _Fields
) -> Iterator[str]:
    if table not in there:
        known = ", ".join(sorted(there)) or "none"
        yield f'{key}: there is no table "{table}" (there are: {known})'
        return
    for where, field in wanted:
        if field not in there[table]:
            known = ", ".join(there[table])
            yield f'{where}: table "{table}" has no field "{field}" (it has: {known})'
