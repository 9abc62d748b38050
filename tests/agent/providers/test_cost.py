"""What a call used and cost; a price that nobody knows is unknown and not nothing."""

import pytest

from tests.counterparts.providers import (
    Asked,
    Fault,
    ProviderCounterpart,
    Reply,
    Usage,
)

from .kitchen import Chain, chain_of

USED = Usage(input=3000, output=200, cached=2000, cost_usd=0.0427)


def billed(asked: Asked) -> Reply:
    return Reply(text="Bonjour", usage=USED)


async def test_openrouter_bills_and_its_bill_is_what_counts(
    counterpart: ProviderCounterpart,
) -> None:
    counterpart.script = billed
    async with chain_of(counterpart, {"openrouter": "a"}) as chain:
        await chain.says("Bonjour")

    [call] = chain.calls
    assert call.cost_usd == 0.0427


# Dollars for 3000 tokens in, of which 2000 cached, and 200 out.
@pytest.mark.parametrize(
    ("provider", "usd"),
    [("zai", 0.00126), ("anthropic", 0.0022), ("gemini", 0.00086)],
)
async def test_elsewhere_the_public_price_list_counts(
    counterpart: ProviderCounterpart, provider: str, usd: float
) -> None:
    counterpart.script = billed
    async with chain_of(counterpart, {provider: "a"}) as chain:
        await chain.says("Bonjour")

    [call] = chain.calls
    assert call.cost_usd == pytest.approx(usd, rel=0.1)
    assert (call.input_tokens, call.output_tokens) == (3000, 200)
    assert call.cached_tokens == 2000


async def test_a_price_that_nobody_knows_is_unknown(
    counterpart: ProviderCounterpart,
) -> None:
    async with chain_of(counterpart, {"openai": "a"}) as chain:
        await chain.says("Bonjour")

    [call] = chain.calls
    assert call.cost_usd is None
    assert call.input_tokens > 0


@pytest.mark.parametrize("provider", ["openai", "gemini", "openrouter"])
async def test_what_was_not_counted_is_unknown_too(
    counterpart: ProviderCounterpart, provider: str
) -> None:
    async with chain_of(counterpart, {provider: "no-usage"}) as chain:
        await chain.says("Bonjour")

    served = [call for call in chain.calls if call.outcome == "ok"]
    assert [call.cost_usd for call in served if call.provider == provider] == [None]


async def test_each_call_is_noted_the_failed_ones_too(
    counterpart: ProviderCounterpart,
) -> None:
    keys = {"zai": "ours:429,theirs:401", "openrouter": "b"}
    async with chain_of(counterpart, keys) as chain:
        await chain.says('Ses notes !see_marks {"child": "X"}')

    noted = [(call.provider, call.account, call.outcome) for call in chain.calls]
    assert noted[:2] == [("zai", "ours", "busy"), ("zai", "theirs", "key")]
    assert noted[-2:] == [("openrouter", "1", "ok")] * 2
    assert len(chain.calls) == len(counterpart.asked)
    failed = [call for call in chain.calls if call.outcome != "ok"]
    assert {call.cost_usd for call in failed} == {None}
    assert {call.input_tokens for call in failed} == {0}


async def test_the_built_in_model_costs_nothing(
    counterpart: ProviderCounterpart,
) -> None:
    counterpart.faults["a"] = Fault("500")
    async with chain_of(counterpart, {"openai": "a"}) as chain:
        await chain.says("Bonjour")

    assert _cost_of(chain, "offline") == [0.0]


def _cost_of(chain: Chain, provider: str) -> list[float | None]:
    return [call.cost_usd for call in chain.calls if call.provider == provider]
