"""A history that one provider made, as another one can take it."""

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from typing import TypeVar

from pydantic_ai.messages import (
    ModelMessage,
    ModelRequest,
    ModelResponse,
    ThinkingPart,
    ToolCallPart,
    ToolReturnPart,
    UserPromptPart,
)

_ID = re.compile(r"^[A-Za-z0-9_-]{1,64}$")  # what every provider accepts
_NOT_IN_ID = re.compile(r"[^A-Za-z0-9_-]")
_Named = TypeVar("_Named", ToolCallPart, ToolReturnPart)


def for_provider(messages: Sequence[ModelMessage], provider: str) -> list[ModelMessage]:
    """The messages without what only their own provider understands.

    Thinking is signed by who thought it. Calls whose arguments did not fit are left
    out when somebody else made them, with their answers: they teach nothing.
    """
    kept: list[ModelMessage] = []
    dropped: set[str] = set()
    for at, message in enumerate(messages):
        if isinstance(message, ModelResponse):
            # By place: an id is unique for who gave it, and not beyond.
            is_own = message.provider_name == provider
            dropped = set() if is_own else _retried_in(messages[at + 1 : at + 2])
            told = _response(message, provider, dropped)
        else:
            told = _request(message, dropped)
        if told.parts:
            kept.append(told)
    return kept


def trimmed(messages: Sequence[ModelMessage]) -> list[ModelMessage]:
    """The messages with the newer half of the past, and the whole of this turn."""
    starts = [at for at, message in enumerate(messages) if _is_start(message)]
    if len(starts) < 2:
        return list(messages)
    past = starts[:-1]
    begin = past[(len(past) + 1) // 2] if len(past) > 1 else starts[-1]
    return list(messages[begin:])


def bad_calls(messages: Sequence[ModelMessage], provider: str) -> int:
    """How often in this turn what this provider called did not fit."""
    start = max((at for at, m in enumerate(messages) if _is_start(m)), default=0)
    turn = messages[start:]
    return sum(
        isinstance(asked, ModelResponse)
        and asked.provider_name == provider
        and bool(_retried_in([answer]))
        for asked, answer in pairwise(turn)
    )


def _is_start(message: ModelMessage) -> bool:
    """Whether somebody says something: not a tool, nor the framework beside one."""
    return (
        isinstance(message, ModelRequest)
        and any(isinstance(part, UserPromptPart) for part in message.parts)
        and not any(isinstance(part, ToolReturnPart) for part in message.parts)
    )


def _retried_in(messages: Sequence[ModelMessage]) -> set[str]:
    return {
        part.tool_call_id
        for message in messages
        if isinstance(message, ModelRequest)
        for part in message.parts
        if isinstance(part, ToolReturnPart) and part.outcome == "retried"
    }


def _response(
    message: ModelResponse, provider: str, dropped: set[str]
) -> ModelResponse:
    calls = [p for p in message.parts if isinstance(p, ToolCallPart)]
    if calls and all(call.tool_call_id in dropped for call in calls):
        return replace(message, parts=[])  # what was said beside them led nowhere
    is_own = message.provider_name == provider
    parts = [
        _with_plain_id(part) if isinstance(part, ToolCallPart) else part
        for part in message.parts
        if is_own or not isinstance(part, ThinkingPart)
        if not (isinstance(part, ToolCallPart) and part.tool_call_id in dropped)
    ]
    return replace(message, parts=parts)


def _request(message: ModelRequest, dropped: set[str]) -> ModelRequest:
    parts = [
        _with_plain_id(part) if isinstance(part, ToolReturnPart) else part
        for part in message.parts
        if not (isinstance(part, ToolReturnPart) and part.tool_call_id in dropped)
    ]
    return replace(message, parts=parts)


def _with_plain_id(part: _Named) -> _Named:
    if _ID.match(part.tool_call_id):
        return part
    return replace(part, tool_call_id=_NOT_IN_ID.sub("_", part.tool_call_id)[:64])
