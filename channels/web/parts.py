"""What the web application is made of, given by main.py."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol
from zoneinfo import ZoneInfo

from fastapi import APIRouter, FastAPI
from prometheus_client import CollectorRegistry

from memory import Memory
from tools.code_shapes import CodeShape

Check = Callable[[], Awaitable[None]]
Lifespan = Callable[[FastAPI], AbstractAsyncContextManager[None]]


class SignIn(Protocol):
    """A service outside that knows the passwords of staff."""

    async def proven_email(self, email: str, password: str) -> str | None:
        """The address that is proved; None: it does not fit the password.

        Raises:
            SignInAway: it cannot be asked now.
            SignInUnproven: what it answered proves nothing.
        """
        ...

    async def close(self) -> None:
        """Give the connections back."""
        ...


@dataclass(frozen=True, kw_only=True)
class DemoContact:
    """Somebody whom a visitor of the demo may write as. Invented, never real."""

    key: str  # in the address of the chat
    label: str
    alias: str
    role: str
    hint: str  # what to try; words between « » become suggestions


@dataclass(frozen=True, kw_only=True)
class WebParts:
    """Everything that the routes need. `demo_contacts` None: no web chat.

    `checks` are the dependencies of `/ready` by name: each raises when it is away.
    """

    memory: Memory
    wake: Callable[[int], None]
    now: Callable[[], datetime]
    public_url: str
    secret: str  # signs the cookie of staff
    timezone: ZoneInfo
    session_hours: int = 12  # of staff
    sign_in: SignIn | None = None  # beside the local accounts
    code_shapes: Sequence[CodeShape] = ()  # what staff must not read
    webhooks: APIRouter | None = None
    demo_contacts: tuple[DemoContact, ...] | None = None
    checks: Mapping[str, Check] = field(default_factory=dict[str, Check])
    registry: CollectorRegistry = field(default_factory=CollectorRegistry)
    metrics_token: str | None = None
    cors_origins: tuple[str, ...] = ()
    lifespan: Lifespan | None = None

    @property
    def is_https(self) -> bool:
        """Whether people reach us by https."""
        return self.public_url.startswith("https://")
