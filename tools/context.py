"""Who asks, and the outside systems: what every tool receives."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, tzinfo
from typing import Literal, Self

from memory import Memory
from memory.records import Contact, Conversation, Mode, Service, Session, ToolCall

from .backends.documents import Documents
from .backends.tables import Tables
from .personal import NobodyAsks, Personal
from .profile import Action, Profile

Role = Literal["visitor", "parent", "admin"]

SLOW_ANSWER_S = 3.0  # while many wrong codes come in: guessing gets expensive


async def _slow_down() -> None:
    await asyncio.sleep(SLOW_ANSWER_S)


@dataclass(frozen=True)
class StaffChat:
    """Where staff are told of handoffs: a chat of one of the channels."""

    channel: str
    address: str

    @classmethod
    def at(cls, alias: str) -> Self | None:
        """The chat of `channel:address`; None for an empty text."""
        channel, _, address = alias.partition(":")
        return cls(channel, address) if address else None


@dataclass(frozen=True, kw_only=True)
class Desk:
    """The outside systems and the rules of this process; one for all turns."""

    memory: Memory
    tables: Tables
    documents: Documents
    profiles: Mapping[str, Profile]
    now: Callable[[], datetime]
    public_url: str
    admins: frozenset[str] = frozenset()  # aliases
    staff_chat: StaffChat | None = None
    page_hours: int = 72
    secret: str = ""  # makes page links that the same call makes again
    timezone: tzinfo = UTC  # of the times that staff read
    slow_down: Callable[[], Awaitable[None]] = _slow_down  # codes under attack

    @property
    def actions(self) -> Mapping[str, tuple[Profile, Action]]:
        """Every action of every profile by its name."""
        return {
            action.name: (profile, action)
            for profile in self.profiles.values()
            for action in profile.actions
        }


@dataclass(frozen=True)
class Receipt:
    """The proof that a tool did something that a reply may then claim."""

    kind: Literal["handoff", "page"]
    reference: str  # the number of the handoff, the link of the page


@dataclass(kw_only=True)
class ToolContext:
    """One turn's view: the verified identity, never an argument of the model.

    `session` is replaced when a code is proved within the turn; `receipts`,
    `services`, `minor_names` (children that a tool has named) and `calls` (by the
    id of the call) grow with what the tools do.
    """

    desk: Desk
    contact: Contact
    conversation: Conversation
    session: Session
    said: tuple[str, ...]  # what the contact wrote in this session, newest last
    turn_key: str  # the same when the turn runs again after a crash
    correlation_id: str = ""  # of the message; unlike the key it names nobody
    language: Literal["fr", "en"] = "fr"
    receipts: list[Receipt] = field(default_factory=list[Receipt])
    services: set[Service] = field(default_factory=set[Service])
    minor_names: set[str] = field(default_factory=set[str])
    calls: dict[str, ToolCall] = field(default_factory=dict[str, ToolCall])
    personal: Personal = field(default_factory=NobodyAsks)

    @property
    def is_admin(self) -> bool:
        """Whether one of the contact's aliases is listed in ADMINS."""
        return not self.desk.admins.isdisjoint(self.contact.aliases)

    @property
    def role(self) -> Role:
        """What the contact has proved: decides which tools are shown and work."""
        if self.is_admin and self.session.admin_mode:
            return "admin"
        return "parent" if self.session.parent else "visitor"

    @property
    def is_waiting_for_human(self) -> bool:
        """Whether a handoff is open."""
        return self.conversation.mode is not Mode.BOT
