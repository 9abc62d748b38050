"""Whatever fails underneath, what a tool has written is written once."""

from collections.abc import AsyncGenerator
from pathlib import Path

import pytest
from pydantic_ai.exceptions import UnexpectedModelBehavior
from pydantic_ai.messages import ModelMessage, ModelResponse
from pydantic_ai.models.function import AgentInfo, FunctionModel

from tests.canaries import CHILD, CODE
from tests.counterparts.providers import (
    Answered,
    Asked,
    Fault,
    ProviderCounterpart,
    Reply,
    Said,
    ToolUse,
    running_providers,
)
from tests.provided_house import Provided, provided_house

WRITES = {
    "hand_off_to_human": {"reason": "Souhaite parler.", "urgent": False},
    "create_temporary_page": {"title": "Notes", "body_markdown": "[ENFANT_1] : 14"},
}
PROVIDERS = ("zai", "anthropic", "gemini", "openrouter", "openai")


class Writer:
    """Proves a code, and for anything else calls the same tool again and again."""

    def __init__(self, tool: str) -> None:
        self.tool = tool

    def __call__(self, asked: Asked) -> Reply:
        said = [i for i, m in enumerate(asked.messages) if _is_of_contact(m)]
        turn = asked.messages[said[-1] :]
        if any(isinstance(m, Answered) and m.name in WRITES for m in turn):
            return Reply(text="C'est fait.")
        if "[CODE_1]" not in asked.last_text or self._is_proved(asked):
            return Reply(calls=(ToolUse(self.tool, WRITES[self.tool]),))
        return Reply(calls=(ToolUse("verify_parent_code", {"code": "[CODE_1]"}),))

    def _is_proved(self, asked: Asked) -> bool:
        return "create_temporary_page" in asked.tools


def _is_of_contact(message: object) -> bool:
    return (
        isinstance(message, Said)
        and message.by == "user"
        and not message.text.startswith("<system>")
    )


@pytest.fixture
async def counterpart() -> AsyncGenerator[ProviderCounterpart]:
    async with running_providers() as running:
        yield running


def fails_after_writing(counterpart: ProviderCounterpart, tool: str, key: str) -> None:
    """The provider of this key calls the tool, and is never heard of again."""
    writer = Writer(tool)

    def script(asked: Asked) -> Reply:
        reply = writer(asked)
        if asked.key == key and reply.calls and reply.calls[0].name == tool:
            counterpart.faults[key] = Fault("500")
        return reply

    counterpart.script = script


async def written(provided: Provided) -> tuple[int, int]:
    """How many handoffs were asked for, and how many pages made."""
    memory = provided.house.memory
    return await memory.handoffs.count(1), await memory.pages.count(1)


def once(tool: str) -> tuple[int, int]:
    return (1, 0) if tool == "hand_off_to_human" else (0, 1)


async def calls_no_tool(messages: list[ModelMessage], info: AgentInfo) -> ModelResponse:
    raise UnexpectedModelBehavior("the last link is broken too")


@pytest.mark.parametrize("first", PROVIDERS)
@pytest.mark.parametrize("tool", WRITES)
async def test_the_provider_that_goes_on_does_not_write_again(
    tmp_path: Path, counterpart: ProviderCounterpart, first: str, tool: str
) -> None:
    second = "openai" if first != "openai" else "anthropic"
    fails_after_writing(counterpart, tool, "a")
    async with provided_house(
        tmp_path, counterpart, {first: "a", second: "b"}
    ) as provided:
        replies = await provided.answers(f"Bonjour, mon code est {CODE}")

        assert await written(provided) == once(tool)
        [turn] = await provided.house.memory.turns.recent(1, at_most=9)
        assert [call.name for call in turn.tools].count(tool) == 1
        assert turn.provider == second
    assert "C'est fait." in "\n".join(replies)


@pytest.mark.parametrize("tool", WRITES)
async def test_the_built_in_model_that_goes_on_does_not_write_again(
    tmp_path: Path, counterpart: ProviderCounterpart, tool: str
) -> None:
    fails_after_writing(counterpart, tool, "a")
    async with provided_house(tmp_path, counterpart, {"anthropic": "a"}) as provided:
        assert await provided.answers(f"Bonjour, mon code est {CODE}")

        assert await written(provided) == once(tool)
        [turn] = await provided.house.memory.turns.recent(1, at_most=9)
        assert turn.provider == "offline"


@pytest.mark.parametrize("second", ["anthropic", "gemini", "zai"])
@pytest.mark.parametrize("tool", WRITES)
async def test_a_turn_that_is_tried_again_does_not_write_again(
    tmp_path: Path, counterpart: ProviderCounterpart, second: str, tool: str
) -> None:
    fails_after_writing(counterpart, tool, "a")
    broken = FunctionModel(calls_no_tool)
    async with provided_house(
        tmp_path, counterpart, {"openai": "a"}, built_in=broken
    ) as provided:
        assert not await provided.answers(f"Bonjour, mon code est {CODE}")
        assert await written(provided) == once(tool)

    async with provided_house(tmp_path, counterpart, {second: "b"}) as provided:
        await provided.house.answering.drain(1)  # a sweep of another process

        assert await written(provided) == once(tool)
        outgoing = await provided.house.memory.outbox.of_conversation(1)
        assert [one.text for one in outgoing if "C'est fait." in one.text]
        *_, last = [asked for asked in counterpart.asked if asked.key == "b"]
        told = [m.name for m in last.messages if isinstance(m, Answered)]
        assert tool in told  # it did call it once more


async def test_the_page_that_was_made_holds_the_real_name(
    tmp_path: Path, counterpart: ProviderCounterpart
) -> None:
    counterpart.script = Writer("create_temporary_page")
    async with provided_house(tmp_path, counterpart, {"gemini": "a"}) as provided:
        await provided.answers(f"Bonjour, mon code est {CODE}")

        [page] = await provided.house.memory.pages.all()
        assert page.body_markdown == f"{CHILD} : 14"
