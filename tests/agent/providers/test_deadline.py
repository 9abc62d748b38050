"""A turn has an end: each request gets its share, and the built-in model always one."""

from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.privacy import Veil
from agent.providers.errand import Errand
from tests.counterparts.providers import (
    Asked,
    Fault,
    ProviderCounterpart,
    Reply,
    greet,
)

from .kitchen import chain_of

PROVIDERS = ("zai", "anthropic", "gemini", "openrouter", "openai")
RETRIED_BY_SDKS = ("500", "503", "529", "429-retry-7", "408", "409", "drop")


@pytest.mark.parametrize("provider", PROVIDERS)
@pytest.mark.parametrize("fault", RETRIED_BY_SDKS)
async def test_one_attempt_is_one_request(
    counterpart: ProviderCounterpart, provider: str, fault: str
) -> None:
    keys = {provider: "faulty"}
    counterpart.faults["faulty"] = Fault(fault)
    async with chain_of(counterpart, keys) as chain:
        await chain.says("Bonjour")

        asked = [call for call in chain.calls if call.provider == provider]
        assert len(counterpart.asked) == len(asked)
        paths = [request.path for request in counterpart.asked]
        assert len(set(paths)) == len(paths)  # z.ai has two routes: one each


async def test_the_second_request_of_a_turn_may_go_to_another_provider(
    counterpart: ProviderCounterpart,
) -> None:
    def then_hangs(asked: Asked) -> Reply:
        counterpart.faults["first"] = Fault("hang")
        return greet(asked)

    counterpart.script = then_hangs
    async with chain_of(counterpart, {"anthropic": "first", "openai": "b"}) as chain:
        chain.time_s = 2.0

        assert "13.75" in await chain.says('Ses notes !see_marks {"child": "X"}')

        assert chain.outcomes == ["anthropic:ok", "anthropic:down", "openai:ok"]


async def test_the_built_in_model_answers_when_every_provider_hangs(
    counterpart: ProviderCounterpart,
) -> None:
    keys: dict[str, str] = dict.fromkeys(PROVIDERS, "hang")
    async with chain_of(counterpart, keys) as chain:
        chain.time_s = 2.0
        assert "Bonjour" in await chain.says("Bonjour")
        asked_before = len(counterpart.asked)

        assert chain.served == "offline"
        assert asked_before < len(PROVIDERS)  # no time for all of them
        await chain.says("Encore")
        assert not {"zai", "anthropic"} & {
            asked.wire for asked in counterpart.asked[asked_before:]
        }


@dataclass(kw_only=True)
class Clocked(Errand):
    """An errand whose time passes only when a test says so."""

    gone_s: float = 0.0

    @property
    def left_s(self) -> float:
        return self.time_s - self.gone_s


@given(
    st.floats(0.1, 300),
    st.lists(st.floats(0, 1), max_size=20),
)
def test_whatever_requests_take_the_built_in_model_keeps_its_share(
    turn_s: float, used: list[float]
) -> None:
    errand = Clocked(ends_at=0, time_s=turn_s, veil=Veil())
    for share in used:  # each takes some, or all, of what it may
        errand.gone_s += max(0.0, errand.allowed_s) * share

    assert errand.left_s >= 0.0999 * turn_s


@given(st.floats(5, 300))
def test_one_silent_provider_leaves_time_for_a_second(turn_s: float) -> None:
    errand = Clocked(ends_at=0, time_s=turn_s, veil=Veil())
    errand.gone_s += errand.allowed_s

    assert errand.allowed_s >= 0.3 * turn_s
