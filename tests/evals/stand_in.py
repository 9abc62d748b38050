"""The built-in model behind the counterpart's wire: it answers as a provider would.

What arrives is covered: `[ENFANT_1]`, `[CODE_1]` stand where names and codes were. A
provider reads such words; the built-in model knows names and codes by their shape, so
each token is an invented one on the way in, and the token again on the way out.
"""

import json
import re
from collections.abc import AsyncGenerator, Callable, Iterator
from contextlib import asynccontextmanager
from itertools import groupby
from pathlib import Path
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
from pydantic_ai.models import ModelRequestParameters
from pydantic_ai.tools import ToolDefinition

from agent.offline import OfflineModel
from config.world import World, open_world
from evals.same_bodies import PlayClock
from tests.counterparts.providers import (
    Answered,
    Asked,
    Called,
    Message,
    ProviderCounterpart,
    Reply,
    Said,
    ToolUse,
    running_providers,
)

_TOKEN = re.compile(r"\[(?P<kind>[A-Z]+)_(?P<number>\d+)[A-Z_\d]*\]")
_ANNOUNCES = "search_tools"  # what the framework says to Claude of tools that opened
_LETTERS = "ZQXWYVUJK"
_NAMES = ("Zéphyrine", "Quirinus", "Xaverine", "Wulfran", "Yolande", "Vitaline")


class StandIn:
    """A script for the counterpart: asks the built-in model of one world."""

    def __init__(self, world: World) -> None:
        self._model = OfflineModel(
            profiles=world.profiles,
            encoder=world.encoder,
            code_shapes=world.code_shapes,
            now=PlayClock(),
        )

    async def __call__(self, asked: Asked) -> Reply:
        masks = Masks()
        tools = [
            ToolDefinition(
                name=name,
                description=asked.descriptions.get(name),
                parameters_json_schema=dict(schema),
            )
            for name, schema in asked.tools.items()
        ]
        answer = await self._model.request(
            list(_messages(asked, masks)),
            None,
            ModelRequestParameters(function_tools=tools),
        )
        return Reply(
            text="".join(
                masks.off(part.content)
                for part in answer.parts
                if isinstance(part, TextPart)
            ),
            calls=tuple(
                ToolUse(part.tool_name, masks.off(part.args_as_dict()))
                for part in answer.parts
                if isinstance(part, ToolCallPart)
            ),
        )


class Masks:
    """Invented names and codes for the tokens of one request, and back."""

    def __init__(self) -> None:
        self._token_of: dict[str, str] = {}

    def on(self, value: Any) -> Any:
        """The text, or JSON with texts in it, with a mask for each token."""

        def masked(text: str) -> str:
            return _TOKEN.sub(self._mask, text)

        return _each_text(value, masked)

    def off(self, value: Any) -> Any:
        """The same with the tokens again, longest mask first."""

        def bare(text: str) -> str:
            for mask in sorted(self._token_of, key=len, reverse=True):
                text = text.replace(mask, self._token_of[mask])
            return text

        return _each_text(value, bare)

    def _mask(self, found: re.Match[str]) -> str:
        kind, number = found["kind"], int(found["number"])
        match kind:
            case "CODE":
                mask = f"{_LETTERS[number % 9]}{_LETTERS[number % 7]}-90{number:02}"
            case "ENFANT" | "PARENT" | "NOM":
                mask = self._name(found[0])
            case _:
                return found[0]  # said as it is: nothing is chosen by it
        self._token_of[mask] = found[0]
        return mask

    def _name(self, token: str) -> str:
        for mask, known in self._token_of.items():
            if known == token:
                return mask
        taken = sum(mask.startswith(_NAMES) for mask in self._token_of)
        again = taken // len(_NAMES)
        return _NAMES[taken % len(_NAMES)] + "s" * again


def _each_text(value: Any, change: Callable[[str], str]) -> Any:
    if isinstance(value, str):
        return change(value)
    if isinstance(value, dict):
        pairs = cast("dict[str, Any]", value).items()
        return {name: _each_text(each, change) for name, each in pairs}
    if isinstance(value, list):
        return [_each_text(each, change) for each in cast("list[Any]", value)]
    return value


def _messages(asked: Asked, masks: Masks) -> Iterator[ModelMessage]:
    """The conversation as the framework would have handed it to a model."""
    told = [message for message in asked.messages if not _announces(message)]
    for is_models, group in groupby(told, key=_is_models):
        if is_models:
            yield ModelResponse(parts=[_said(message, masks) for message in group])
        else:
            yield ModelRequest(parts=[_heard(message, masks) for message in group])


def _announces(message: Message) -> bool:
    return isinstance(message, Called | Answered) and message.name == _ANNOUNCES


def _is_models(message: Message) -> bool:
    return isinstance(message, Called) or (
        isinstance(message, Said) and message.by == "assistant"
    )


def _said(message: Message, masks: Masks) -> TextPart | ToolCallPart:
    if isinstance(message, Called):
        arguments = masks.on(message.arguments)
        return ToolCallPart(message.name, arguments, message.id or message.name)
    assert isinstance(message, Said)
    return TextPart(masks.on(message.text))


def _heard(message: Message, masks: Masks) -> UserPromptPart | ToolReturnPart:
    if isinstance(message, Answered):
        result = masks.on(_parsed(message.text))
        return ToolReturnPart(message.name, result, message.call_id or message.name)
    assert isinstance(message, Said)
    return UserPromptPart(masks.on(message.text))


def _parsed(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        return text


@asynccontextmanager
async def standing_in(
    world: Path, *, cache: Path
) -> AsyncGenerator[ProviderCounterpart]:
    """Every provider, answering as the built-in model of a world."""
    async with open_world(world, cache=cache, now=PlayClock()) as opened:
        await opened.warm()
        async with running_providers(StandIn(opened)) as providers:
            yield providers
