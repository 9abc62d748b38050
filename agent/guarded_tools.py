"""Around every tool: what went wrong becomes a sentence, what was called is kept."""

import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, cast

import structlog
from pydantic_ai import ModelRetry, RunContext
from pydantic_ai.messages import (
    ModelMessage,
    ModelRequest,
    ModelResponse,
    ToolCallPart,
    ToolReturnPart,
)
from pydantic_ai.toolsets import ToolsetTool, WrapperToolset

from memory import MemoryFault
from memory.records import ToolCall, ToolOutcome
from tools.context import ToolContext
from tools.errors import BackendRefused, BackendUnavailable

_log = structlog.get_logger()
_UNAVAILABLE = {"unavailable": True, "note": "The system does not answer now."}


@dataclass
class GuardedTools(WrapperToolset[ToolContext]):
    """*Refused* is said to the model, *Unavailable* is tried once more, then said."""

    async def call_tool(
        self,
        name: str,
        tool_args: dict[str, Any],
        ctx: RunContext[ToolContext],
        tool: ToolsetTool[ToolContext],
    ) -> Any:
        started = time.monotonic()
        outcome = ToolOutcome.INVALID  # what a ModelRetry leaves behind
        try:
            result, outcome = await self._call(name, tool_args, ctx, tool)
            return result
        finally:
            ctx.deps.calls[ctx.tool_call_id or name] = ToolCall(
                name=name,
                arguments=without_secrets(_declared(tool_args, tool)),
                outcome=outcome,
                duration_ms=round((time.monotonic() - started) * 1000),
            )

    async def _call(
        self,
        name: str,
        tool_args: dict[str, Any],
        ctx: RunContext[ToolContext],
        tool: ToolsetTool[ToolContext],
    ) -> tuple[Any, ToolOutcome]:
        for is_last in (False, True):
            try:
                result = await self.wrapped.call_tool(name, tool_args, ctx, tool)
            except BackendRefused as refusal:
                return {"refused": str(refusal)}, ToolOutcome.REFUSED
            except (BackendUnavailable, MemoryFault) as error:
                _log.warning("tool_unavailable", tool=name, error=type(error).__name__)
                if is_last:
                    return _UNAVAILABLE, ToolOutcome.UNAVAILABLE
            except ModelRetry:
                raise
            # A broken tool must not cost the parent the whole answer.
            except Exception as error:  # noqa: BLE001
                _log.error("tool_broke", tool=name, error=type(error).__name__)
                return _UNAVAILABLE, ToolOutcome.UNAVAILABLE
            else:
                return result, _outcome(result)
        raise AssertionError("the second try always returns")


def _declared(
    arguments: Mapping[str, Any], tool: ToolsetTool[ToolContext]
) -> dict[str, Any]:
    """Without the names that the model made up, which may be anything."""
    declared = tool.tool_def.parameters_json_schema.get("properties", {})
    return {name: value for name, value in arguments.items() if name in declared}


def _outcome(result: object) -> ToolOutcome:
    """A code that was not accepted is a refusal, though the tool did its work."""
    if isinstance(result, Mapping) and cast(Any, result).get("verified") is False:
        return ToolOutcome.REFUSED
    return ToolOutcome.OK


def without_secrets(arguments: Mapping[str, Any]) -> dict[str, Any]:
    """The arguments as they may be kept and shown: a code is a secret."""
    return {key: "•••" if key == "code" else value for key, value in arguments.items()}


def tools_called(
    messages: list[ModelMessage], *, kept: Mapping[str, ToolCall], known: set[str]
) -> tuple[ToolCall, ...]:
    """Every call in these messages, in order, also those that reached no tool.

    A tool that was not shown is `refused`, arguments that do not fit are `invalid`.
    """
    outcomes = {
        part.tool_call_id: part
        for message in messages
        if isinstance(message, ModelRequest)
        for part in message.parts
        if isinstance(part, ToolReturnPart)
    }
    calls: list[ToolCall] = []
    for message in messages:
        if not isinstance(message, ModelResponse):
            continue
        for part in message.parts:
            if not isinstance(part, ToolCallPart):
                continue
            if part.tool_call_id in kept:
                calls.append(kept[part.tool_call_id])
            else:
                calls.append(
                    _unreached(part, outcomes.get(part.tool_call_id), known=known)
                )
    return tuple(calls)


def _unreached(
    call: ToolCallPart, answer: ToolReturnPart | None, *, known: set[str]
) -> ToolCall:
    cause = answer.retry.cause if answer is not None and answer.retry else None
    is_hidden = cause in ("unknown_tool", "unavailable_tool")
    return ToolCall(
        # A name that the model made up may be anything: it is not repeated.
        name=call.tool_name if call.tool_name in known else "unknown_tool",
        arguments={},
        outcome=ToolOutcome.REFUSED if is_hidden else ToolOutcome.INVALID,
    )
