"""What is the same in every request of a role comes first, and is kept by providers."""

import json
from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any, Literal
from zoneinfo import ZoneInfo

import pytest

from agent.answering import Answering, Pace
from agent.opening import AgentParts, open_agent
from memory import Memory
from tests.agent.house import CODE, PROFILES, NoDocuments, SmallTables
from tests.conftest import Clock
from tests.counterparts.providers import Asked, ProviderCounterpart
from tests.memory.letters import wrote
from tools.code_shapes import shapes_of
from tools.context import Desk

from .kitchen import ADDRESSES, MODEL_NAMES

Variables = Mapping[str, str]
DAKAR = ZoneInfo("Africa/Dakar")
PROVIDERS = ("anthropic", "zai", "openrouter", "openai", "gemini")


@dataclass(frozen=True)
class Installed:
    """Settings of an installation with one provider."""

    provider_order: tuple[str, ...]
    environment: Variables
    zone: ZoneInfo
    language: Literal["fr", "en"] = "fr"
    turn_timeout_s: float = 20
    redis_url: str = ""
    daily_spend_limit_usd: float = 0
    low_credit_usd: float = 0


@dataclass
class Parish:
    """A house whose agent is served by a provider."""

    memory: Memory
    answering: Answering
    clock: Clock

    async def hears(self, text: str, *, by: str = "telegram:1") -> None:
        message = await self.memory.inbox.receive(wrote(text, by=by, address=by))
        assert message
        self.clock.forward(minutes=1)
        await self.answering.drain(message.conversation_id)


@asynccontextmanager
async def parish(
    memory: Memory,
    clock: Clock,
    counterpart: ProviderCounterpart,
    provider: str,
    *,
    model: str = "",
) -> AsyncGenerator[Parish]:
    desk = Desk(
        memory=memory,
        tables=SmallTables(),
        documents=NoDocuments(),
        profiles=PROFILES,
        now=clock,
        public_url="https://gust.test",
        secret="of this test",
    )
    environment = {
        **{name: counterpart.base_url(at) for name, at in ADDRESSES.items()},
        **MODEL_NAMES,
        f"{provider.upper()}_API_KEYS": "ok",
        **({f"{provider.upper()}_MODEL": model} if model else {}),
    }
    settings = Installed((provider, "offline"), environment, DAKAR)
    parts = AgentParts(encoder=None, code_shapes=shapes_of([CODE]))
    async with open_agent(desk, settings, parts) as agent:
        pace = Pace(debounce_s=0, turns_per_minute=99)
        yield Parish(memory, Answering(agent.room, pace=pace), clock)


def system_of(asked: Asked) -> str:
    """The instructions as they stood in the body, in order."""
    body = asked.body
    found: Any = (
        body.get("system")
        or body.get("systemInstruction")
        or [m["content"] for m in body["messages"] if m["role"] == "system"]
    )
    return json.dumps(found, ensure_ascii=False)


@pytest.mark.parametrize("provider", PROVIDERS)
async def test_two_contacts_of_a_role_share_all_that_comes_before_this_turn(
    memory: Memory, clock: Clock, counterpart: ProviderCounterpart, provider: str
) -> None:
    async with parish(memory, clock, counterpart, provider) as here:
        await here.hears("Bonjour")
        await here.hears("Bonsoir", by="telegram:2")

    first, second = counterpart.asked
    one, other = system_of(first), system_of(second)
    assert one != other  # the minute has passed
    assert one.partition("# This turn")[0] == other.partition("# This turn")[0]
    assert len(one.partition("# This turn")[0]) > 1000
    assert json.dumps(first.body["tools"]) == json.dumps(second.body["tools"])


@pytest.mark.parametrize("provider", PROVIDERS)
async def test_a_turn_with_one_tool_is_two_requests(
    memory: Memory, clock: Clock, counterpart: ProviderCounterpart, provider: str
) -> None:
    async with parish(memory, clock, counterpart, provider) as here:
        await here.hears('Les prix ? !search_documents {"query": "prix"}')

        [turn] = await memory.turns.recent(1, at_most=9)

    assert [call.name for call in turn.tools] == ["search_documents"]
    assert len(counterpart.asked) == turn.model_calls == 2


@pytest.mark.parametrize("provider", ["anthropic", "zai"])
async def test_the_stable_part_and_the_tools_are_marked_to_be_kept(
    memory: Memory, clock: Clock, counterpart: ProviderCounterpart, provider: str
) -> None:
    async with parish(memory, clock, counterpart, provider) as here:
        await here.hears("Bonjour")

    body = counterpart.asked[0].body
    role, turn = body["system"]
    assert "cache_control" in role
    assert "cache_control" not in turn
    assert "cache_control" in body["tools"][-1]
    assert "cache_control" not in body  # z.ai does not know it at the top


async def test_openrouter_is_asked_to_keep_the_stable_part_too(
    memory: Memory, clock: Clock, counterpart: ProviderCounterpart
) -> None:
    model = "anthropic/claude-haiku-4.5"  # not all of its models can
    async with parish(memory, clock, counterpart, "openrouter", model=model) as here:
        await here.hears("Bonjour")

    assert "cache_control" in json.dumps(counterpart.asked[0].body["messages"][0])


async def test_a_parent_proved_in_the_middle_of_a_turn_is_said_to_be_one(
    memory: Memory, clock: Clock, counterpart: ProviderCounterpart
) -> None:
    async with parish(memory, clock, counterpart, "openai") as here:
        await here.hears(f'{CODE} !verify_parent_code {{"code": "{CODE}"}}')
        await here.hears("Encore")

    before, after, next_turn = (system_of(asked) for asked in counterpart.asked)
    assert "has proved a parent code" not in before
    assert "has proved a parent code" in after
    assert "has proved a parent code" in next_turn
    assert CODE not in str([asked.body for asked in counterpart.asked])


@pytest.mark.parametrize("provider", ["anthropic", "zai"])
async def test_no_temperature_is_sent(
    memory: Memory, clock: Clock, counterpart: ProviderCounterpart, provider: str
) -> None:
    async with parish(memory, clock, counterpart, provider) as here:
        await here.hears("Bonjour")

    asked = counterpart.asked[0]
    assert not {"temperature", "top_p", "top_k"} & asked.body.keys()
    version = asked.headers["anthropic-version"]
    assert (version == "2023-06-01") == (provider == "zai")
