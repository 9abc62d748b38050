"""`main.py serve` and `work` say at their start what they serve, and where."""

import json
import os
import subprocess
import sys
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.channels.recorded import BOT_TOKEN

ROOT = Path(__file__).parent.parent
HOURS = "# Horaires\n\nLe secrétariat ouvre le mardi à 9 h 30.\n"


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    (tmp_path / "documents").mkdir()
    (tmp_path / "documents" / "horaires.md").write_text(HOURS, "utf-8")
    return {
        "PATH": os.environ["PATH"],
        "HOME": str(tmp_path),
        "WORLD": str(tmp_path),
        "DATABASE_URL": f"sqlite:///{tmp_path}/gust.db",
        "SESSION_SECRET": "hunter2-" * 4,
        "TELEGRAM_BOT_TOKEN": BOT_TOKEN,
        "TELEGRAM_BASE_URL": "http://127.0.0.1:1",
        "OMP_NUM_THREADS": "1",
        "LOG_FORMAT": "json",
    }


@contextmanager
def started(
    environment: dict[str, str], *words: str, until: str
) -> Generator[list[dict[str, Any]]]:
    """The log of a process, up to the event `until`; it runs within."""
    process = subprocess.Popen(
        [sys.executable, "main.py", *words],
        cwd=ROOT,
        env=environment,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stderr
    try:
        lines: list[dict[str, Any]] = []
        for line in process.stderr:
            lines.append(json.loads(line))
            if lines[-1]["event"] == until:
                break
        yield lines
    finally:
        process.terminate()
        process.communicate(timeout=60)


def test_serve_tells_its_address_its_channels_its_world_and_its_database(
    environment: dict[str, str], tmp_path: Path
) -> None:
    with started(environment, "serve", "--port", "0", until="serving") as log:
        at = log[-1]["at"]
        answer = httpx.get(f"{at}/health")

    assert at.startswith("http://127.0.0.1:")
    assert answer.json() == {"status": "ok"}
    told = {
        "channels": ["telegram"],
        "world": str(tmp_path),
        "profiles": ["admin", "public"],
        "tables": 0,
        "documents": 1,
        "unreadable": 0,
        "database": f"the SQLite database {tmp_path}/gust.db",
        "workers": True,
    }
    assert {name: log[-1].get(name) for name in told} == told
    for secret in ("hunter2", BOT_TOKEN):
        assert secret not in str(log)


def test_a_world_that_takes_the_profiles_of_the_demo_is_told(
    environment: dict[str, str], tmp_path: Path
) -> None:
    with started(environment, "work", until="working") as borrowed:
        pass
    (tmp_path / "profiles").mkdir()
    own = tmp_path / "profiles" / "public.json"
    own.write_text(json.dumps({"profile": "public", "actions": {}}))
    with started(environment, "work", until="working") as with_its_own:
        pass

    assert [line["event"] for line in borrowed] == ["default_profiles", "working"]
    assert [line["event"] for line in with_its_own] == ["working"]
    assert with_its_own[0]["channels"] == ["telegram"]
