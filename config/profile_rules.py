"""The rules that the profiles of a world can only break together."""

from collections.abc import Iterator, Sequence

from tools.profile import Action, Profile
from tools.rights import code_fields

_Named = tuple[str, Profile]  # the file, and what it says
_Fields = set[tuple[str, str]]  # (table, field)


def faults_together(profiles: Sequence[_Named]) -> Iterator[str]:
    """What is wrong between these profiles: file, key and reason."""
    yield from _names_twice(profiles)
    yield from _identities_twice(profiles)
    codes: _Fields = {f for _file, profile in profiles for f in code_fields(profile)}
    minors = {f for _file, profile in profiles for f in _minor_fields(profile)}
    for file, profile in profiles:
        for action in profile.actions:
            for fault in _exposed(profile, action, codes, minors):
                yield f"{file}: actions.{action.name}: {fault}"


def _names_twice(profiles: Sequence[_Named]) -> Iterator[str]:
    profile_files: dict[str, str] = {}
    action_files: dict[str, str] = {}
    for file, profile in profiles:
        if profile.name in profile_files:
            yield f"{file}: profile: {profile_files[profile.name]} has the same name"
        profile_files[profile.name] = file
        for action in profile.actions:
            if action.name in action_files:
                other = action_files[action.name]
                yield f"{file}: actions.{action.name}: {other} has the same action"
            action_files[action.name] = file


def _identities_twice(profiles: Sequence[_Named]) -> Iterator[str]:
    # One code would open two profiles: which one would be anybody's guess.
    known: dict[tuple[str, str], str] = {}
    for file, profile in profiles:
        if profile.identity is None:
            continue
        place = (profile.identity.table, profile.identity.code_field)
        if place in known:
            yield f"{file}: identity: {known[place]} reads its codes there too"
        known[place] = file


def _exposed(
    profile: Profile, action: Action, codes: _Fields, minors: _Fields
) -> Iterator[str]:
    """Fields that another profile keeps from the people whom this one serves."""
    used = [*action.fields, *(parameter.field for parameter in action.parameters)]
    for field in dict.fromkeys(used):
        place = (action.table, field)
        if place in codes:
            yield f'"{field}" holds parent codes, which are never shown'
        if place in minors and profile.requires is None:
            yield f'"{field}" is about minors in another profile: not for the public'


def _minor_fields(profile: Profile) -> _Fields:
    return {
        (action.table, field)
        for action in profile.actions
        for field in action.minor_fields
    }
