"""Records as the events of the web chat: what a reader may see of each."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from memory.records import Message, Outgoing, ToolCall, Turn

from .authors import StaffNames, staff_author


@dataclass(frozen=True, kw_only=True)
class Event:
    """One server-sent event. With an id the browser can go on from it."""

    kind: str
    values: Mapping[str, object]
    id: str | None = None

    def encode(self) -> str:
        """As it goes over the wire."""
        lines = [f"event: {self.kind}", f"data: {json.dumps(self.values)}"]
        if self.id is not None:
            lines.insert(0, f"id: {self.id}")
        return "\n".join(lines) + "\n\n"


@dataclass(frozen=True, kw_only=True)
class Place:
    """How far a reader has come."""

    message: int = 0
    outgoing: int = 0
    turn: int = 0


@dataclass(frozen=True, kw_only=True)
class Happening:
    """Something that took place in a conversation, ready to be told."""

    at: datetime
    kind: str
    values: Mapping[str, object]
    place: Place


def said(message: Message) -> Happening:
    """What the contact wrote."""
    return Happening(
        at=message.received_at,
        kind="message",
        values={
            "id": message.id,
            "key": message.key.removeprefix("web:"),
            "text": message.text,
            "at": message.received_at.isoformat(),
        },
        place=Place(message=message.id),
    )


def replied(outgoing: Outgoing, staff: StaffNames) -> Happening:
    """What was sent to the contact."""
    at = outgoing.sent_at or outgoing.created_at
    return Happening(
        at=at,
        kind="reply",
        values={
            "id": outgoing.id,
            "text": outgoing.text,
            "at": at.isoformat(),
            "staff": staff_author(outgoing, staff),
        },
        place=Place(outgoing=outgoing.id),
    )


def turned(turn: Turn) -> Happening:
    """What an answer was made of. Codes are masked."""
    duration = turn.ended_at - turn.started_at
    return Happening(
        at=turn.ended_at,
        kind="turn",
        values={
            "id": turn.id,
            "at": turn.ended_at.isoformat(),
            "provider": turn.provider,
            "duration_ms": round(duration.total_seconds() * 1000),
            "model_calls": turn.model_calls,
            "service": turn.service,
            "findings": turn.findings,
            "tools": [_called(call) for call in turn.tools],
        },
        place=Place(turn=turn.id),
    )


def _called(call: ToolCall) -> Mapping[str, object]:
    return {
        "name": call.name,
        "arguments": {
            name: "••••" if "code" in name.casefold() else value
            for name, value in call.arguments.items()
        },
        "outcome": call.outcome,
        "duration_ms": call.duration_ms,
    }
