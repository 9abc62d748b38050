"""`main.py check`: each part, whether it serves, and what to do when it does not."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import structlog
from typer.testing import CliRunner

from main import app
from tests.channels.recorded import SECRET
from tests.conftest import ADMIN_URL, new_postgres_url
from tests.counterparts.gotrue import running_gotrue
from tests.counterparts.waha import API_KEY, running_waha
from tests.redis_server import free_port, own_redis

HOURS = "# Horaires\n\nLe secrétariat ouvre le mardi à 9 h 30.\n"
NOBODY_THERE = "postgresql://gust:hunter2@127.0.0.1:1/parish"
PUBLIC = '{"profile": "public", "actions": {}}'


@pytest.fixture
def world(tmp_path: Path) -> Path:
    """A small world with a profile, a table and a document."""
    folder = tmp_path / "world"
    for name in ("documents", "tables", "profiles"):
        (folder / name).mkdir(parents=True)
    (folder / "documents" / "horaires.md").write_text(HOURS, "utf-8")
    (folder / "tables" / "salles.csv").write_text("salle,etage\nA,1\n", "utf-8")
    (folder / "profiles" / "public.json").write_text(PUBLIC)
    return folder


@pytest.fixture
def environment(tmp_path: Path, world: Path) -> Iterator[dict[str, str]]:
    yield {
        "WORLD": str(world),
        "DATABASE_URL": f"sqlite:///{tmp_path}/gust.db",
        "SESSION_SECRET": "s" * 32,
        "LOG_LEVEL": "error",
        "PROVIDERS": "",
        "WAHA_BASE_URL": "",
        "TELEGRAM_BOT_TOKEN": "",
        "FILES_FOLDER": f"{tmp_path}/files",
    }
    structlog.reset_defaults()


class Checked:
    """What `check --json` said."""

    def __init__(self, environment: dict[str, str], **changes: str) -> None:
        result = CliRunner().invoke(
            app, ["check", "--json"], env={**environment, **changes}
        )
        self.said = result.output
        report: dict[str, Any] = json.loads(result.stdout)
        assert result.exit_code == (0 if report["ok"] else 1)
        self.is_well: bool = report["ok"]
        self.details = {part["part"]: part["detail"] for part in report["parts"]}
        self.broken = [part["part"] for part in report["parts"] if not part["ok"]]


def test_it_is_well_when_every_part_is(
    environment: dict[str, str], world: Path, tmp_path: Path
) -> None:
    checked = Checked(environment)

    assert checked.is_well
    database = checked.details.pop("database")
    assert database.startswith(f"the SQLite database {tmp_path}/gust.db; sqlite 3.")
    assert database.endswith("; 0 conversations wait")
    assert re.fullmatch(r"at \d{4}", checked.details.pop("database schema"))
    assert checked.details == {
        "SESSION_SECRET": "is set",
        "world": str(world),
        "profiles": "public (0 actions)",
        "tables": "1",
        "documents": "1 can be read, 0 cannot",
        "files": f"the folder {tmp_path}/files: written, read, deleted",
        "channels": "none is on: set WAHA_BASE_URL or TELEGRAM_BOT_TOKEN",
    }


def test_a_person_reads_a_table(environment: dict[str, str]) -> None:
    environment["COLUMNS"] = "200"

    well = CliRunner().invoke(app, ["check"], env=environment)
    broken = CliRunner().invoke(
        app, ["check"], env={**environment, "SESSION_SECRET": ""}
    )

    assert (well.exit_code, broken.exit_code) == (0, 1)
    assert "not ok" not in well.output
    assert "not ok" in broken.output
    assert "1 can be read" in broken.output  # the rest is told all the same


def test_a_database_that_is_away_is_one_row_that_failed(
    environment: dict[str, str],
) -> None:
    checked = Checked(environment, DATABASE_URL=NOBODY_THERE)

    assert checked.broken == ["database"]
    assert checked.details["documents"] == "1 can be read, 0 cannot"
    assert '"parish" at 127.0.0.1:1' in checked.details["database"]
    assert "hunter2" not in checked.said


def test_a_database_that_was_not_migrated_is_told_with_the_cure(
    environment: dict[str, str],
) -> None:
    assert new_postgres_url()  # or skip: there is no server
    checked = Checked(environment, DATABASE_URL=ADMIN_URL)

    assert checked.broken == ["database"]
    assert "main.py migrate" in checked.details["database"]


@pytest.mark.parametrize("secret", ["", "hunter2"])
def test_a_secret_that_serve_would_refuse_is_told_with_how_to_make_one(
    environment: dict[str, str], secret: str
) -> None:
    checked = Checked(environment, SESSION_SECRET=secret)

    assert checked.broken == ["SESSION_SECRET"]
    assert "token_hex(32)" in checked.details["SESSION_SECRET"]
    assert "hunter2" not in checked.said


def test_a_world_without_profiles_is_told_that_it_takes_the_demos(
    environment: dict[str, str], world: Path
) -> None:
    (world / "profiles" / "public.json").unlink()
    (world / "profiles").rmdir()

    checked = Checked(environment)

    assert checked.is_well
    assert "no profiles/: those of the demo" in checked.details["profiles"]


def test_a_document_that_cannot_be_read_is_named(
    environment: dict[str, str], world: Path
) -> None:
    (world / "documents" / "cassé [b].pdf").write_bytes(b"not a PDF")

    checked = Checked(environment)

    assert checked.broken == ["document"]
    assert "cassé [b].pdf" in checked.details["document"]
    assert checked.details["documents"] == "1 can be read, 1 cannot"


def test_a_channel_is_asked_for_real(environment: dict[str, str]) -> None:
    with running_waha() as waha:
        environment |= {
            "WAHA_BASE_URL": waha.url,
            "WAHA_API_KEY": API_KEY,
            "WAHA_WEBHOOK_SECRET": SECRET,
        }
        well = Checked(environment)
        waha.status = "SCAN_QR_CODE"
        asleep = Checked(environment)

    assert well.is_well
    assert "WAHA 2026.7.1" in well.details["channel whatsapp"]
    assert asleep.broken == ["channel whatsapp"]
    assert "scan its QR code" in asleep.details["channel whatsapp"]


def test_every_channel_that_is_away_is_told(environment: dict[str, str]) -> None:
    checked = Checked(
        environment,
        WAHA_BASE_URL="http://127.0.0.1:1",
        WAHA_WEBHOOK_SECRET=SECRET,
        TELEGRAM_BOT_TOKEN="4242:hunter2",
        TELEGRAM_WEBHOOK_SECRET=SECRET,
        TELEGRAM_BASE_URL="http://127.0.0.1:1",
    )

    assert checked.broken == ["channel telegram", "channel whatsapp"]
    for channel in checked.broken:
        assert "no answer at http://127.0.0.1:1" in checked.details[channel]
    assert "hunter2" not in checked.said


def test_the_sign_in_of_staff_is_asked_for_its_keys(
    environment: dict[str, str],
) -> None:
    with running_gotrue() as project:
        well = Checked(environment, SUPABASE_URL=project.url, SUPABASE_KEY="hunter2")
    away = Checked(environment, SUPABASE_URL=project.url, SUPABASE_KEY="hunter2")

    assert well.is_well
    assert "keys: ES256" in well.details["staff sign-in"]
    assert away.broken == ["staff sign-in"]
    assert "hunter2" not in well.said + away.said


def test_a_provider_that_is_not_known_is_wrong_use(
    environment: dict[str, str],
) -> None:
    result = CliRunner().invoke(
        app, ["check"], env={**environment, "PROVIDERS": "nobody"}
    )

    assert result.exit_code == 2
    assert "PROVIDERS" in result.stderr


def test_redis_is_told_with_its_version_or_with_what_goes_on_without_it(
    environment: dict[str, str],
) -> None:
    with own_redis(free_port()) as url:
        there = Checked(environment, REDIS_URL=url)
    away = Checked(environment, REDIS_URL=url.replace("//", "//:hunter2@"))

    assert there.is_well
    assert "; version " in there.details["redis"]
    assert away.broken == ["redis"]
    assert "does not answer within 3 s" in away.details["redis"]
    assert "without it all goes on" in away.details["redis"]
    assert "hunter2" not in away.said
