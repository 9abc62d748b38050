"""The one agent: instructions by role, tools by proof, limits, text out."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from pydantic_ai import Agent, FunctionToolset, RunContext, UsageLimits
from pydantic_ai.exceptions import AgentRunError, RunTimedOut
from pydantic_ai.messages import (
    ModelMessage,
    ModelMessagesTypeAdapter,
    ModelRequest,
    ModelResponse,
)
from pydantic_ai.models import Model
from pydantic_ai.tools import ToolDefinition
from pydantic_ai.toolsets import CombinedToolset

from memory.records import ToolCall
from tools import TOOLS, action_tools, may_use
from tools.context import Desk, ToolContext

from .errors import NoReply, TooSlow
from .guarded_tools import GuardedTools, tools_called
from .instructions import Instructions

# A conversation turn needs two to five model calls; a loop needs an end.
LIMITS = UsageLimits(request_limit=8, tool_calls_limit=8)


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What the agent came to: its words, and all that led there."""

    text: str
    history: str  # the new model messages, as JSON
    provider: str
    model_calls: int
    tools: tuple[ToolCall, ...]


class Concierge:
    """Built once per process; a turn only borrows it."""

    def __init__(self, *, model: Model, desk: Desk, instructions: Instructions) -> None:
        functions = FunctionToolset[ToolContext]([entry.as_tool() for entry in TOOLS])
        actions = FunctionToolset[ToolContext](action_tools(desk.profiles))
        self._known = set(functions.tools) | set(actions.tools)
        shown = CombinedToolset([functions, actions]).filtered(_is_shown)
        self._agent = Agent(
            model,
            deps_type=ToolContext,
            output_type=str,
            toolsets=[GuardedTools(shown)],
            # A provider may fail twice; then the next is asked, and the built-in one.
            retries={"tools": 6, "output": 1},
        )
        self._agent.instructions(instructions.of_this_turn)
        self._instructions = instructions

    async def answer(
        self,
        question: str,
        *,
        context: ToolContext,
        past: Sequence[ModelMessage],
        timeout_s: float,
    ) -> Answer:
        """The reply to a question, after as many tools as it took.

        Raises:
            TooSlow: not within `timeout_s`.
            NoReply: no provider gave a usable answer.
        """
        try:
            result = await self._agent.run(
                question,
                deps=context,
                message_history=list(past),
                # Fixed text: the same bytes for every turn of a role.
                instructions=self._instructions.by_role[context.role],
                usage_limits=LIMITS,
                timeout=timeout_s,
            )
        except RunTimedOut as error:
            raise TooSlow(f"no reply in {timeout_s:g} s") from error
        except AgentRunError as error:
            # Its text may quote the model, and so the parent: keep the kind only.
            raise NoReply(type(error).__name__) from None
        new = result.new_messages()
        responses = [message for message in new if isinstance(message, ModelResponse)]
        return Answer(
            text=result.output,
            history=_to_history(new),
            provider=_provider(responses),
            model_calls=len(responses),
            tools=tools_called(new, kept=context.calls, known=self._known),
        )


def _is_shown(ctx: RunContext[ToolContext], tool: ToolDefinition) -> bool:
    return may_use(tool.name, ctx.deps)


def _to_history(messages: Sequence[ModelMessage]) -> str:
    """As JSON, without the instructions: each request has its own, of 2 kB and more."""
    kept = [
        replace(message, instructions=None)
        if isinstance(message, ModelRequest)
        else message
        for message in messages
    ]
    return ModelMessagesTypeAdapter.dump_json(kept).decode()


def _provider(responses: Sequence[ModelResponse]) -> str:
    last = responses[-1]
    return last.provider_name or last.model_name or "unknown"
