"""The commands as a maintainer types them: help, answers, exit codes."""

import asyncio
import json
import re
import socket
import subprocess
import sys
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import structlog
from typer import Typer
from typer.testing import CliRunner, Result

from main import app, utc_now
from memory import open_database, open_memory
from tests.memory.letters import receive, wrote

ROOT = Path(__file__).parent.parent
HOURS = "# Horaires\n\nLe secrétariat ouvre le mardi à 9 h 30.\n"
NOBODY_THERE = "postgresql://gust:hunter2@127.0.0.1:1/parish"
COMMANDS = (
    ("demo",),
    ("chat",),
    ("serve",),
    ("work",),
    ("check",),
    ("migrate",),
    ("explain",),
    ("files", "add"),
    ("files", "list"),
    ("files", "remove"),
    ("files", "sweep"),
    ("providers",),
    ("tables", "map"),
    ("contacts", "export"),
    ("contacts", "forget"),
    ("grants", "list"),
    ("grants", "revoke"),
    ("grants", "restore"),
    ("documents", "sync"),
    ("documents", "list"),
    ("documents", "search"),
    ("staff", "add"),
    ("staff", "list"),
    ("staff", "revoke"),
    ("evals", "run"),
    ("evals", "record"),
    ("evals", "compare"),
    ("evals", "report"),
    ("evals", "retrieval"),
)


@pytest.fixture
def environment(tmp_path: Path) -> Iterator[dict[str, str]]:
    """Of an installation with a small world of its own."""
    (tmp_path / "world" / "documents").mkdir(parents=True)
    (tmp_path / "world" / "documents" / "horaires.md").write_text(HOURS, "utf-8")
    yield {
        "WORLD": f"{tmp_path}/world",
        "DATABASE_URL": f"sqlite:///{tmp_path}/gust.db",
        "SESSION_SECRET": "s" * 32,
        "LOG_LEVEL": "error",
        "PROVIDERS": "",
        "WAHA_BASE_URL": "",
        "TELEGRAM_BOT_TOKEN": "",
    }
    structlog.reset_defaults()


def typed(environment: dict[str, str], *words: str, **changes: str) -> Result:
    """What a command answers."""
    return CliRunner().invoke(app, list(words), env={**environment, **changes})


def refused(result: Result) -> str:
    """The one thing that the maintainer must mend: a sentence, no traceback."""
    assert result.exit_code == 2, result.output
    assert isinstance(result.exception, SystemExit)
    assert result.stderr.startswith("gust: ")
    assert "Traceback" not in result.output
    return result.stderr


def names(of: Typer) -> Iterator[str]:
    for command in of.registered_commands:
        assert command.callback
        yield command.name or command.callback.__name__


def test_every_command_is_known_here() -> None:
    found = {(name,) for name in names(app)}
    for group in app.registered_groups:
        assert group.typer_instance
        found |= {(str(group.name), name) for name in names(group.typer_instance)}

    assert found == set(COMMANDS)


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_the_help_of_each_command_has_an_example(command: tuple[str, ...]) -> None:
    result = CliRunner().invoke(app, [*command, "--help"], env={"COLUMNS": "200"})

    assert result.exit_code == 0
    assert f"main.py {' '.join(command)}" in re.sub(r"\s+", " ", result.output)


@pytest.mark.parametrize(
    "words",
    [
        ("fly",),
        ("serve", "--port", "eight"),
        ("chat", "--as", "king"),
        ("explain",),
        ("explain", "one"),
        ("explain", "0"),
        ("explain", "9" * 30),
        ("documents", "search"),
        ("staff", "add"),
        ("staff", "revoke"),
    ],
)
def test_wrong_use_is_told_with_2(
    environment: dict[str, str], words: tuple[str, ...]
) -> None:
    result = typed(environment, *words)

    assert result.exit_code == 2
    assert "Usage" in result.output


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"TIMEZONE": "Mars/Sekret"}, "TIMEZONE: .*Africa/Dakar"),
        ({"WORLD": "/no/such/Sekret"}, "WORLD: .*existing folder"),
        (
            {"S3_BUCKET": "Sekret"},
            "S3_ENDPOINT: S3_BUCKET is set, so .*S3_SECRET_KEY: ",
        ),
        ({"REDIS_URL": "Sekret"}, "REDIS_URL: .*redis://"),
        ({"PROVIDERS": "nobody,offline"}, "PROVIDERS: .*known: .*offline"),
        ({"PROVIDERS": "zai", "ZAI_MODEL": "Sekret"}, "ZAI_API_KEYS: .*a key"),
        ({"PROVIDERS": "zai", "ZAI_API_KEYS": "Sekret"}, "ZAI_MODEL: .*model"),
        ({"DATABASE_URL": "Sekret"}, "DATABASE_URL is not a database URL"),
        ({"DATABASE_URL": "mysql://u:Sekret@h/n"}, "neither sqlite nor postgresql"),
        ({"WAHA_BASE_URL": "Sekret"}, "WAHA_BASE_URL: expected an address"),
        ({"TELEGRAM_BOT_TOKEN": "Sekret"}, "TELEGRAM_BOT_TOKEN: expected"),
        ({"SESSION_SECRET": "Sekret"}, "SESSION_SECRET: .*32 characters"),
        ({"SESSION_SECRET": ""}, "SESSION_SECRET: .*token_hex"),
    ],
)
def test_a_wrong_environment_stops_the_start_and_is_not_repeated(
    environment: dict[str, str], changes: dict[str, str], expected: str
) -> None:
    said = refused(typed(environment, "serve", "--port", "0", **changes))

    assert re.search(expected, said)
    assert "Sekret" not in said


@pytest.mark.parametrize("words", [("staff", "list"), ("explain", "1"), ("check",)])
def test_every_command_tells_of_a_wrong_environment(
    environment: dict[str, str], words: tuple[str, ...]
) -> None:
    assert "TIMEZONE" in refused(typed(environment, *words, TIMEZONE="Mars/Olympus"))


@pytest.mark.parametrize(
    ("command", "port", "expected"),
    [
        ("serve", "99999", "a port from 0 to 65535 is expected"),
        ("serve", "-1", "a port from 0 to 65535 is expected"),
        ("demo", "99999", "a port from 1 to 65535 is expected"),
    ],
)
def test_the_ports_that_there_are_are_told(
    environment: dict[str, str], command: str, port: str, expected: str
) -> None:
    result = typed(environment, command, "--port", port, COLUMNS="200")

    assert result.exit_code == 2
    assert expected in result.output


@pytest.mark.parametrize(
    "words", [("serve", "--port", "0"), ("migrate",), ("staff", "list")]
)
def test_a_database_that_is_away_is_named_and_its_password_is_not(
    environment: dict[str, str], words: tuple[str, ...]
) -> None:
    said = refused(typed(environment, *words, DATABASE_URL=NOBODY_THERE))

    assert said.count("\n") == 1
    assert '"parish" at 127.0.0.1:1 cannot be used' in said
    assert "DATABASE_URL" in said
    assert "hunter2" not in said


def test_a_broken_profile_stops_the_start_with_file_key_and_reason(
    environment: dict[str, str], tmp_path: Path
) -> None:
    (tmp_path / "world" / "profiles").mkdir()
    profile = {
        "profile": "public",
        "actions": {"see_hours": {"description": "Hours.", "fields": ["hours"]}},
    }
    (tmp_path / "world" / "profiles" / "public.json").write_text(json.dumps(profile))

    said = refused(typed(environment, "serve", "--port", "0"))

    assert "public.json: actions.see_hours.table: Field required" in said


def test_staff_are_added_listed_and_revoked(environment: dict[str, str]) -> None:
    added = typed(environment, "staff", "add", "Sœur [b]Thérèse[/x]")
    again = typed(environment, "staff", "add", "Sœur [b]Thérèse[/x]")
    chosen = typed(environment, "staff", "add", "Paul", "--password", "a-b-c")
    revoked = typed(environment, "staff", "revoke", "Paul")
    unknown = typed(environment, "staff", "revoke", "Pierre")
    listed = typed(environment, "staff", "list")

    assert added.exit_code == chosen.exit_code == revoked.exit_code == 0
    assert re.search(
        r"Sœur \[b\]Thérèse\[/x\] .* password (\w{4}-){3}\w{4}\n", added.output
    )
    assert "a-b-c" in chosen.output
    assert (again.exit_code, unknown.exit_code) == (1, 1)
    assert listed.exit_code == 0
    assert listed.output.splitlines() == ["Paul  (revoked)", "Sœur [b]Thérèse[/x]"]


def test_staff_of_supabase_have_an_address_and_no_password_here(
    environment: dict[str, str],
) -> None:
    added = typed(
        environment, "staff", "add", "Aïda", "--email", "Aida@x.example", "--admin"
    )
    taken = typed(environment, "staff", "add", "Ada", "--email", "aida@x.example")
    listed = typed(environment, "staff", "list")

    assert "with Aida@x.example by Supabase" in added.output
    assert "password" not in added.output
    assert taken.exit_code == 1
    assert listed.output == "Aïda  aida@x.example  admin\n"


def test_migrate_makes_the_database(environment: dict[str, str]) -> None:
    for _ in range(2):
        result = typed(environment, "migrate")
        assert result.exit_code == 0
        assert "current schema" in result.output


def test_migrate_goes_back_only_when_it_is_meant(environment: dict[str, str]) -> None:
    assert typed(environment, "migrate").exit_code == 0

    asked = typed(environment, "migrate", "--back-to", "0001")
    unknown = typed(environment, "migrate", "--back-to", "77", "--yes")
    back = typed(environment, "migrate", "--back-to", "0001", "--yes")

    assert "is lost. Go on?" in asked.output
    assert asked.exit_code == 1
    assert refused(unknown).startswith("gust: the schema stays as it is")
    assert back.exit_code == 0
    assert "at version 0001 again" in back.output
    assert "current schema" in typed(environment, "migrate").output


def test_a_role_for_a_database_without_roles_is_wrong_use(
    environment: dict[str, str],
) -> None:
    assert "SQLite has no roles" in refused(
        typed(environment, "migrate", "--for", "gust_app")
    )


async def _write(environment: dict[str, str]) -> int:
    async with open_memory(environment["DATABASE_URL"], now=utc_now) as memory:
        return (await receive(memory, wrote("mon code est QX-8812"))).id


def test_explain_tells_of_a_message_and_not_what_it_says(
    environment: dict[str, str],
) -> None:
    number = asyncio.run(_write(environment))

    known = typed(environment, "explain", str(number))
    unknown = typed(environment, "explain", "77")

    assert known.exit_code == 0
    assert "received" in known.output
    assert "QX-8812" not in known.output
    assert (unknown.exit_code, unknown.output) == (1, "there is no message 77\n")


@contextmanager
def a_taken_port() -> Generator[int]:
    with socket.socket() as holder:
        holder.bind(("127.0.0.1", 0))
        holder.listen()
        yield holder.getsockname()[1]


@pytest.mark.parametrize("command", ["serve", "demo"])
def test_a_port_that_is_taken_is_told(
    environment: dict[str, str], command: str
) -> None:
    with a_taken_port() as port:
        said = refused(typed(environment, command, "--port", str(port)))

    assert said.count("\n") == 1
    assert f"port {port}" in said
    assert "--port" in said


def test_a_second_worker_on_one_sqlite_database_is_refused(
    environment: dict[str, str],
) -> None:
    assert typed(environment, "migrate").exit_code == 0
    database = open_database(environment["DATABASE_URL"])

    with database.sole_worker():
        second = subprocess.run(
            [sys.executable, "main.py", "work"],
            cwd=ROOT,
            env=environment,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )

    assert second.returncode == 2
    assert second.stderr.startswith("gust: another process already works on this")
    assert "postgresql://" in second.stderr
    assert second.stdout == ""


def test_a_database_that_needs_migrating_is_told_how(
    environment: dict[str, str], tmp_path: Path
) -> None:
    """A folder in the place of the database is what a wrong mount looks like."""
    (tmp_path / "gust.db").mkdir()

    assert refused(typed(environment, "staff", "list"))
