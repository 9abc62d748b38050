import os
from pathlib import Path
from typing import Any

import httpx
import pytest

from agent.providers import provider_variables
from channels import CHANNELS
from channels.channel import Configured
from config.settings import (
    Settings,
    WrongSettings,
    read_environment,
    read_settings,
    require_secret,
)
from memory import files
from tools.backends.drive_settings import VARIABLES as DRIVE_VARIABLES
from tools.backends.drive_settings import drive_settings

ROOT = Path(__file__).parents[2]
GIVEN: dict[str, tuple[str, Any]] = {
    "REDIS_URL": ("redis://127.0.0.1:6379/0", "redis://127.0.0.1:6379/0"),
    "BASEROW_URL": ("https://b.example/", "https://b.example"),
    "BASEROW_TOKEN": ("t", "t"),
    "BASEROW_WEBHOOK_SECRET": ("s", "s"),
    "SUPABASE_URL": ("https://x.supabase.co", "https://x.supabase.co"),
    "SUPABASE_KEY": ("sb_publishable_x", "sb_publishable_x"),
    "DAILY_SPEND_LIMIT_USD": ("5", 5.0),
    "LOW_CREDIT_USD": ("1.5", 1.5),
    "DATABASE_URL": ("postgresql://h/n", "postgresql://h/n"),
    "DATABASE_POOL_SIZE": ("3", 3),
    "WORLD": (".", Path()),
    "PROVIDERS": ("a,offline", "a,offline"),
    "PUBLIC_URL": ("https://gust.example", "https://gust.example"),
    "STAFF_CHAT": ("telegram:-100", "telegram:-100"),
    "ADMINS": ("whatsapp:+2217,telegram:1", "whatsapp:+2217,telegram:1"),
    "RATE_LIMIT_PER_MINUTE": ("3", 3),
    "SESSION_MINUTES": ("5", 5),
    "TURN_TIMEOUT_S": ("2.5", 2.5),
    "MAX_CONCURRENT_TURNS": ("7", 7),
    "DEBOUNCE_S": ("0", 0.0),
    "MAX_BODY_BYTES": ("2048", 2048),
    "TIMEZONE": ("Europe/Paris", "Europe/Paris"),
    "LANGUAGE": ("en", "en"),
    "SESSION_SECRET": ("s" * 32, "s" * 32),
    "CORS_ORIGINS": ("https://a.example", "https://a.example"),
    "METRICS_TOKEN": ("t", "t"),
    "LOG_FORMAT": ("pretty", "pretty"),
    "LOG_LEVEL": ("error", "error"),
}


def variables() -> set[str]:
    return {name.upper() for name in Settings.model_fields} - {"ENVIRONMENT"}


def test_every_variable_is_read() -> None:
    assert GIVEN.keys() == variables()

    settings = read_settings({name: text for name, (text, _) in GIVEN.items()})

    for name, (_, value) in GIVEN.items():
        assert getattr(settings, name.lower()) == value


def test_an_empty_environment_gives_the_defaults_of_the_contract() -> None:
    settings = read_settings({})

    assert settings.database_url == "sqlite:///var/gust.db"
    assert settings.provider_order == ("offline",)
    assert settings.rate_limit_per_minute == 10
    assert settings.session_minutes == 30
    assert settings.turn_timeout_s == 30
    assert settings.max_concurrent_turns == 100
    assert settings.debounce_s == 1.5
    assert settings.max_body_bytes == 1_048_576
    assert (settings.zone.key, settings.language) == ("Africa/Dakar", "fr")
    assert settings.admin_aliases == frozenset()
    assert settings.allowed_origins == ()


def test_an_empty_variable_counts_as_unset() -> None:
    assert read_settings(dict.fromkeys(variables(), "")) == read_settings(
        {}
    ).model_copy(update={"environment": dict.fromkeys(variables(), "")})


def test_lists_are_split_and_trimmed() -> None:
    settings = read_settings(
        {
            "ADMINS": "whatsapp:+221770000001, telegram:7,",
            "PROVIDERS": " zai , offline",
            "CORS_ORIGINS": "https://a.example,https://b.example",
        }
    )

    assert settings.admin_aliases == {"whatsapp:+221770000001", "telegram:7"}
    assert settings.provider_order == ("zai", "offline")
    assert settings.allowed_origins == ("https://a.example", "https://b.example")


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("RATE_LIMIT_PER_MINUTE", "0", "greater than or equal to 1"),
        ("RATE_LIMIT_PER_MINUTE", "secret-7", "integer"),
        ("SESSION_MINUTES", "-1", "greater than or equal to 1"),
        ("TURN_TIMEOUT_S", "0", "greater than 0"),
        ("MAX_CONCURRENT_TURNS", "1.5", "integer"),
        ("DEBOUNCE_S", "6", "less than or equal to 5"),
        ("MAX_BODY_BYTES", "12", "1024"),
        ("TIMEZONE", "Mars/secret-7", "Africa/Dakar"),
        ("TIMEZONE", "../../etc/passwd", "Africa/Dakar"),
        ("LANGUAGE", "wo", "'fr' or 'en'"),
        ("STAFF_CHAT", "secret-7", "channel:address"),
        ("STAFF_CHAT", "telegram:", "channel:address"),
        ("STAFF_CHAT", "telegram:-1,telegram:secret-7", "one chat"),
        ("STAFF_CHAT", "whatsapp:221770000001", "whatsapp:+221"),
        ("ADMINS", "telegram:secret-7", "telegram:123456"),
        ("PUBLIC_URL", "secret-7", "https://"),
        ("ADMINS", "whatsapp:+221770000001,secret-7", "channel:address"),
        ("ADMINS", "email:secret-7", "channel:address"),
        ("SUPABASE_URL", "secret-7", "https://"),
        ("WORLD", "no/such/secret-7", "existing folder"),
        ("LOG_FORMAT", "secret-7", "'json'"),
        ("LOG_LEVEL", "secret-7", "'info'"),
        ("BASEROW_URL", "secret-7", "https://baserow.example.org"),
        ("BASEROW_URL", "https://b.example/database/secret-7", "without a path"),
    ],
)
def test_a_wrong_value_is_named_explained_and_not_repeated(
    name: str, value: str, expected: str
) -> None:
    with pytest.raises(WrongSettings) as refused:
        read_settings({name: value})

    told = str(refused.value)
    assert told.startswith(f"{name}: ")
    assert expected in told
    assert "secret-7" not in told
    assert "secret-7" not in str(refused.value.__cause__)


@pytest.mark.parametrize("name", ["SUPABASE_URL", "SUPABASE_KEY"])
def test_half_of_supabase_is_refused_with_what_is_missing(name: str) -> None:
    with pytest.raises(WrongSettings, match="is expected beside it") as refused:
        read_settings({name: "https://secret-7.example"})

    missing = {"SUPABASE_URL", "SUPABASE_KEY"} - {name}
    assert f"{missing.pop()} is expected" in str(refused.value)
    assert "secret-7" not in str(refused.value)


def test_every_wrong_variable_is_named_at_once() -> None:
    with pytest.raises(WrongSettings) as refused:
        read_settings({"DEBOUNCE_S": "x", "TIMEZONE": "x", "LANGUAGE": "x"})

    for name in ("DEBOUNCE_S", "TIMEZONE", "LANGUAGE"):
        assert f"{name}: " in str(refused.value)


@pytest.mark.parametrize(
    "given", [{"BASEROW_URL": "https://b.example"}, {"BASEROW_TOKEN": "secret-7"}]
)
def test_the_address_and_the_token_of_baserow_go_together(
    given: dict[str, str],
) -> None:
    with pytest.raises(WrongSettings, match="BASEROW_URL and BASEROW_TOKEN") as wrong:
        read_settings(given)

    assert "secret-7" not in str(wrong.value)


def test_the_secrets_of_baserow_are_not_printed() -> None:
    settings = read_settings(
        {
            "BASEROW_URL": "https://b.example",
            "BASEROW_TOKEN": "secret-7",
            "BASEROW_WEBHOOK_SECRET": "secret-8",
        }
    )

    access = settings.baserow
    assert access
    assert (access.token, access.webhook_secret) == ("secret-7", "secret-8")
    assert "secret-" not in f"{settings!r} {access!r}"
    assert read_settings({}).baserow is None


@pytest.mark.parametrize("secret", ["", "short", "s" * 31])
def test_a_secret_that_can_be_guessed_is_refused(secret: str) -> None:
    with pytest.raises(WrongSettings, match=r"SESSION_SECRET: .*32 characters") as e:
        require_secret(read_settings({"SESSION_SECRET": secret}))

    assert "token_hex" in str(e.value)
    assert not secret or secret not in str(e.value)


def test_a_long_secret_serves_and_is_not_shown() -> None:
    settings = read_settings({"SESSION_SECRET": "s" * 32})

    require_secret(settings)
    assert "environment" not in repr(settings)


def test_the_environment_wins_over_the_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / ".env").write_text(
        "# a comment\nLANGUAGE=en\nTIMEZONE='Europe/Paris'\nADMINS=\n"
    )
    monkeypatch.setenv("TIMEZONE", "Africa/Abidjan")
    monkeypatch.delenv("LANGUAGE", raising=False)

    settings = read_settings(read_environment(tmp_path))

    assert settings.language == "en"
    assert settings.timezone == "Africa/Abidjan"
    assert settings.admins == ""


def test_without_a_file_the_environment_is_all(tmp_path: Path) -> None:
    set_ones = {name: value for name, value in os.environ.items() if value}
    assert read_environment(tmp_path) == set_ones  # an empty one counts as unset


def example() -> dict[str, str]:
    lines = (ROOT / ".env.example").read_text("utf-8").splitlines()
    pairs = [line.partition("=") for line in lines if line and line[0] != "#"]
    assert len({name for name, _, _ in pairs}) == len(pairs)
    return {name: value for name, _, value in pairs}


def of_the_channels() -> set[str]:
    return {name for channel in CHANNELS for name in channel.variables}


def test_the_example_holds_exactly_the_variables_that_are_read() -> None:
    providers = set(provider_variables())
    of_systems = {*files.VARIABLES, *DRIVE_VARIABLES}
    ours = variables() | of_the_channels() | providers | of_systems
    assert example().keys() == ours


def test_the_example_shows_the_defaults() -> None:
    assert read_settings(example()) == read_settings({}).model_copy(
        update={"environment": example()}
    )


def test_the_example_keeps_files_where_nothing_says_so() -> None:
    as_given = files.read_files(read_settings(example()))

    assert as_given == files.read_files(read_settings({}))
    assert example()["S3_REGION"] == files.S3Bucket.region


def test_the_example_opens_no_channel() -> None:
    """Its defaults are those of the channels too: copied as it is it changes nothing."""
    http = httpx.AsyncClient()
    opened = [channel.open(Configured(example(), http)) for channel in CHANNELS]

    assert opened == [None for _ in CHANNELS]
    assert example()["WAHA_SESSION"] == "default"
    assert example()["TELEGRAM_BASE_URL"] == "https://api.telegram.org"


def test_the_example_reads_no_drive() -> None:
    assert drive_settings(example()) is None
    assert example().items() >= DRIVE_VARIABLES.items()


def test_every_option_of_the_example_is_explained() -> None:
    lines = (ROOT / ".env.example").read_text("utf-8").splitlines()
    for section in "\n".join(lines).split("\n\n")[1:]:
        assert section.startswith("# "), section


@pytest.mark.parametrize("name", ["PUBLIC_URL", "SUPABASE_URL", "BASEROW_URL"])
@pytest.mark.parametrize(
    "url",
    [
        "https://u:sekret@h.example",
        "https://u:sek#ret@h.example",
        "https://u:sek/ret@h.example",
        "https://h.example:sekret",
        "https://:443",
    ],
)
def test_an_address_with_a_password_is_refused_and_not_repeated(
    name: str, url: str
) -> None:
    both = {"SUPABASE_KEY": "k"} if name == "SUPABASE_URL" else {"BASEROW_TOKEN": "t"}
    with pytest.raises(WrongSettings, match=f"{name}: an address") as told:
        read_settings({name: url, **(both if name != "PUBLIC_URL" else {})})

    assert "sek" not in str(told.value)


@pytest.mark.parametrize("password", ["sek/ret", "sek#ret", "12/ret", "12?ret", "s@/r"])
def test_a_password_of_redis_that_breaks_its_address_is_not_repeated(
    password: str,
) -> None:
    with pytest.raises(WrongSettings, match=r"REDIS_URL: .* is written %2F") as told:
        read_settings({"REDIS_URL": f"redis://u:{password}@127.0.0.1:6379/0"})

    assert "ret" not in str(told.value)
    assert read_settings({"REDIS_URL": "redis://u:s%2Fr@127.0.0.1/0"}).redis_url
    assert read_settings({"REDIS_URL": "unix:///run/redis.sock?db=1"}).redis_url
