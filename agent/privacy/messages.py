"""The veil over a history: what a provider is sent, and what it answered."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any, cast

from pydantic_ai.messages import (
    BinaryContent,
    CachePoint,
    FilePart,
    FileUrl,
    ModelMessage,
    ModelRequest,
    ModelResponse,
    NativeToolCallPart,
    NativeToolReturnPart,
    RetryFeedbackCause,
    RetryFeedbackPart,
    RetryInfo,
    RetryPromptPart,  # pyright: ignore[reportDeprecated]
    SystemPromptPart,
    TextContent,
    TextPart,
    ThinkingPart,
    ToolAvailabilityDeltaPart,
    ToolCallPart,
    ToolReturnPart,
    ToolSearchCallPart,
    ToolSearchReturnPart,
    UploadedFile,
    UserContent,
    UserPromptPart,
)
from pydantic_ai.models import ModelRequestParameters
from pydantic_core import PydanticSerializationError

from agent.language import Language

from .replies import uncover_reply
from .structures import cover_arguments, cover_json, uncover_arguments
from .veil import Veil

_FILES = (BinaryContent, FileUrl, UploadedFile)
_FILE_STAYS = "(A file that may not leave the house.)"


class Uncoverable(TypeError):
    """A history holds what nobody here can read: it may not leave the house."""


def cover_messages(
    messages: Sequence[ModelMessage], veil: Veil, *, instructions_stay: bool = False
) -> list[ModelMessage]:
    """New messages in which every known value is its token.

    Files, and what a provider's own tools found, are left out; metadata too.
    `instructions_stay`: those of the messages are left out as well, since a model is
    sent those of the parameters.

    Raises:
        Uncoverable: a part or a content is of a kind that is not known here.
    """
    if instructions_stay:
        messages = [_without_instructions(message) for message in messages]
    return [_covered_message(message, veil) for message in messages]


def cover_parameters(
    parameters: ModelRequestParameters, veil: Veil
) -> ModelRequestParameters:
    """The parameters of a request with covered instructions.

    A model is sent these and not `ModelRequest.instructions`. The definitions of the
    tools are the same for every conversation and stay.
    """
    if parameters.instruction_parts is None:
        return parameters
    covered = [
        replace(part, content=veil.cover(part.content, is_lasting=not part.dynamic))
        for part in parameters.instruction_parts
    ]
    return replace(parameters, instruction_parts=covered)


def uncover_response(
    response: ModelResponse, veil: Veil, *, language: Language = "fr"
) -> ModelResponse:
    """A new response: its texts for a parent, its arguments for our own tools.

    Thinking keeps its tokens: a provider checks the signature of what it thought.
    """
    parts = [
        _uncovered_part(part, veil, language)
        for part in cast(Sequence[Any], response.parts)
    ]
    return replace(response, parts=parts)


def _uncovered_part(part: Any, veil: Veil, language: Language) -> Any:
    match part:
        case TextPart():
            content = uncover_reply(part.content, veil, language=language)
            return replace(part, content=content)
        case ToolCallPart():
            call = cast("ToolCallPart[Any]", part)
            return replace(call, args=uncover_arguments(call.args, veil))
        case _:
            return part


def _without_instructions(message: ModelMessage) -> ModelMessage:
    if isinstance(message, ModelRequest) and message.instructions is not None:
        return replace(message, instructions=None)
    return message


def _covered_message(message: ModelMessage, veil: Veil) -> ModelMessage:
    parts = [_covered_part(part, veil) for part in cast(Sequence[Any], message.parts)]
    kept = [part for part in parts if part is not None]
    if isinstance(message, ModelRequest):
        said = message.instructions
        return replace(
            message,
            parts=kept,
            instructions=None if said is None else veil.cover(said),
            metadata=None,
        )
    details = _clean(message.provider_details, veil)
    return replace(message, parts=kept, provider_details=details, metadata=None)


def _covered_part(part: object, veil: Veil) -> Any:
    """The part covered, or None when it stays in the house."""
    # Exactly these classes: a subclass may hold more than its parent.
    cover = _COVERS.get(type(part))
    if cover is None:
        raise Uncoverable(f"part {type(part).__name__}")
    return cover(part, veil)


def _system(part: SystemPromptPart, veil: Veil) -> SystemPromptPart:
    return replace(part, content=veil.cover(part.content), metadata=None)


def _user(part: UserPromptPart, veil: Veil) -> UserPromptPart:
    content = part.content
    if isinstance(content, str):
        return replace(part, content=veil.cover(content))
    return replace(part, content=[_user_content(one, veil) for one in content])


def _user_content(content: UserContent, veil: Veil) -> UserContent:
    if isinstance(content, str):
        return veil.cover(content)
    if isinstance(content, TextContent):
        # Also for structured content, whose `value` would be sent as it is.
        return TextContent(veil.cover(content.content))
    if isinstance(content, CachePoint):
        return content
    return _FILE_STAYS


def _tool_return(part: ToolReturnPart, veil: Veil) -> ToolReturnPart:
    try:
        content = cover_json(_without_files(part.content), veil)
    except PydanticSerializationError as error:
        raise Uncoverable(f"a result of {part.tool_name}") from error
    return replace(part, content=content, metadata=None)


def _without_files(content: object) -> object:
    if isinstance(content, _FILES):
        return _FILE_STAYS
    if isinstance(content, Mapping):
        pairs = cast("Mapping[object, object]", content).items()
        return {key: _without_files(one) for key, one in pairs}
    if isinstance(content, list | tuple):
        return [_without_files(one) for one in cast("Sequence[object]", content)]
    return content


def _retry(part: RetryFeedbackPart, veil: Veil) -> RetryFeedbackPart:
    return replace(part, content=_feedback(part.content, veil))


def _old_retry(part: Any, veil: Veil) -> ToolReturnPart | RetryFeedbackPart:
    """What pydantic-ai itself makes of this deprecated part before it is sent."""
    content = _feedback(part.content, veil)
    if part.tool_name is None:
        info = RetryInfo[RetryFeedbackCause](cause="model_retry")
        return RetryFeedbackPart(content, retry=info, timestamp=part.timestamp)
    return ToolReturnPart(
        part.tool_name,
        content,
        part.tool_call_id,
        outcome="retried",
        timestamp=part.timestamp,
    )


def _feedback(content: Any, veil: Veil) -> Any:
    if isinstance(content, str):
        return veil.cover(content)
    # An error's context may hold the exception itself: its message says the same.
    lean = [{k: v for k, v in error.items() if k != "ctx"} for error in content]
    errors = cover_json(lean, veil)
    return [{**error, "loc": tuple(error["loc"])} for error in errors]


def _text(part: TextPart, veil: Veil) -> TextPart:
    return replace(
        part,
        content=veil.cover(part.content),
        provider_details=_clean(part.provider_details, veil),
        citations=None,
    )


def _thinking(part: ThinkingPart, veil: Veil) -> ThinkingPart | None:
    covered = veil.cover(part.content)
    # A provider refuses thoughts that do not fit their signature.
    return replace(part) if covered == part.content else None


def _tool_call(part: ToolCallPart, veil: Veil) -> ToolCallPart:
    return replace(
        part,
        args=cover_arguments(part.args, veil),
        provider_details=_clean(part.provider_details, veil),
    )


def _tools_opened(
    part: ToolAvailabilityDeltaPart,
    veil: Veil,  # noqa: ARG001 - one shape for all
) -> ToolAvailabilityDeltaPart:
    return replace(part)


def _stays(part: object, veil: Veil) -> None:  # noqa: ARG001 - one shape for all
    return None


def _clean(details: dict[str, Any] | None, veil: Veil) -> dict[str, Any] | None:
    """What a provider added, unless something known stands in it.

    It may be a signature, of which no sign may change.
    """
    if details is None or cover_json(details, veil) == details:
        return details
    return None


_COVERS: Mapping[type, Callable[[Any, Veil], Any]] = {
    SystemPromptPart: _system,
    UserPromptPart: _user,
    ToolReturnPart: _tool_return,
    # How the framework tells Claude that tools have opened: names of our own.
    ToolSearchCallPart: _tool_call,
    ToolSearchReturnPart: _tool_return,
    ToolAvailabilityDeltaPart: _tools_opened,
    RetryFeedbackPart: _retry,
    RetryPromptPart: _old_retry,  # pyright: ignore[reportDeprecated]
    TextPart: _text,
    ThinkingPart: _thinking,
    ToolCallPart: _tool_call,
    FilePart: _stays,
    NativeToolCallPart: _stays,
    NativeToolReturnPart: _stays,
}
