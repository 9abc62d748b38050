"""Who is asked next: accounts and keys in turns, and none that must rest."""

import asyncio
from collections import Counter
from itertools import pairwise

import pytest

from agent.providers.faults import NO_MONEY, FaultKind
from tests.conftest import Clock
from tests.counterparts.providers import Fault, ProviderCounterpart

from .kitchen import Chain, chain_of

PROVIDERS = ("zai", "anthropic", "gemini", "openrouter", "openai")
TWO_ACCOUNTS = "ours:ours-first,ours:ours-second,theirs:theirs-only"
OURS, THEIRS = {"ours-first", "ours-second"}, "theirs-only"
AN_HOUR_S = 3600


async def asks(chain: Chain, *, times: int) -> list[str]:
    """The keys that so many questions, one after the other, were asked with."""
    before = len(chain.keys_asked)
    for number in range(times):
        assert await chain.says(f"Question {number}") == "Bonjour"
        chain.past = []
    return chain.keys_asked[before:]


@pytest.mark.parametrize("provider", PROVIDERS)
async def test_two_accounts_share_the_load_and_so_do_the_keys_of_one(
    counterpart: ProviderCounterpart, provider: str
) -> None:
    async with chain_of(counterpart, {provider: TWO_ACCOUNTS}) as chain:
        keys = Counter(await asks(chain, times=8))

    assert keys == {"ours-first": 2, "ours-second": 2, THEIRS: 4}


async def test_questions_that_come_at_once_are_shared_as_well(
    counterpart: ProviderCounterpart,
) -> None:
    async with chain_of(counterpart, {"anthropic": TWO_ACCOUNTS}) as chain:
        await asyncio.gather(*(chain.says(f"Question {n}") for n in range(8)))

        keys = Counter(chain.keys_asked)
    assert keys == {"ours-first": 2, "ours-second": 2, THEIRS: 4}


@pytest.mark.parametrize("provider", ["anthropic", "openai", "zai", "openrouter"])
async def test_an_account_that_is_asked_too_much_rests_as_long_as_it_says_and_no_other(
    counterpart: ProviderCounterpart, clock: Clock, provider: str
) -> None:
    counterpart.faults["ours-first"] = Fault("429-retry-7", times=1)
    async with chain_of(counterpart, {provider: TWO_ACCOUNTS}, now=clock) as chain:
        assert await asks(chain, times=1) == ["ours-first", THEIRS]

        clock.forward(seconds=6.9)
        assert set(await asks(chain, times=4)) == {THEIRS}

        clock.forward(seconds=0.2)
        assert OURS & set(await asks(chain, times=2))
    assert not chain.troubles


async def test_all_keys_of_an_account_rest_with_it_and_the_next_provider_serves(
    counterpart: ProviderCounterpart,
) -> None:
    keys = {"anthropic": "ours:first,ours:second", "openai": "other"}
    counterpart.faults["first"] = Fault("429-retry-7")
    async with chain_of(counterpart, keys) as chain:
        assert await asks(chain, times=3) == ["first", "other", "other", "other"]


async def test_with_every_account_at_rest_nothing_is_sent_to_the_provider(
    counterpart: ProviderCounterpart, clock: Clock
) -> None:
    keys = {"gemini": TWO_ACCOUNTS, "anthropic": "other"}
    for key in ("ours-first", THEIRS):
        counterpart.faults[key] = Fault("429")
    async with chain_of(counterpart, keys, now=clock) as chain:
        assert await asks(chain, times=1) == ["ours-first", THEIRS, "other"]

        assert set(await asks(chain, times=10)) == {"other"}
        assert chain.outcomes[-1] == "anthropic:ok"


@pytest.mark.parametrize("provider", PROVIDERS)
@pytest.mark.parametrize(("fault", "reason"), [("401", ""), ("402", NO_MONEY)])
async def test_a_key_that_is_refused_is_set_aside_and_the_next_of_its_account_serves(
    counterpart: ProviderCounterpart,
    clock: Clock,
    *,
    provider: str,
    fault: str,
    reason: str,
) -> None:
    keys = {provider: "ours:key-of-ours-7712,ours:ours-second"}
    counterpart.faults["key-of-ours-7712"] = Fault(fault)
    async with chain_of(counterpart, keys, now=clock) as chain:
        assert await asks(chain, times=1) == ["key-of-ours-7712", "ours-second"]
        assert set(await asks(chain, times=6)) == {"ours-second"}

        [trouble] = chain.troubles
        assert (trouble.provider, trouble.account) == (provider, "ours")
        assert (trouble.key, trouble.kind) == ("…7712", FaultKind.KEY)
        assert not reason or trouble.reason == reason
        assert "key-of-ours" not in repr(trouble)

        del counterpart.faults["key-of-ours-7712"]  # it was paid
        clock.forward(seconds=AN_HOUR_S)
        assert "key-of-ours-7712" in await asks(chain, times=2)


async def test_a_key_refused_by_fifty_questions_at_once_is_one_trouble(
    counterpart: ProviderCounterpart,
) -> None:
    keys = {"anthropic": "ours:key-of-ours-7712", "openai": "other"}
    counterpart.faults["key-of-ours-7712"] = Fault("401")
    async with chain_of(counterpart, keys) as chain:
        await asyncio.gather(*(chain.says(f"Question {n}") for n in range(50)))

    assert len(chain.troubles) == 1


async def test_after_its_rest_an_account_whose_next_key_is_refused_serves_by_another(
    counterpart: ProviderCounterpart, clock: Clock
) -> None:
    keys = {"anthropic": "ours:first,ours:second"}
    counterpart.faults["first"] = Fault("429-retry-7", times=1)
    async with chain_of(counterpart, keys, now=clock) as chain:
        await chain.says("Bonjour")
        assert chain.outcomes == ["anthropic:busy", "offline:ok"]
        clock.forward(seconds=7)
        counterpart.faults["second"] = Fault("401")

        await chain.says("Bonjour")

        assert chain.keys_asked == ["first", "second", "first"]
        assert chain.outcomes[2:] == ["anthropic:key", "anthropic:ok"]


async def test_a_provider_that_is_down_rests_longer_each_time_and_one_request_tries_it(
    counterpart: ProviderCounterpart, clock: Clock
) -> None:
    keys = {"anthropic": "down", "openai": "other"}
    counterpart.faults["down"] = Fault("500")
    asked: list[int] = []
    async with chain_of(counterpart, keys, now=clock) as chain:
        for _ in range(200):
            await asyncio.gather(chain.says("un"), chain.says("deux"))
            chain.past = []
            clock.forward(seconds=1)
            asked.append(chain.keys_asked.count("down"))

        counterpart.faults["down"] = Fault("ok")
        clock.forward(seconds=61)
        await chain.says("un")
        assert chain.outcomes[-1] == "anthropic:ok"
        assert await asks(chain, times=3) == ["down"] * 3

    tried_at = [at for at in range(1, 200) if asked[at] > asked[at - 1]]
    pauses = [later - at for at, later in pairwise(tried_at)]
    assert asked[0] <= 2  # the two that came at once
    assert all(asked[at] - asked[at - 1] == 1 for at in tried_at)
    assert pauses == sorted(pauses)
    assert pauses[0] <= 4
    assert max(pauses) in (60, 61)


async def test_a_model_that_is_not_there_is_told_and_left_alone(
    counterpart: ProviderCounterpart,
) -> None:
    counterpart.faults["nowhere"] = Fault("404")
    async with chain_of(counterpart, {"openai": "nowhere", "anthropic": "b"}) as chain:
        assert await asks(chain, times=4) == ["nowhere", "b", "b", "b", "b"]

    assert [t.kind for t in chain.troubles] == [FaultKind.MISCONFIGURED]
