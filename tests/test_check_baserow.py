"""`main.py check` and `tables map` on a Baserow."""

import json
from collections.abc import Generator
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from config.profile import load_profiles
from main import app
from tests.counterparts.baserow import TOKEN, BaserowCounterpart, running_baserow
from tests.counterparts.baserow_tables import from_csv
from tests.test_check import Checked

DEMO = Path("config/demo")
READS_AND_WRITES = frozenset({"read", "create", "update", "delete"})


@pytest.fixture
def baserow() -> Generator[tuple[str, BaserowCounterpart]]:
    tables = from_csv(DEMO / "tables", linked_owner="code_parent")
    with running_baserow(tables) as running:
        yield running


@pytest.fixture
def environment(
    tmp_path: Path, baserow: tuple[str, BaserowCounterpart]
) -> dict[str, str]:
    return {
        "WORLD": str(DEMO),
        "DATABASE_URL": f"sqlite:///{tmp_path}/gust.db",
        "SESSION_SECRET": "s" * 32,
        "LOG_LEVEL": "error",
        "PROVIDERS": "",
        "WAHA_BASE_URL": "",
        "TELEGRAM_BOT_TOKEN": "",
        "BASEROW_URL": baserow[0],
        "BASEROW_TOKEN": TOKEN,
    }


def test_each_table_is_told_with_its_columns_and_what_the_token_may(
    environment: dict[str, str],
    baserow: tuple[str, BaserowCounterpart],
) -> None:
    checked = Checked(environment)

    assert checked.is_well
    assert TOKEN not in checked.said
    assert "reads 5 tables" in checked.details["baserow"]
    assert "within 45 s" in checked.details["baserow"]
    notes = checked.details["table notes"]
    assert "enfant (text)" in notes
    assert "code_parent (link_row to parents)" in notes
    assert notes.endswith("the token only reads")
    tried = {call.method for call in baserow[1].calls}
    assert tried == {"GET", "POST", "PATCH", "DELETE"}


def test_a_token_that_may_write_is_warned_of(
    environment: dict[str, str], baserow: tuple[str, BaserowCounterpart]
) -> None:
    baserow[1].rights = READS_AND_WRITES
    before = [len(table.rows) for table in baserow[1].tables]

    checked = Checked(environment, BASEROW_WEBHOOK_SECRET="x")

    assert checked.is_well
    assert "may also create, update, delete rows" in checked.details["table notes"]
    assert "seen at once" in checked.details["baserow"]
    assert [len(table.rows) for table in baserow[1].tables] == before


def test_what_is_stopped_is_told_with_how_to_mend_it(
    environment: dict[str, str], baserow: tuple[str, BaserowCounterpart]
) -> None:
    baserow[1].table("notes").column("note")["name"] = "resultat"
    baserow[1].table("parents").column("code")["type"] = "boolean"

    checked = Checked(environment)

    assert "action consult_notes" in checked.broken
    told = checked.details["action consult_notes"]
    assert 'table "notes" has no column "note"' in told
    assert "resultat" in told
    assert "profiles/*.json" in told
    assert "hold a parent code" in checked.details["proof of parent"]


def test_a_baserow_that_is_away_or_refuses_is_one_part_that_failed(
    environment: dict[str, str],
) -> None:
    away = Checked(environment, BASEROW_URL="http://127.0.0.1:1")
    refused = Checked(environment, BASEROW_TOKEN="hunter2")

    assert set(away.broken) == {"tables", "baserow"}
    assert "does not answer at http://127.0.0.1:1" in away.details["baserow"]
    assert "BASEROW_TOKEN" in refused.details["baserow"]
    assert "hunter2" not in refused.said


def mapped(environment: dict[str, str], *options: str) -> Result:
    return CliRunner().invoke(app, ["tables", "map", *options], env=environment)


def test_the_map_is_a_profile_that_validates_and_fits(
    environment: dict[str, str], tmp_path: Path
) -> None:
    result = mapped(environment)

    assert result.exit_code == 0
    world = tmp_path / "world"
    (world / "profiles").mkdir(parents=True)
    (world / "documents").mkdir()
    (world / "documents" / "a.md").write_text("# A\n\nb\n")
    (world / "profiles" / "parent.json").write_text(result.stdout, "utf-8")
    parent = load_profiles(world / "profiles")["parent"]
    assert parent.identity
    assert (parent.identity.table, parent.identity.code_field) == ("parents", "code")
    assert set(parent.identity.name_fields) == {"nom", "prenom"}
    assert parent.identity.phone_field == "telephone"
    notes = next(action for action in parent.actions if action.table == "notes")
    assert (notes.name, notes.owner_field) == ("see_notes", "code_parent")
    assert notes.minor_fields == ("enfant",)
    assert [(p.name, p.field) for p in notes.parameters] == [("child", "enfant")]
    assert Checked({**environment, "WORLD": str(world)}).is_well


def test_the_map_tells_types_beside_the_profile(environment: dict[str, str]) -> None:
    result = mapped(environment, "--table", "paiements")

    assert "montant: number" in result.stderr
    assert "code_parent: link_row to parents  <- owner_field?" in result.stderr
    profile: dict[str, Any] = json.loads(result.stdout)
    assert list(profile["actions"]) == ["see_paiements"]


def test_a_table_that_the_token_does_not_read_is_wrong_use(
    environment: dict[str, str],
) -> None:
    result = mapped(environment, "--table", "salaires")

    assert result.exit_code == 2
    assert 'no table "salaires" (it reads: absences, enfants' in result.stderr


def test_without_a_baserow_there_is_nothing_to_map(
    environment: dict[str, str],
) -> None:
    result = mapped({**environment, "BASEROW_URL": "", "BASEROW_TOKEN": ""})

    assert result.exit_code == 2
    assert "BASEROW_URL" in result.stderr


def test_the_demo_needs_no_baserow(environment: dict[str, str]) -> None:
    changed = {**environment, "BASEROW_URL": "http://127.0.0.1:1"}

    result = CliRunner().invoke(app, ["demo", "--exit"], env=changed)

    assert result.exit_code == 0
