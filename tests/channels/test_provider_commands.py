"""`main.py providers`, as a maintainer types it before the counterpart."""

import json
from collections.abc import Generator
from pathlib import Path

import pytest
import structlog
from typer.testing import CliRunner, Result

from main import app
from tests.counterparts.providers import ProviderCounterpart, providers_in_a_thread

SECRET = "sk-very-secret-401"


@pytest.fixture
def counterpart() -> Generator[ProviderCounterpart]:
    with providers_in_a_thread() as running:
        yield running
    structlog.reset_defaults()


@pytest.fixture
def environment(counterpart: ProviderCounterpart, tmp_path: Path) -> dict[str, str]:
    (tmp_path / "world" / "documents").mkdir(parents=True)
    (tmp_path / "world" / "documents" / "a.md").write_text("# Horaires\n\nMardi.\n")
    return {
        "DATABASE_URL": f"sqlite:///{tmp_path}/gust.db",
        "WORLD": str(tmp_path / "world"),
        "SESSION_SECRET": "x" * 40,
        "PROVIDERS": "anthropic,openrouter,offline",
        "ANTHROPIC_API_KEYS": f"parish:{SECRET}",
        "ANTHROPIC_MODEL": "claude-haiku-4-5",
        "ANTHROPIC_BASE_URL": counterpart.base_url("anthropic"),
        "OPENROUTER_API_KEYS": "sk-or-of-the-parish",
        "OPENROUTER_MODEL": "z-ai/glm-4.6",
        "OPENROUTER_BASE_URL": counterpart.base_url("openrouter"),
        "REDIS_URL": "",
        "COLUMNS": "200",
    }


def typed(environment: dict[str, str], *words: str) -> Result:
    return CliRunner().invoke(app, ["providers", *words], env=environment)


def test_keys_are_shown_in_order_by_their_last_four_characters(
    environment: dict[str, str],
) -> None:
    result = typed(environment, "--json")

    assert result.exit_code == 0, result.output
    keys = json.loads(result.stdout)["keys"]
    shown = [
        (key["order"], key["provider"], key["account"], key["key"]) for key in keys
    ]
    assert shown == [
        ("1", "anthropic", "parish", "…-401"),
        ("2", "openrouter", "1", "…rish"),
    ]
    assert [key["gate"] for key in keys] == ["open", "open"]
    assert [key["latency"] for key in keys] == ["none yet", "none yet"]
    assert keys[0]["credit"] == "not told"
    assert keys[1]["credit"].startswith("$")
    assert SECRET not in result.output


def test_each_key_can_be_tried_and_a_refused_one_fails_the_command(
    environment: dict[str, str], counterpart: ProviderCounterpart
) -> None:
    environment["ANTHROPIC_API_KEYS"] = "parish:401"

    result = typed(environment, "--try", "--json")

    assert result.exit_code == 1
    answers = [row["answer"] for row in json.loads(result.stdout)["tried"]]
    assert answers == ["key: the key is refused", "ok"]
    assert len(counterpart.asked) == 2


def test_without_providers_the_built_in_model_is_named(
    environment: dict[str, str],
) -> None:
    result = typed({**environment, "PROVIDERS": "offline"})

    assert result.exit_code == 0
    assert "built-in model serves alone" in result.stdout


@pytest.mark.parametrize("by", ["provider", "day", "conversation", "turn"])
def test_what_was_spent_is_added_up_as_wanted(
    environment: dict[str, str], by: str
) -> None:
    result = typed(environment, "--by", by, "--days", "7")

    assert result.exit_code == 0
    assert "anthropic" in result.stdout


def test_an_address_where_nobody_listens_is_told(environment: dict[str, str]) -> None:
    environment["ANTHROPIC_BASE_URL"] = "http://127.0.0.1:1"

    result = typed(environment, "--try", "--json")

    answers = [row["answer"] for row in json.loads(result.stdout)["tried"]]
    assert answers == ["down: it cannot be reached, or hung up", "ok"]
