"""What nobody here can read does not leave the house, and is nobody's fault."""

from dataclasses import dataclass

from pydantic_ai.messages import ModelRequest, ModelResponse, TextPart, UserPromptPart

from tests.counterparts.providers import ProviderCounterpart

from .kitchen import chain_of


@dataclass(repr=False)
class OfANewKind(TextPart):
    """A part that a later version of the framework may bring."""


async def test_a_history_with_an_unknown_part_is_for_the_built_in_model(
    counterpart: ProviderCounterpart,
) -> None:
    async with chain_of(counterpart, {"openai": "a"}) as chain:
        chain.past = [
            ModelRequest(parts=[UserPromptPart(content="Bonjour")]),
            ModelResponse(parts=[OfANewKind(content="?")], provider_name="openai"),
        ]
        await chain.says("Bonjour")

        assert chain.outcomes == ["offline:ok"]
        assert counterpart.asked == []
        assert await chain.providers.gates.states() == {}


async def test_a_provider_of_the_house_may_read_it(
    counterpart: ProviderCounterpart,
) -> None:
    trusted = {"OPENAI_TRUSTED": "true"}
    async with chain_of(counterpart, {"openai": "a"}, more=trusted) as chain:
        chain.past = [
            ModelRequest(parts=[UserPromptPart(content="Bonjour")]),
            ModelResponse(parts=[OfANewKind(content="?")], provider_name="openai"),
        ]
        await chain.says("Bonjour")

        assert chain.outcomes == ["openai:ok"]
