"""What is asked and what is replied, in words that no provider owns.

A script reads `Asked` and gives a `Reply`; each wire format translates both, so one
script serves them all.
"""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

WireName = Literal["anthropic", "openai", "gemini"]
Reason = Literal["", "credit", "context", "bad", "key"]
Finish = Literal["stop", "length", "refusal", "sensitive"]


@dataclass(frozen=True, kw_only=True)
class Said:
    """A text of the contact's side (`user`) or of the model (`assistant`)."""

    by: Literal["user", "assistant"]
    text: str


@dataclass(frozen=True, kw_only=True)
class Called:
    """A tool call that the model made earlier."""

    id: str
    name: str
    arguments: Any


@dataclass(frozen=True, kw_only=True)
class Answered:
    """What a tool answered to `call_id`."""

    call_id: str
    name: str
    text: str


Message = Said | Called | Answered


@dataclass(frozen=True, kw_only=True)
class Asked:
    """One request as it came; `body` is what was on the wire, untouched.

    `status` is 0 until an answer has begun, and stays 0 when none ever does; `fault` is
    the word of the fault that was done, "ok" for none.
    """

    wire: WireName
    path: str
    key: str
    model: str
    streamed: bool
    system: str = ""
    messages: tuple[Message, ...] = ()
    tools: Mapping[str, Mapping[str, Any]] = field(default_factory=dict[str, Any])
    descriptions: Mapping[str, str] = field(default_factory=dict[str, str])
    headers: Mapping[str, str] = field(default_factory=dict[str, str])
    body: Mapping[str, Any] = field(default_factory=dict[str, Any])
    status: int = 0
    fault: str = "ok"

    @property
    def last_text(self) -> str:
        """The last text of the contact's side."""
        said = [m.text for m in self.messages if isinstance(m, Said) and m.by == "user"]
        return said[-1] if said else ""

    def call_id(self, prefix: str, index: int) -> str:
        """An id for the new call `index`: unique in its conversation, and replayable."""
        before = sum(isinstance(message, Called) for message in self.messages)
        return f"{prefix}_{before + index + 1:04}"


@dataclass(frozen=True, kw_only=True)
class Usage:
    """Tokens of one answer; `cached` of the `input` ones came from the cache."""

    input: int = 120
    output: int = 15
    cached: int = 20
    cost_usd: float = 0.0012


@dataclass(frozen=True)
class ToolUse:
    """A call to make. `arguments` that are not a mapping go out as they are.

    A `str` stands for arguments whose JSON is broken.
    """

    name: str
    arguments: Any = field(default_factory=dict[str, Any])


@dataclass(frozen=True, kw_only=True)
class Reply:
    """What the model says; `usage` None leaves the count out."""

    text: str = ""
    calls: tuple[ToolUse, ...] = ()
    usage: Usage | None = field(default_factory=Usage)
    thinking: str = ""
    finish: Finish = "stop"


Script = Callable[[Asked], Reply | Awaitable[Reply]]


@dataclass(frozen=True, kw_only=True)
class Problem:
    """Why a provider refuses; each wire format words it as its documentation does."""

    status: int
    reason: Reason = ""
    retry_after_s: int | None = None
    zai_code: str = ""
    is_typed: bool = False
