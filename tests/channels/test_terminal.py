"""The demo and the chat as they are started: few, for each costs seconds."""

import asyncio
import os
import socket
import subprocess
import sys
from collections.abc import AsyncGenerator, Coroutine, Mapping
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any

import pytest
import typer
from typer.testing import CliRunner

from channels.terminal import TerminalHouse, add_terminal_commands

ROOT = Path(__file__).parents[2]
HOURS = "# Horaires\n\nLe secrétariat ouvre le mardi à 9 h 30.\n"


@pytest.fixture
def world(tmp_path: Path) -> Path:
    """A small world, so that nothing takes long."""
    (tmp_path / "documents").mkdir()
    (tmp_path / "documents" / "horaires.md").write_text(HOURS, "utf-8")
    (tmp_path / "documents" / "cassé.pdf").write_bytes(b"not a PDF")
    return tmp_path


ENVIRONMENT = {
    "PATH": os.environ["PATH"],
    "HOME": "/nonexistent",
    "OMP_NUM_THREADS": "1",
    "LOG_LEVEL": "error",
    "DEBOUNCE_S": "0",
}


def main(*words: str, typed: str = "") -> subprocess.CompletedProcess[str]:
    """A command with no terminal, no key, no network, no settings and its own HOME."""
    return subprocess.run(
        [sys.executable, "main.py", *words],
        cwd=ROOT,
        env=ENVIRONMENT,
        input=typed,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def test_the_demo_plays_its_sample_and_leaves() -> None:
    done = main("demo", "--exit")

    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    called = (
        "search_documents → ok",
        "verify_parent_code → ok",
        "consult_notes → ok",
        "hand_off_to_human → ok",
    )
    assert [done.stdout.index(call) for call in called] == sorted(
        done.stdout.index(call) for call in called
    )
    assert "(offline, " in done.stdout


def test_the_demo_tells_a_command_that_can_be_copied() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    demo = subprocess.Popen(
        [sys.executable, "main.py", "demo", "--port", str(port)],
        cwd=ROOT,
        env=ENVIRONMENT,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert demo.stdout
    try:
        line = next(line for line in demo.stdout if "One message" in line)
        words = line.removeprefix("One message").split()
        setting, python, *command = words
        name, _, value = setting.partition("=")
        told = subprocess.run(
            [sys.executable, *command],
            cwd=ROOT,
            env=ENVIRONMENT | {name: value},
            capture_output=True,
            text=True,
            check=False,
        )
    finally:
        demo.terminate()
        demo.communicate(timeout=60)

    assert python == ".venv/bin/python"
    assert "received" in told.stdout, told.stderr


def test_the_demo_of_another_world_names_what_it_cannot_read(world: Path) -> None:
    (world / "sample.yaml").write_text("says: ['Bonjour', 'le secrétariat ouvre ?']")

    done = main("demo", "--exit", "--world", str(world))

    assert done.returncode == 0, done.stderr
    assert "cassé.pdf" in done.stdout
    assert "9 h 30" in done.stdout
    assert "no profiles/: those of the demo" in done.stdout


def test_each_piped_line_is_a_message_of_the_one_who_is_played(world: Path) -> None:
    typed = "quand ouvre le secrétariat ?\n\nadmin\n"

    done = main("chat", "--as", "admin", "--world", str(world), typed=typed)

    assert done.returncode == 0, done.stderr
    assert [line[6:] for line in done.stdout.splitlines() if line[:4] == "vous"] == [
        "quand ouvre le secrétariat ?",
        "admin",
    ]
    assert "9 h 30" in done.stdout
    assert "super-administrateur" in done.stdout


class NotBuilt(Exception):
    """This test needs no house."""


def test_a_demo_never_begins_in_the_folder_of_another() -> None:
    first, second = (demo_overrides() for _ in range(2))

    assert first["DATABASE_URL"] != second["DATABASE_URL"]


def test_a_demo_writes_to_nobody_whatever_is_configured_around_it() -> None:
    overrides = demo_overrides()

    for real in ("WAHA_BASE_URL", "TELEGRAM_BOT_TOKEN", "STAFF_CHAT", "ADMINS"):
        assert overrides[real] == ""


def test_a_demo_uses_no_system_of_the_installation_around_it() -> None:
    overrides = demo_overrides()

    for real in (
        "BASEROW_URL",
        "BASEROW_TOKEN",
        "GOOGLE_SERVICE_ACCOUNT_FILE",
        "DRIVE_FOLDER_IDS",
        "REDIS_URL",
        "S3_ENDPOINT",
        "S3_BUCKET",
        "SUPABASE_URL",
        "SUPABASE_KEY",
    ):
        assert overrides[real] == ""


def demo_overrides() -> Mapping[str, str]:
    """The settings that a demo fixes."""
    seen: list[Mapping[str, str]] = []

    @asynccontextmanager
    async def open_house(
        world: Path | None, overrides: Mapping[str, str]
    ) -> AsyncGenerator[TerminalHouse]:
        seen.append(overrides)
        raise NotBuilt
        yield  # pyright: ignore[reportUnreachable]

    def run(work: Coroutine[Any, Any, int]) -> None:
        with suppress(NotBuilt):
            asyncio.run(work)

    app = typer.Typer()
    add_terminal_commands(app, open_house, run)
    CliRunner().invoke(app, ["demo", "--exit"])
    [overrides] = seen
    return overrides
