"""What an answer cost is known once, to us and to the framework."""

from decimal import Decimal

import pytest
from pydantic_ai.messages import ModelResponse
from pydantic_ai.usage import RequestUsage

from agent.providers.cost import note_cost


def answered(provider: str, model: str, **more: float) -> ModelResponse:
    return ModelResponse(
        parts=[],
        provider_name=provider,
        model_name=model,
        usage=RequestUsage(input_tokens=1_000_000, output_tokens=100_000),
        provider_details=dict(more),
    )


@pytest.mark.parametrize(
    ("provider", "model"),
    [("anthropic", "claude-haiku-4-5"), ("gemini", "gemini-2.5-flash")],
)
def test_a_listed_price_is_noted_in_the_usage(provider: str, model: str) -> None:
    answer = answered(provider, model)

    cost = note_cost(answer)

    assert cost is not None
    assert 0.1 < cost < 10
    assert answer.usage.cost is not None
    assert float(answer.usage.cost) == cost


def test_what_was_billed_counts_and_not_the_list() -> None:
    answer = answered("openrouter", "z-ai/glm-4.6", cost=0.0012)

    assert note_cost(answer) == 0.0012
    assert answer.usage.cost == Decimal("0.0012")


def test_a_price_that_nobody_knows_is_unknown_and_not_zero() -> None:
    for _ in range(2):  # the second time it is remembered
        answer = answered("openai", "house-model")
        assert note_cost(answer) is None
        assert answer.usage.cost is None


def test_an_answer_that_counts_nothing_has_no_price() -> None:
    answer = ModelResponse(
        parts=[], provider_name="anthropic", model_name="claude-haiku-4-5"
    )

    assert note_cost(answer) is None
