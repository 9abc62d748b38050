"""The conversation as the model was given it: who said what, and what tools said."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, cast

from pydantic_ai.messages import (
    ModelMessage,
    ModelRequest,
    ModelResponse,
    TextPart,
    ToolCallPart,
    ToolReturnPart,
    UserPromptPart,
)

Result = Mapping[str, Any]

# A call that no tool took: hidden, or its arguments did not fit.
UNTAKEN: Result = {"unavailable": True}


@dataclass(frozen=True)
class Done:
    """A tool that was called, and what it answered."""

    tool: str
    arguments: Mapping[str, Any]
    result: Result


@dataclass(frozen=True, kw_only=True)
class Exchange:
    """What was said to us, the tools called for it, and what we replied."""

    said: str
    done: tuple[Done, ...] = ()
    reply: str = ""


@dataclass(frozen=True, kw_only=True)
class Talk:
    """All that is known of a conversation: the model remembers nothing itself."""

    past: tuple[Exchange, ...]
    said: str
    done: tuple[Done, ...]  # in this turn so far

    @property
    def last_reply(self) -> str:
        """What we said last, or nothing."""
        return self.past[-1].reply if self.past else ""


@dataclass
class _Open:
    said: list[str] = field(default_factory=list[str])
    calls: dict[str, ToolCallPart] = field(default_factory=dict[str, ToolCallPart])
    results: dict[str, Result] = field(default_factory=dict[str, Result])
    replies: list[str] = field(default_factory=list[str])

    def closed(self) -> Exchange:
        done = tuple(
            Done(call.tool_name, call.args_as_dict(), self.results[key])
            for key, call in self.calls.items()
            if key in self.results
        )
        return Exchange(
            said="\n".join(self.said), done=done, reply="\n".join(self.replies)
        )


def read_talk(messages: Sequence[ModelMessage]) -> Talk:
    """The exchanges of a message history; the last one is still without a reply."""
    exchanges: list[_Open] = []
    for message in messages:
        if isinstance(message, ModelRequest):
            _hear(message, exchanges)
        elif exchanges:
            _note_reply(message, exchanges[-1])
    closed = [exchange.closed() for exchange in exchanges]
    if not closed:
        return Talk(past=(), said="", done=())
    return Talk(past=tuple(closed[:-1]), said=closed[-1].said, done=closed[-1].done)


def _hear(message: ModelRequest, exchanges: list[_Open]) -> None:
    # Beside tool results the framework puts notes of its own as user prompts ("these
    # tools are now available"): nobody said them.
    is_answer = any(isinstance(part, ToolReturnPart) for part in message.parts)
    for part in message.parts:
        if isinstance(part, UserPromptPart):
            if is_answer:
                continue
            if not exchanges or exchanges[-1].calls or exchanges[-1].replies:
                exchanges.append(_Open())
            exchanges[-1].said.append(_text_of(part))
        elif isinstance(part, ToolReturnPart) and exchanges:
            exchanges[-1].results[part.tool_call_id] = _result_of(part)


def _note_reply(message: ModelResponse, exchange: _Open) -> None:
    for part in message.parts:
        if isinstance(part, ToolCallPart):
            exchange.calls[part.tool_call_id] = part
        elif isinstance(part, TextPart):
            exchange.replies.append(part.content)


def _text_of(part: UserPromptPart) -> str:
    if isinstance(part.content, str):
        return part.content
    return "\n".join(piece for piece in part.content if isinstance(piece, str))


def _result_of(part: ToolReturnPart) -> Result:
    if part.outcome == "retried":
        return UNTAKEN
    content: object = part.content
    if isinstance(content, str):
        try:
            content = json.loads(content)
        except ValueError:
            is_answer = part.outcome == "success"
            return {"value" if is_answer else "refused": content}
    if content is None:
        return UNTAKEN
    return cast(Result, content) if isinstance(content, Mapping) else {"value": content}
