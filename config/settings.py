"""The environment of this process: every option, its default, and what is wrong.

What channels and providers read of it is declared in their own rooms.
"""

import os
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Literal, Self
from urllib.parse import SplitResult, urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from dotenv import dotenv_values
from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    ValidationError,
    field_validator,
    model_validator,
)

from tools.backends.baserow import BaserowAccess

# How channels write who somebody is; a group of WhatsApp may be the staff chat.
_ALIAS = re.compile(r"telegram:-?\d+|whatsapp:(\+\d+|lid:\d+|\d[\d-]*@g\.us)|web:\S+")


class WrongSettings(ValueError):
    """One or several variables cannot be used; the text says which and why."""


class Settings(BaseModel):
    """What this process was told. Field names are the variables, in lower case."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    database_url: str = "sqlite:///var/gust.db"
    database_pool_size: Annotated[int, Field(ge=1, le=100)] = 10
    world: Path = Path("config/demo")
    providers: str = "offline"
    public_url: str = "http://127.0.0.1:8000"
    staff_chat: str = ""
    admins: str = ""
    rate_limit_per_minute: Annotated[int, Field(ge=1)] = 10
    session_minutes: Annotated[int, Field(ge=1)] = 30
    turn_timeout_s: Annotated[float, Field(gt=0)] = 30
    max_concurrent_turns: Annotated[int, Field(ge=1)] = 100
    debounce_s: Annotated[float, Field(ge=0, le=5)] = 1.5
    max_body_bytes: Annotated[int, Field(ge=1024)] = 1_048_576
    timezone: str = "Africa/Dakar"
    language: Literal["fr", "en"] = "fr"
    redis_url: str = ""
    baserow_url: str = ""
    baserow_token: Annotated[str, Field(repr=False)] = ""
    baserow_webhook_secret: Annotated[str, Field(repr=False)] = ""
    supabase_url: str = ""
    supabase_key: Annotated[str, Field(repr=False)] = ""
    daily_spend_limit_usd: Annotated[float, Field(ge=0)] = 0
    low_credit_usd: Annotated[float, Field(ge=0)] = 2
    session_secret: str = ""
    cors_origins: str = ""
    metrics_token: str = ""
    log_format: Literal["auto", "json", "pretty"] = "auto"
    log_level: Literal["debug", "info", "warning", "error"] = "info"
    # All variables, for the rooms that declare their own.
    environment: Mapping[str, str] = Field(default_factory=dict[str, str], repr=False)

    @field_validator("timezone")
    @classmethod
    def _is_a_timezone(cls, name: str) -> str:
        try:
            ZoneInfo(name)
        except (ZoneInfoNotFoundError, ValueError) as error:
            raise ValueError("a zone name such as Africa/Dakar is expected") from error
        return name

    @field_validator("public_url", "supabase_url")
    @classmethod
    def _is_a_web_address(cls, url: str) -> str:
        if not _is_site(url):
            raise ValueError("an address such as https://gust.example.org is expected")
        return url

    @model_validator(mode="after")
    def _has_both_of_supabase(self) -> Self:
        if bool(self.supabase_url) != bool(self.supabase_key):
            missing = "SUPABASE_KEY" if self.supabase_url else "SUPABASE_URL"
            raise ValueError(
                "SUPABASE_URL and SUPABASE_KEY:"
                f" {missing} is expected beside it: Project settings, API"
            )
        return self

    @field_validator("redis_url")
    @classmethod
    def _is_a_redis_address(cls, url: str) -> str:
        parts = _split(url)
        is_there = parts and (parts.hostname or parts.scheme == "unix")
        if not is_there or not re.match(r"rediss?://|unix://", url):
            raise ValueError(
                "an address such as redis://127.0.0.1:6379/0 is expected; in a"
                " password / is written %2F, # %23, ? %3F and @ %40"
            )
        return url

    @field_validator("baserow_url")
    @classmethod
    def _is_where_baserow_is(cls, url: str) -> str:
        if not _is_site(url) or not re.match(r"https?://[^/\s?]+/?$", url):
            raise ValueError(
                "an address without a path such as https://baserow.example.org"
                " is expected"
            )
        return url.rstrip("/")

    @model_validator(mode="after")
    def _has_both_for_baserow(self) -> Self:
        if bool(self.baserow_url) != bool(self.baserow_token):
            raise ValueError(
                "BASEROW_URL and BASEROW_TOKEN are expected together: the address,"
                " and a database token that only reads (docs/data.md)"
            )
        return self

    @field_validator("staff_chat")
    @classmethod
    def _is_one_chat(cls, text: str) -> str:
        if len(_listed(text)) > 1:
            raise ValueError("one chat is expected, such as telegram:-1001234567")
        return text

    @field_validator("staff_chat", "admins")
    @classmethod
    def _are_aliases(cls, text: str) -> str:
        if not all(_ALIAS.fullmatch(alias) for alias in _listed(text)):
            raise ValueError(
                "channel:address is expected, such as telegram:123456,"
                " whatsapp:+221770000000 or whatsapp:lid:123456"
            )
        return text

    @field_validator("world")
    @classmethod
    def _is_a_folder(cls, folder: Path) -> Path:
        if not folder.is_dir():
            raise ValueError("an existing folder is expected: see docs/architecture.md")
        return folder

    @property
    def zone(self) -> ZoneInfo:
        """The time zone of the organisation."""
        return ZoneInfo(self.timezone)

    @property
    def baserow(self) -> BaserowAccess | None:
        """Where the tables of the organisation are; None: in the world's files."""
        if not self.baserow_url:
            return None
        return BaserowAccess(
            url=self.baserow_url,
            token=self.baserow_token,
            zone=self.zone,
            webhook_secret=self.baserow_webhook_secret,
        )

    @property
    def admin_aliases(self) -> frozenset[str]:
        """Who may enter super-admin mode."""
        return frozenset(_listed(self.admins))

    @property
    def provider_order(self) -> tuple[str, ...]:
        """The names of the providers, first to last."""
        return tuple(_listed(self.providers))

    @property
    def allowed_origins(self) -> tuple[str, ...]:
        """Other origins that may call us from a browser."""
        return tuple(_listed(self.cors_origins))


def read_environment(folder: Path = Path()) -> dict[str, str]:
    """The variables of this process, over those of a `.env` file in `folder`."""
    from_file = {k: v for k, v in dotenv_values(folder / ".env").items() if v}
    return {**from_file, **{k: v for k, v in os.environ.items() if v}}


def read_settings(environment: Mapping[str, str]) -> Settings:
    """The settings of an environment. An empty variable counts as unset.

    Raises:
        WrongSettings: names each wrong variable and what is expected instead.
    """
    known = {
        name: value
        for name in Settings.model_fields
        if name != "environment" and (value := environment.get(name.upper(), ""))
    }
    try:
        return Settings.model_validate({**known, "environment": environment})
    except ValidationError as error:
        # The value is left out: it may be a secret.
        wrong = [
            f"{_variable(problem['loc'])}{problem['msg'].removeprefix('Value error, ')}"
            for problem in error.errors()
        ]
        raise WrongSettings("; ".join(wrong)) from None


def _variable(place: tuple[int | str, ...]) -> str:
    # What is wrong between several names them itself.
    return f"{str(place[0]).upper()}: " if place else ""


def require_secret(settings: Settings) -> None:
    """Make sure that what is signed cannot be forged.

    Raises:
        WrongSettings: SESSION_SECRET is unset or short; says how to make one.
    """
    problem = secret_problem(settings)
    if problem:
        raise WrongSettings(f"SESSION_SECRET: {problem}")


def secret_problem(settings: Settings) -> str | None:
    """What is wrong with SESSION_SECRET, and how to make one; None: it is well."""
    if len(settings.session_secret) >= 32:
        return None
    return (
        "a random text of 32 characters or more is expected, as"
        ' python3 -c "import secrets; print(secrets.token_hex(32))" prints'
    )


def _is_site(url: str) -> bool:
    """Whether it is the address of a site, without a user and a password."""
    parts = _split(url)
    return bool(
        parts
        and parts.scheme in ("http", "https")
        and parts.hostname
        and "@" not in parts.netloc
    )


def _split(url: str) -> SplitResult | None:
    """The parts of an address; None: it is none, or a password has broken it.

    Unescaped, a part of a password is read as host, port or path, which are told.
    """
    try:
        parts = urlsplit(url)
        _ = parts.port  # reads it, and refuses what is no number
    except ValueError:
        return None
    is_broken = parts.fragment or "@" in parts.path + parts.query or " " in url
    return None if is_broken else parts


def _listed(text: str) -> list[str]:
    return [part.strip() for part in text.split(",") if part.strip()]
