"""The instructions of a turn reach every provider once, covered, with any past."""

import pytest
from pydantic_ai import Agent
from pydantic_ai.messages import ModelMessage

from agent.providers.errand import Errand, on_errand
from tests.counterparts.providers import ProviderCounterpart

from .kitchen import chain_of


@pytest.mark.parametrize(
    "provider", ["zai", "anthropic", "gemini", "openrouter", "openai"]
)
async def test_every_turn_sends_its_own_instructions_and_no_earlier_ones(
    counterpart: ProviderCounterpart, provider: str
) -> None:
    async with chain_of(counterpart, {provider: "ok"}) as chain:
        agent = Agent(chain.providers.model, instructions="Parlez à Fatou Diop.")
        chain.veil.know("parent", "Fatou Diop")
        past: list[ModelMessage] = []
        for number in (1, 2):
            with on_errand(Errand.begun(chain.time_s, chain.veil)):
                run = await agent.run(
                    "Bonjour", instructions=f"Tour {number}.", message_history=past
                )
            past = run.all_messages()

    last = counterpart.asked[-1]
    assert "Parlez à [PARENT_1]." in last.system
    assert "Tour 2." in last.system
    assert "Tour 1." not in str(last.body)
    assert "Fatou" not in str(last.body)
    assert str(last.body).count("Parlez") == 1
