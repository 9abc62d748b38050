"""A model that says what a test has written down, and remembers what it saw."""

from collections.abc import Awaitable, Callable, Sequence
from typing import Any

from pydantic_ai.messages import (
    ModelMessage,
    ModelRequest,
    ModelResponse,
    TextPart,
    ToolCallPart,
    ToolReturnPart,
    UserPromptPart,
)
from pydantic_ai.models.function import AgentInfo, FunctionModel

Step = str | ToolCallPart | Exception | Callable[[], Awaitable[str]]


def call(tool: str, **arguments: Any) -> ToolCallPart:
    """A step: the model calls a tool."""
    return ToolCallPart(tool_name=tool, args=arguments)


class Script:
    """Each request takes the next step; the last one is repeated for ever."""

    def __init__(self, *steps: Step) -> None:
        self.steps = list(steps) or ["Bonjour !"]
        self.seen: list[list[ModelMessage]] = []
        self.shown: list[set[str]] = []
        self.told: list[str] = []

    @property
    def model(self) -> FunctionModel:
        return FunctionModel(self._next, model_name="scripted")

    @property
    def requests(self) -> int:
        return len(self.seen)

    def past(self, request: int = -1) -> list[str]:
        """What the contact had said, as far as the model was told."""
        return [
            str(part.content)
            for message in self.seen[request]
            if isinstance(message, ModelRequest)
            for part in message.parts
            if isinstance(part, UserPromptPart)
        ]

    def results(self, request: int = -1) -> Sequence[ToolReturnPart]:
        """What the tools had answered until then."""
        return [
            part
            for message in self.seen[request]
            if isinstance(message, ModelRequest)
            for part in message.parts
            if isinstance(part, ToolReturnPart)
        ]

    async def _next(
        self, messages: list[ModelMessage], info: AgentInfo
    ) -> ModelResponse:
        self.seen.append(list(messages))
        self.shown.append({tool.name for tool in info.function_tools})
        self.told.append(info.instructions or "")
        step = self.steps.pop(0) if len(self.steps) > 1 else self.steps[0]
        if isinstance(step, Exception):
            raise step
        if isinstance(step, ToolCallPart):
            again = ToolCallPart(tool_name=step.tool_name, args=step.args)
            return ModelResponse(parts=[again])
        text = step if isinstance(step, str) else await step()
        return ModelResponse(parts=[TextPart(content=text)])
