"""`main.py documents` and `main.py check` with Drive: what the maintainer is told."""

import json
from collections.abc import Generator
from pathlib import Path
from typing import Any

import pytest
import structlog
from typer.testing import CliRunner, Result

from main import app
from tests.counterparts.drive import EMAIL, DriveCounterpart, running_drive
from tests.counterparts.drive_world import File

PARKING = b"# Le parking\n\nLe parking est gratuit le dimanche."
FEES = "# Tarifs 2024-2025\n\nLe badge coûte 500 F.".encode()


@pytest.fixture
def drive() -> Generator[DriveCounterpart]:
    with running_drive() as running:
        yield running
    structlog.reset_defaults()


@pytest.fixture
def root(drive: DriveCounterpart) -> File:
    """The folder of the service, with two documents and a picture."""
    root = drive.world.folder("Le service")
    drive.world.put("parking.md", PARKING, parent=root)
    drive.world.put("tarifs.md", FEES, parent=root)
    drive.world.put("photo [1].jpg", b"\xff", parent=root, mime="image/jpeg")
    return root


@pytest.fixture
def environment(tmp_path: Path, drive: DriveCounterpart, root: File) -> dict[str, str]:
    world = tmp_path / "world"
    (world / "profiles").mkdir(parents=True)
    (world / "tables").mkdir()
    (world / "profiles/public.json").write_text('{"profile": "public", "actions": {}}')
    return {
        "WORLD": str(world),
        "DATABASE_URL": f"sqlite:///{tmp_path}/gust.db",
        "SESSION_SECRET": "s" * 32,
        "LOG_LEVEL": "error",
        "PROVIDERS": "",
        "WAHA_BASE_URL": "",
        "TELEGRAM_BOT_TOKEN": "",
        "GOOGLE_SERVICE_ACCOUNT_FILE": str(drive.key_file(tmp_path)),
        "DRIVE_FOLDER_IDS": root.id,
        "DRIVE_BASE_URL": drive.base_url,
    }


def run(environment: dict[str, str], *command: str) -> Result:
    return CliRunner().invoke(app, list(command), env=environment)


def told(environment: dict[str, str], *command: str) -> Any:
    """What a command says to a script."""
    return json.loads(run(environment, *command, "--json").stdout)


def test_what_is_synced_is_listed_and_found_by_another_process(
    environment: dict[str, str],
) -> None:
    synced = run(environment, "documents", "sync")
    listed = told(environment, "documents", "list")
    found = run(
        environment, "documents", "search", "le parking est gratuit ?", "--json"
    )

    assert synced.exit_code == 0
    assert "3 new or changed, 0 gone; 2 documents can be read" in synced.stdout
    assert "not read: photo [1].jpg: this kind of file" in synced.stdout
    assert [row["document"] for row in listed] == [
        "parking.md",
        "photo [1].jpg",
        "tarifs.md",
    ]
    assert listed[0]["link"].startswith("https://drive.google.com/")
    assert found.exit_code == 0
    passage = json.loads(found.stdout)[0]
    assert passage["text"] == "Le parking est gratuit le dimanche."
    assert passage["answers"] == "yes"


def test_a_second_sync_finds_what_was_taken_away(
    environment: dict[str, str], drive: DriveCounterpart
) -> None:
    run(environment, "documents", "sync")
    parking = next(f for f in drive.world.files.values() if f.name == "parking.md")
    drive.world.change(parking, trashed=True)

    synced = told(environment, "documents", "sync")

    assert (synced["changed"], synced["gone"], synced["documents"]) == (0, 1, 1)
    assert len(synced["problems"]) == 1


def test_a_search_says_of_which_year_a_passage_is_and_fails_without_an_answer(
    environment: dict[str, str],
) -> None:
    run(environment, "documents", "sync")

    past = run(environment, "documents", "search", "combien coûte le badge ?")
    nothing = run(environment, "documents", "search", "le karaté ?")

    assert past.exit_code == 1
    assert "2024-2025 (past)" in past.stdout
    assert nothing.exit_code == 1


def test_a_sync_that_cannot_be_made_says_why_and_fails(
    environment: dict[str, str], root: File
) -> None:
    root.is_shared = False

    synced = run(environment, "documents", "sync")

    assert synced.exit_code == 1
    assert "share it with this address as a viewer" in synced.stderr
    assert EMAIL in synced.stderr
    assert run(environment, "documents", "list").exit_code == 1


def test_half_of_the_settings_is_refused_by_name(environment: dict[str, str]) -> None:
    half = run({**environment, "DRIVE_FOLDER_IDS": ""}, "documents", "list")

    assert half.exit_code == 2
    assert "DRIVE_FOLDER_IDS: is missing" in half.stderr


def test_the_documents_of_a_folder_are_listed_and_found(
    environment: dict[str, str],
) -> None:
    folder = Path(environment["WORLD"]) / "documents"
    folder.mkdir()
    (folder / "parking.md").write_bytes(PARKING)
    without = {
        **environment,
        "GOOGLE_SERVICE_ACCOUNT_FILE": "",
        "DRIVE_FOLDER_IDS": "",
    }

    assert told(without, "documents", "sync")["documents"] == 1
    assert [row["document"] for row in told(without, "documents", "list")] == [
        "parking.md"
    ]
    assert run(without, "documents", "search", "parking gratuit ?").exit_code == 0


def checked(environment: dict[str, str]) -> tuple[dict[str, str], list[str]]:
    """The details of each part, and those that are not well."""
    parts = told(environment, "check")["parts"]
    broken = [part["part"] for part in parts if not part["ok"]]
    return {part["part"]: part["detail"] for part in parts}, broken


def test_check_tells_the_account_the_folders_and_that_nothing_was_read_yet(
    environment: dict[str, str],
) -> None:
    details, broken = checked(environment)

    assert details["Google Drive"] == f"folders are shared with {EMAIL}"
    assert details["drive folder"] == "Le service: 3 files and folders in it"
    assert "main.py documents sync" in details["drive documents"]
    assert broken == ["drive documents"]
    assert "documents" not in details


def test_check_tells_the_last_look_and_each_problem(
    environment: dict[str, str],
) -> None:
    run(environment, "documents", "sync")

    details, broken = checked(environment)

    assert details["drive documents"].startswith(
        "2 can be read, 1 have a problem; last read 20"
    )
    assert broken == ["document"]
    assert details["document"].startswith("photo [1].jpg: this kind of file")


def test_check_tells_a_folder_that_is_no_longer_shared_and_the_look_that_failed(
    environment: dict[str, str], drive: DriveCounterpart, root: File
) -> None:
    run(environment, "documents", "sync")
    drive.world.change(root, is_shared=False)
    run(environment, "documents", "sync")

    details, broken = checked(environment)

    assert broken == ["drive folder", "drive documents", "document"]
    assert "share it with this address" in details["drive folder"]
    assert "since then: the folder" in details["drive documents"]


def test_check_goes_on_without_the_database(environment: dict[str, str]) -> None:
    away = {**environment, "DATABASE_URL": "postgresql://gust@127.0.0.1:1/parish"}

    details, broken = checked(away)

    assert broken == ["drive documents", "database"]
    assert details["drive folder"].startswith("Le service")
