import json
from collections.abc import Mapping
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest

from config.profile import (
    check_profiles,
    default_profiles,
    load_profiles,
    world_profiles,
)
from memory.records import Service
from tools.backends.csv_tables import CsvTables
from tools.errors import WrongProfile

PARENT: Mapping[str, Any] = {
    "profile": "parent",
    "requires": "parent_code",
    "identity": {"table": "guardians", "code_field": "code", "name_fields": ["first"]},
    "actions": {
        "see_marks": {
            "description": "Marks.",
            "table": "marks",
            "owner_field": "guardians",
            "parameters": {
                "kid": {"field": "kid", "optional": True},
                "term": {"field": "term", "type": "integer", "description": "Term"},
            },
            "fields": ["kid", "term", "mark"],
            "minor_fields": ["kid"],
        }
    },
}
PUBLIC: Mapping[str, Any] = {
    "profile": "public",
    "actions": {
        "see_hours": {"description": "Hours.", "table": "office", "fields": ["hours"]}
    },
}
ADMIN: Mapping[str, Any] = {
    "profile": "admin",
    "requires": "admin",
    "actions": {
        "see_office": {"description": "Office.", "table": "office", "fields": ["hours"]}
    },
    "tables": {"guardians": ["first"]},
}


def written(world: Path, *profiles: Mapping[str, Any] | str) -> Path:
    folder = world / "profiles"
    folder.mkdir(exist_ok=True)
    for number, profile in enumerate(profiles):
        text = profile if isinstance(profile, str) else json.dumps(profile)
        name = f"{number}.json" if isinstance(profile, str) else profile["profile"]
        (folder / f"{name.removesuffix('.json')}.json").write_text(text)
    return folder


def tables(world: Path) -> CsvTables:
    folder = world / "tables"
    folder.mkdir(exist_ok=True)
    (folder / "guardians.csv").write_text("code,first\nA1B2,Awa\n")
    (folder / "marks.csv").write_text("guardians,kid,term,mark\n")
    (folder / "office.csv").write_text("hours\n9 h\n")
    return CsvTables(folder)


def changed(profile: Mapping[str, Any], *path: str, to: Any) -> dict[str, Any]:
    copy = deepcopy(dict(profile))
    place = copy
    for key in path[:-1]:
        place = place[key]
    if to is None:
        del place[path[-1]]
    else:
        place[path[-1]] = to
    return copy


MARKS = ("actions", "see_marks")
HOURS = ("actions", "see_hours")


def test_the_profiles_of_a_folder_are_read(tmp_path: Path) -> None:
    profiles = load_profiles(written(tmp_path, PARENT, PUBLIC, ADMIN))

    assert set(profiles) == {"parent", "public", "admin"}
    (marks,) = profiles["parent"].actions
    kid, term = marks.parameters
    assert profiles["parent"].identity is not None
    assert profiles["parent"].identity.name_fields == ("first",)
    assert (marks.owner_field, marks.minor_fields) == ("guardians", ("kid",))
    assert (kid.type, kid.optional) == ("string", True)
    assert kid.description
    assert (term.type, term.optional, term.description) == ("integer", False, "Term")
    assert profiles["admin"].tables == {"guardians": ("first",)}
    assert profiles["public"].tables is None


def test_an_action_is_filed_under_the_usual_service(tmp_path: Path) -> None:
    handed = changed(PUBLIC, *HOURS, "service", to="CONTACT_HUMAIN")
    first = load_profiles(written(tmp_path, PARENT, PUBLIC, ADMIN))
    second = load_profiles(written(tmp_path, handed))

    services = {name: first[name].actions[0].service for name in first}
    assert services == {
        "parent": Service.CATECHESE,
        "public": Service.RENSEIGNEMENT,
        "admin": Service.SUPER_ADMIN,
    }
    assert second["public"].actions[0].service is Service.CONTACT_HUMAIN


def test_a_profile_may_have_no_actions(tmp_path: Path) -> None:
    profiles = load_profiles(written(tmp_path, {"profile": "public"}))

    assert profiles["public"].actions == ()


WRONG = [
    (changed(PARENT, "identity", to=None), "identity: missing"),
    (changed(PARENT, "requires", to="a smile"), "requires"),
    (changed(PARENT, "requires", to=None), "identity: only with"),
    (changed(PARENT, "surprise", to=1), "surprise"),
    (changed(PARENT, *MARKS, "owner_field", to=None), "owner_field: missing"),
    (changed(PARENT, *MARKS, "owner_field", to=""), "owner_field"),
    (changed(PARENT, *MARKS, "onwer_field", to="x"), "onwer_field"),
    (changed(PARENT, *MARKS, "fields", to=[]), "fields"),
    (changed(PARENT, *MARKS, "fields", to=["guardians", "kid"]), "never shown"),
    (changed(PARENT, *MARKS, "fields", to=["code", "kid"]), "never shown"),
    (changed(PARENT, *MARKS, "minor_fields", to=["nose"]), '"nose" is not one of'),
    (changed(PARENT, *MARKS, "service", to="LUNCH"), "service"),
    (changed(PARENT, *MARKS, "table", to=7), "table"),
    (
        changed(PARENT, *MARKS, "parameters", to={"p": {"field": "guardians"}}),
        "never compared",
    ),
    (
        changed(PARENT, *MARKS, "parameters", to={"p": {"field": "a", "type": "any"}}),
        "type",
    ),
    (
        changed(PARENT, *MARKS, "parameters", to={"Le nom": {"field": "kid"}}),
        "small letters",
    ),
    (
        changed(PARENT, "actions", to={"Voir": PARENT["actions"]["see_marks"]}),
        "small letters",
    ),
    (
        changed(PARENT, "actions", to={"été": PARENT["actions"]["see_marks"]}),
        "small letters",
    ),
    (changed(PUBLIC, *HOURS, "owner_field", to="hours"), "owner_field: only"),
    (changed(PUBLIC, *HOURS, "minor_fields", to=["hours"]), "public action"),
    (changed(PUBLIC, "tables", to={}), "tables: only"),
    (changed(ADMIN, "identity", to=PARENT["identity"]), "identity: only"),
    (changed(PUBLIC, "profile", to=""), "profile"),
    ("{", "not JSON"),
    ("[]", "whole file"),
    ('{"profile": "a", "profile": "b"}', '"profile" stands twice'),
]


@pytest.mark.parametrize(("profile", "reason"), WRONG)
def test_a_wrong_profile_is_refused_with_file_key_and_reason(
    tmp_path: Path, profile: Mapping[str, Any] | str, reason: str
) -> None:
    folder = written(tmp_path, profile)
    (file,) = folder.glob("*.json")

    with pytest.raises(WrongProfile) as refusal:
        load_profiles(folder)

    assert reason in str(refusal.value)
    assert str(refusal.value).startswith(f"{file.name}: ")


def public_action(**changes: Any) -> dict[str, Any]:
    action = {**PUBLIC["actions"]["see_hours"], **changes}
    return {"profile": "public", "actions": {"see_hours": action}}


@pytest.mark.parametrize(
    ("profile", "reason"),
    [
        ({**PUBLIC, "actions": PARENT["actions"]}, "owner_field: only"),
        (changed(PARENT, "profile", to="teacher"), "reads its codes there too"),
        (changed(PARENT, "profile", to="teacher"), "has the same action"),
        (public_action(table="guardians", fields=["code"]), "never shown"),
        (public_action(table="marks", fields=["guardians"]), "never shown"),
        (public_action(table="marks", fields=["kid"]), "not for the public"),
        (
            public_action(
                table="marks", fields=["term"], parameters={"k": {"field": "kid"}}
            ),
            "not for the public",
        ),
        (
            public_action(
                table="guardians",
                fields=["first"],
                parameters={"c": {"field": "code"}},
            ),
            "never shown",
        ),
    ],
)
def test_profiles_that_contradict_each_other_are_refused(
    tmp_path: Path, profile: Mapping[str, Any], reason: str
) -> None:
    with pytest.raises(WrongProfile, match=reason):
        load_profiles(written(tmp_path, PARENT, profile))


def test_two_files_cannot_name_the_same_profile(tmp_path: Path) -> None:
    folder = written(tmp_path, PUBLIC)
    (folder / "z.json").write_text('{"profile": "public"}')

    with pytest.raises(WrongProfile, match=r"z\.json: profile: public\.json has"):
        load_profiles(folder)


def test_all_faults_are_told_at_once(tmp_path: Path) -> None:
    folder = written(
        tmp_path, changed(PARENT, *MARKS, "owner_field", to=None), "{", "[]"
    )

    with pytest.raises(WrongProfile) as refusal:
        load_profiles(folder)

    assert len(str(refusal.value).splitlines()) == 3


def test_a_folder_without_profiles_is_refused(tmp_path: Path) -> None:
    with pytest.raises(WrongProfile, match="no profile"):
        load_profiles(written(tmp_path))


def test_a_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    (written(tmp_path) / "x.json").write_bytes(b"\xff\xfe{")

    with pytest.raises(WrongProfile, match=r"x\.json: cannot be read"):
        load_profiles(tmp_path / "profiles")


async def test_profiles_that_fit_their_tables_pass(tmp_path: Path) -> None:
    written(tmp_path, PARENT, PUBLIC, ADMIN)

    profiles = await world_profiles(tmp_path, tables(tmp_path))

    assert set(profiles) == {"parent", "public", "admin"}


@pytest.mark.parametrize(
    ("profile", "reason"),
    [
        (changed(PARENT, *MARKS, "table", to="mraks"), 'no table "mraks"'),
        (changed(PARENT, *MARKS, "fields", to=["kid", "nose"]), 'no field "nose"'),
        (changed(PARENT, *MARKS, "owner_field", to="owner"), "see_marks.owner_field"),
        (
            changed(PARENT, *MARKS, "parameters", "kid", "field", to="nose"),
            "parameters.kid.field",
        ),
        (changed(PARENT, "identity", "table", to="people"), "identity.table"),
        (changed(PARENT, "identity", "code_field", to="key"), "identity.code_field"),
        (changed(PARENT, "identity", "name_fields", to=["x"]), "identity.name_fields"),
        (changed(PARENT, "identity", "phone_field", to="x"), "identity.phone_field"),
        (changed(ADMIN, "tables", to={"nowhere": ["a"]}), "tables.nowhere"),
        (changed(ADMIN, "tables", to={"guardians": ["a"]}), "tables.guardians"),
    ],
)
async def test_a_table_or_field_that_is_missing_stops_the_start(
    tmp_path: Path, profile: Mapping[str, Any], reason: str
) -> None:
    profiles = load_profiles(written(tmp_path, profile))

    with pytest.raises(WrongProfile) as refusal:
        await check_profiles(profiles, tables(tmp_path))

    assert reason in str(refusal.value)
    assert f"profile {profile['profile']}: " in str(refusal.value)


async def test_a_world_without_profiles_gets_the_usual_ones_that_fit(
    tmp_path: Path,
) -> None:
    usual = tmp_path / "usual"
    usual.mkdir()
    more = {"field": "nose", "optional": True}
    wide = changed(PARENT, "identity", "phone_field", to="phone")
    wide["actions"]["see_noses"] = {
        **PARENT["actions"]["see_marks"],
        "parameters": {"nose": more},
    }
    folder = written(
        usual,
        wide,
        changed(ADMIN, "tables", to={"guardians": ["first", "x"], "none": ["y"]}),
        changed(PUBLIC, *HOURS, "table", to="nowhere"),
    )

    profiles = await default_profiles(tables(tmp_path), folder)

    assert [action.name for action in profiles["parent"].actions] == ["see_marks"]
    assert profiles["parent"].identity is not None
    assert profiles["parent"].identity.phone_field is None
    assert profiles["public"].actions == ()
    assert profiles["admin"].tables == {"guardians": ("first",)}
    await check_profiles(profiles, tables(tmp_path))


async def test_without_a_list_of_codes_nobody_becomes_a_parent(tmp_path: Path) -> None:
    usual = tmp_path / "usual"
    usual.mkdir()
    folder = written(usual, PARENT, PUBLIC)
    found = tables(tmp_path)
    (tmp_path / "tables" / "guardians.csv").write_text("name\nAwa\n")

    profiles = await default_profiles(found, folder)

    assert set(profiles) == {"public"}


async def test_the_usual_profiles_serve_any_tables(tmp_path: Path) -> None:
    found = tables(tmp_path)

    profiles = await world_profiles(tmp_path, found)

    await check_profiles(profiles, found)
    assert "admin" in profiles


@pytest.mark.parametrize("world", ["config/demo", "evals/worlds/ziguinchor"])
async def test_the_worlds_that_we_ship_are_right(world: str) -> None:
    folder = Path(__file__).parents[2] / world

    profiles = await world_profiles(folder, CsvTables(folder / "tables"))

    assert profiles["parent"].actions
