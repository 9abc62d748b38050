"""The words of the house: what is remembered, as plain frozen records."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Literal

BY_STAFF = "staff:"  # begins the correlation id of what a person of the service wrote


class Mode(StrEnum):
    """Who holds a conversation."""

    BOT = "bot"
    WAITING = "waiting"  # a human was asked for; the agent still answers
    HUMAN = "human"  # a human claimed it; the agent is silent


class MessageState(StrEnum):
    """How an accepted message stands; every one leaves WAITING in the end."""

    WAITING = "waiting"
    ANSWERED = "answered"
    HELD = "held"  # for the human who holds the conversation
    PARKED = "parked"  # nobody could answer: shown in the staff inbox


class OutgoingState(StrEnum):
    """How a decided reply stands."""

    WAITING = "waiting"
    SENDING = "sending"  # leased; found again after its lease it is in doubt
    SENT = "sent"
    PARKED = "parked"  # the platform refused it: shown in the staff inbox
    SEEN = "seen"  # parked, and a person has seen to it


class AttachmentState(StrEnum):
    """How a file stands. Only what is KEPT is found; the sweep ends the others."""

    ARRIVING = "arriving"  # its bytes may be there or not
    KEPT = "kept"
    LEAVING = "leaving"  # its bytes are being deleted, then its row


class Service(StrEnum):
    """The service an interaction is filed under (product.md), highest last."""

    RENSEIGNEMENT = "RENSEIGNEMENT"
    CATECHESE = "CATECHESE"
    CONTACT_HUMAIN = "CONTACT_HUMAIN"
    SUPER_ADMIN = "SUPER_ADMIN"


class ToolOutcome(StrEnum):
    """How a tool call ended."""

    OK = "ok"
    REFUSED = "refused"
    UNAVAILABLE = "unavailable"
    INVALID = "invalid"


@dataclass(frozen=True, kw_only=True)
class Incoming:
    """One thing somebody said, as a channel understood it."""

    key: str  # unique over all channels: the platform's own id of the message
    channel: str
    aliases: tuple[str, ...]  # of the sender, most stable first: "whatsapp:+221…"
    address: str  # where a reply goes, in the words of the channel
    text: str
    sent_at: datetime
    correlation_id: str
    name: str | None = None  # as the platform shows it; proves nothing


@dataclass(frozen=True, kw_only=True)
class Contact:
    """A person who writes, known by one or more aliases."""

    id: int
    aliases: tuple[str, ...]
    name: str | None


@dataclass(frozen=True, kw_only=True)
class Conversation:
    """All that is said with one contact on one channel."""

    id: int
    contact_id: int
    channel: str
    address: str
    mode: Mode
    version: int  # grows each time a human takes or gives back the conversation


@dataclass(frozen=True, kw_only=True)
class Message:
    """One accepted message."""

    id: int
    key: str
    conversation_id: int
    text: str
    received_at: datetime
    state: MessageState
    attempts: int
    correlation_id: str
    turn_id: int | None


@dataclass(frozen=True, kw_only=True)
class ParentIdentity:
    """What a proved code says of a contact."""

    profile: str
    code: str  # as the identity table writes it
    name: str


@dataclass(frozen=True, kw_only=True)
class Withdrawal:
    """What a contact may no longer see of a code that they prove."""

    code: str
    child: str | None = None  # a first name as the tables write it; None: all of it


@dataclass(frozen=True, kw_only=True)
class Grant:
    """What a contact opened by a code, or what staff took from them of it."""

    id: int
    contact_id: int
    profile: str
    code: str  # as the identity table wrote it
    name: str  # of who held the code then, as the identity table wrote it
    granted_at: datetime
    child: str | None = None  # None: all children of the code
    ended_at: datetime | None = None  # with the session, or because the code changed
    revoked_at: datetime | None = None  # by staff: proving the code again is refused

    def is_open(self) -> bool:
        """Whether it opens anything, as long as the session lasts."""
        return not (self.child or self.ended_at or self.revoked_at)


@dataclass(frozen=True, kw_only=True)
class Session:
    """What a contact has proved, until `expires_at` (sliding)."""

    contact_id: int
    parents: tuple[ParentIdentity, ...] = ()  # one person with their codes, newest last
    withdrawn: tuple[Withdrawal, ...] = ()
    admin_mode: bool = False
    expires_at: datetime | None = None
    ended_at: datetime | None = None  # what was said before counts no more

    @property
    def parent(self) -> ParentIdentity | None:
        """Who proved a code last."""
        return self.parents[-1] if self.parents else None


@dataclass(frozen=True, kw_only=True)
class ToolCall:
    """One call of a tool by the model, and how it ended."""

    name: str
    arguments: Mapping[str, Any]
    outcome: ToolOutcome
    duration_ms: int = 0


@dataclass(frozen=True, kw_only=True)
class ModelCall:
    """One request to a model: who served or failed, what it used and what it cost."""

    at: datetime
    provider: str
    model: str
    account: str  # whose quota it was; never the key
    outcome: str  # "ok", or the kind of fault
    duration_ms: int
    input_tokens: int = 0
    output_tokens: int = 0
    cached_tokens: int = 0  # of the input, read from the provider's cache
    cost_usd: float | None = None  # None: the price is not known


@dataclass(frozen=True, kw_only=True)
class VeiledValue:
    """A personal value of a conversation, and the token that stands for it outside."""

    token: str  # "ENFANT_1"
    kind: str
    value: str


@dataclass(frozen=True, kw_only=True)
class Turn:
    """One answer to the waiting messages of a conversation."""

    id: int
    conversation_id: int
    started_at: datetime
    ended_at: datetime
    provider: str  # "offline", "code" (a reserved word), "human", …
    model_calls: int
    tools: tuple[ToolCall, ...]
    service: Service
    findings: tuple[str, ...]  # what the guards changed in the reply
    correlation_id: str
    history: str | None  # the new model messages of this turn, as JSON
    said: tuple[str, ...]  # what was said to the agent
    replies: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class NewTurn:
    """A turn that is about to be kept: everything but its id."""

    started_at: datetime
    provider: str
    service: Service
    correlation_id: str
    model_calls: int = 0
    tools: tuple[ToolCall, ...] = ()
    findings: tuple[str, ...] = ()
    history: str | None = None
    replies: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Outgoing:
    """A decided reply, or a card for staff, on its way to a channel."""

    id: int
    key: str  # sent again with the same key, it is the same message
    channel: str
    address: str
    text: str
    state: OutgoingState
    attempts: int
    created_at: datetime
    correlation_id: str
    conversation_id: int | None = None
    platform_id: str | None = None
    sent_at: datetime | None = None
    problem: str | None = None
    is_in_doubt: bool = False  # a process died while sending it


@dataclass(frozen=True, kw_only=True)
class Handoff:
    """A request for a human, and the human's hold on the conversation."""

    id: int
    conversation_id: int
    reason: str
    urgent: bool
    requested_at: datetime
    claimed_by: str | None = None
    claimed_at: datetime | None = None
    returned_at: datetime | None = None

    @property
    def state(self) -> str:
        """`waiting`, `claimed` or `returned`."""
        if self.returned_at:
            return "returned"
        return "claimed" if self.claimed_at else "waiting"


@dataclass(frozen=True, kw_only=True)
class Page:
    """A temporary page. Its token is known to the receiver of the link only."""

    id: int
    title: str
    body_markdown: str
    created_at: datetime
    expires_at: datetime
    created_by: str
    revoked_at: datetime | None = None

    def is_open_at(self, moment: datetime) -> bool:
        """Whether the page may still be read."""
        return self.revoked_at is None and moment < self.expires_at


@dataclass(frozen=True, kw_only=True)
class NewPage:
    """A page to be kept, with the token that opens it (of which only a hash stays)."""

    key: str  # the same call of the tool makes it once
    token: str
    title: str
    body_markdown: str
    created_by: str
    expires_at: datetime
    conversation_id: int | None = None


@dataclass(frozen=True, kw_only=True)
class Attachment:
    """A file of a page, of a contact, or of nobody. Its bytes are in `memory.files`."""

    id: int
    key: str  # under which the bytes are kept; says nothing
    name: str  # as its reader sees it
    media_type: str
    size_bytes: int
    created_at: datetime
    page_id: int | None = None
    contact_id: int | None = None


@dataclass(frozen=True, kw_only=True)
class Staff:
    """A person of the service who may sign in."""

    id: int
    name: str
    password_hash: str  # "": no local account
    email: str | None = None
    role: Literal["staff", "admin"] = "staff"
    revoked_at: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class AuditEntry:
    """One use of a privileged tool."""

    at: datetime
    contact_id: int | None  # None: the contact was forgotten
    tool: str
    arguments: str  # JSON
    outcome: ToolOutcome
