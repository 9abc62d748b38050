"""What evals ask of whoever builds the house: main.py, or a test."""

import secrets
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Protocol

from memory.records import ToolCall

from .case import OutageName

NOBODY = "none"  # the provider of a turn that nobody answered


@dataclass(frozen=True, kw_only=True)
class CaseWorld:
    """What a house is built for: one play of one case."""

    folder: Path  # profiles/, tables/, documents/
    model: str  # "offline", …
    admins: frozenset[str] = frozenset()  # aliases, as in ADMINS
    staff: frozenset[str] = frozenset()  # aliases of people of the service
    outage: OutageName | None = None
    case: str = ""  # its id
    variables: Mapping[str, str] = field(default_factory=dict[str, str], repr=False)
    now: Callable[[], datetime] | None = None  # None: the clock of the house

    def environment(self, folder: str) -> Mapping[str, str]:
        """The variables of its house, whose database is in `folder`."""
        return {
            "DATABASE_URL": f"sqlite:///{folder}/gust.db",
            "SESSION_SECRET": secrets.token_hex(32),
            "ADMINS": ",".join(self.admins),
            "PROVIDERS": self.model,
            "DEBOUNCE_S": "0",
            "RATE_LIMIT_PER_MINUTE": "1000",
            "LOG_LEVEL": "error",
            **self.variables,
        }


@dataclass(frozen=True, kw_only=True)
class TurnSeen:
    """What came out of the house when something was said to it."""

    replies: tuple[str, ...]
    tools: tuple[ToolCall, ...] = ()
    provider: str = NOBODY
    model_calls: int = 0
    duration_ms: int = 0
    cost_usd: float | None = None
    findings: tuple[str, ...] = ()  # what the guards changed in the reply
    is_held: bool = False  # a human holds the conversation: silence is right
    is_parked: bool = False  # every attempt to answer failed; a person must look


@dataclass(frozen=True, kw_only=True)
class EndState:
    """What became of it: the sender's session and mode, and totals of the case."""

    verified: bool
    handoffs: int
    pages: int
    mode: str


class House(Protocol):
    """A whole concierge, driven as a channel drives it."""

    async def say(self, texts: Sequence[str], *, sender: str, channel: str) -> TurnSeen:
        """Let `sender` write the texts in one go; everything that was answered."""
        ...

    async def state(self, *, sender: str, channel: str) -> EndState:
        """How things stand for `sender`, and what was made during the case."""
        ...


class BuildHouse(Protocol):
    """Opens a house with an empty memory of its own, closed at the end of the case."""

    def __call__(self, world: CaseWorld, /) -> AbstractAsyncContextManager[House]:
        """A new house; two of them share nothing that a conversation can change."""
        ...
