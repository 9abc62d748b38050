"""What a turn is made of: tools to call and sentences to say, in order."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

Purpose = Literal["search", "rows", "verify", "human", "admin", "added"]


@dataclass(frozen=True, kw_only=True)
class Call:
    """A tool to call, what for, and the question that it answers."""

    tool: str
    purpose: Purpose
    arguments: Mapping[str, Any] = field(default_factory=dict[str, Any])
    question: str = ""
    is_alone: bool = True  # the only question of the message


@dataclass(frozen=True)
class Say:
    """A sentence that needs no tool."""

    text: str


@dataclass(frozen=True)
class Offer:
    """After a right code: what was asked for before it may now be seen."""

    what: str


Step = Call | Say | Offer
