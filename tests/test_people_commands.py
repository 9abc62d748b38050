"""`main.py grants … | contacts …`: what was opened, what is kept, as a maintainer types."""

import asyncio
import json
from collections.abc import Iterator
from pathlib import Path

import pytest
import structlog
from typer.testing import CliRunner, Result

from config.settings import read_settings
from main import app, utc_now
from memory import open_memory, read_stores
from memory.records import ParentIdentity
from tests.memory.letters import receive, wrote


@pytest.fixture
def environment(tmp_path: Path) -> Iterator[dict[str, str]]:
    yield {
        "DATABASE_URL": f"sqlite:///{tmp_path}/gust.db",
        "FILES_FOLDER": f"{tmp_path}/files",
        "SESSION_SECRET": "s" * 32,
        "LOG_LEVEL": "error",
    }
    structlog.reset_defaults()


def typed(environment: dict[str, str], *words: str) -> Result:
    return CliRunner().invoke(app, list(words), env=environment)


async def _prove(environment: dict[str, str]) -> None:
    async with open_memory(environment["DATABASE_URL"], now=utc_now) as memory:
        message = await receive(memory, wrote("QX-8812", by="telegram:7"))
        conversation = await memory.inbox.conversation(message.conversation_id)
        for code in ("QX-8812", "QX-9900"):
            parent = ParentIdentity(profile="parent", code=code, name="Awa Seck")
            await memory.sessions.prove(
                conversation.contact_id, parent, beside_others=True
            )


def test_what_a_code_opened_is_listed_taken_away_and_restored(
    environment: dict[str, str],
) -> None:
    asyncio.run(_prove(environment))

    nobody = typed(environment, "grants", "revoke", "telegram:8")
    other = typed(environment, "grants", "revoke", "telegram:7", "--code", "QX-1")
    one = typed(environment, "grants", "revoke", "telegram:7", "--code", "qx 9900")
    child = typed(environment, "grants", "revoke", "telegram:7", "--child", "Luc")
    listed = typed(environment, "grants", "list", "telegram:7").output.splitlines()
    restored = typed(environment, "grants", "restore", "2")
    again = typed(environment, "grants", "restore", "2")

    assert (nobody.exit_code, other.exit_code, one.exit_code) == (1, 1, 0)
    assert "taken away: 2; no child called Luc is shown until" in child.output
    states = [(line.split()[3], "revoked" in line, "Luc" in line) for line in listed]
    assert sorted(states) == [
        ("QX-8812", False, False),
        ("QX-8812", True, True),
        ("QX-9900", True, False),
        ("QX-9900", True, True),
    ]
    assert (restored.exit_code, again.exit_code) == (0, 1)
    assert len(typed(environment, "grants", "list").output.splitlines()) == 3
    assert typed(environment, "grants", "list", "telegram:8").output == "none\n"


@pytest.mark.parametrize("words", [("",), (" ",), ("Awa", "--email", "awa.example")])
def test_staff_who_could_not_sign_in_are_not_added(
    environment: dict[str, str], words: tuple[str, ...]
) -> None:
    refused = typed(environment, "staff", "add", *words)

    assert refused.exit_code == 2
    assert "may sign in" not in refused.output
    assert typed(environment, "staff", "list").output == ""


def test_an_address_that_is_taken_is_named(environment: dict[str, str]) -> None:
    first = typed(environment, "staff", "add", "Awa", "--email", "awa@example.org")
    taken = typed(environment, "staff", "add", "Aïda", "--email", "awa@example.org")

    assert (first.exit_code, taken.exit_code) == (0, 1)
    assert "the name Aïda or the address awa@example.org is on" in taken.output


def test_a_contact_is_given_out_and_forgotten_once_it_is_meant(
    environment: dict[str, str],
) -> None:
    asyncio.run(_prove(environment))

    given = typed(environment, "contacts", "export", "telegram:7")
    asked = typed(environment, "contacts", "forget", "telegram:7")
    still = typed(environment, "contacts", "export", "telegram:7")
    gone = typed(environment, "contacts", "forget", "telegram:7", "--yes")
    after = typed(environment, "contacts", "export", "telegram:7")
    again = typed(environment, "contacts", "forget", "telegram:7", "--yes")

    assert json.loads(given.stdout)["messages"][0]["text"] == "QX-8812"
    assert "cannot be brought back" in asked.output
    assert (asked.exit_code, still.exit_code) == (1, 0)
    assert "messages: 1" in gone.output.splitlines()
    assert (gone.exit_code, after.exit_code, again.exit_code) == (0, 1, 1)


async def _keep_a_file(environment: dict[str, str]) -> None:
    settings = read_settings(environment)
    stores = read_stores(settings)
    async with open_memory(settings.database_url, now=utc_now, stores=stores) as memory:
        contact = await memory.inbox.contact_of("telegram:7")
        assert contact is not None
        await memory.attachments.add("f.txt", b"of theirs", contact_id=contact.id)


def test_files_that_cannot_be_deleted_now_are_told_and_go_later(
    environment: dict[str, str],
) -> None:
    folder = Path(environment["FILES_FOLDER"])
    asyncio.run(_prove(environment))
    asyncio.run(_keep_a_file(environment))
    folder.rename(folder.with_name("away"))
    folder.write_text("this is no folder")

    gone = typed(environment, "contacts", "forget", "telegram:7", "--yes")

    assert gone.exit_code == 1
    assert "attachments: 1" in gone.stdout.splitlines()
    assert "not deleted yet" in gone.stderr
    folder.unlink()
    folder.with_name("away").rename(folder)
    swept = typed(environment, "files", "sweep")
    assert swept.exit_code == 0
    assert [file for file in folder.rglob("*") if file.is_file()] == []
