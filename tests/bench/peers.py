"""Who takes the turn: by hand, by the framework alone, and as the house does."""

import json
from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Protocol

from anthropic import AsyncAnthropic
from httpx2 import AsyncClient
from openai import AsyncOpenAI
from pydantic_ai import Agent, Tool
from pydantic_ai.models import Model
from pydantic_ai.models.anthropic import AnthropicModel
from pydantic_ai.models.openai import OpenAIChatModel
from pydantic_ai.providers.anthropic import AnthropicProvider
from pydantic_ai.providers.openai import OpenAIProvider

from agent.privacy import Kept, Veil
from agent.providers import ProviderParts, open_providers
from agent.providers.anthropic import CACHED
from agent.providers.errand import Errand, on_errand
from agent.providers.limits import MAX_TOKENS
from agent.providers.transport import open_client

from .measuring import Turn, calls_of, cpu_ms
from .turn import QUESTION, SYSTEM, TOOLS, checked, consult_marks

MODELS = {"anthropic": "claude-haiku-4-5", "openai": "house-model"}
PATHS = {"anthropic": "/anthropic", "openai": "/openai/v1"}
_TURN_S = 30.0

# What a conversation with a parent who proved a code has kept.
_KNOWN = (
    Kept("PARENT_1", "parent", "Fatou Diop"),
    Kept("NOM_1", "surname", "Diop"),
    Kept("PARENT_1_PRENOM", "parent", "Fatou"),
    Kept("TELEPHONE_1", "phone", "+221770000101"),
    Kept("CODE_1", "code", "KA-4417"),
    Kept("ENFANT_1", "child", "Awa"),
    Kept("ENFANT_2", "child", "Ibrahima"),
)


class Peer(Protocol):
    """Somebody whose turns are measured."""

    @property
    def name(self) -> str: ...

    async def cpu_ms(self, *, at_once: int, turns: int) -> float: ...

    async def calls(self) -> int: ...


@dataclass(frozen=True, kw_only=True)
class Here:
    """A peer in this process."""

    name: str
    turn: Turn

    async def cpu_ms(self, *, at_once: int, turns: int) -> float:
        return await cpu_ms(self.turn, at_once=at_once, turns=turns)

    async def calls(self) -> int:
        return await calls_of(self.turn)


@asynccontextmanager
async def open_peers(address: str) -> AsyncGenerator[Sequence[Peer]]:
    """The raw loop, then for each wire format the framework alone and the house."""
    async with AsyncExitStack() as stack:
        http = await stack.enter_async_context(open_client())
        peers = [Here(name="raw", turn=_by_hand(http, address + PATHS["openai"]))]
        for wire, build in (("anthropic", _anthropic), ("openai", _openai)):
            stock = await stack.enter_async_context(_stock(build, address, wire))
            house = await stack.enter_async_context(_house(address, wire))
            peers += [
                Here(name=f"stock {wire}", turn=stock),
                Here(name=f"house {wire}", turn=house),
            ]
        yield peers


def _by_hand(http: AsyncClient, base_url: str) -> Turn:
    """A loop over HTTP and JSON, and nothing else."""
    tools = [_described(Tool(function)) for function in TOOLS]
    headers = {"authorization": "Bearer raw"}

    async def ask(messages: list[dict[str, Any]]) -> dict[str, Any]:
        body = {"model": MODELS["openai"], "messages": messages, "tools": tools}
        url = f"{base_url}/chat/completions"
        answer = await http.post(url, json=body, headers=headers)
        return answer.json()["choices"][0]["message"]

    async def turn() -> None:
        messages: list[dict[str, Any]] = [
            {"role": "system", "content": SYSTEM},
            {"role": "user", "content": QUESTION},
        ]
        message = await ask(messages)
        while calls := message.get("tool_calls"):
            messages.append(message)
            for call in calls:
                arguments = json.loads(call["function"]["arguments"])
                content = consult_marks(**arguments)
                said = {"role": "tool", "tool_call_id": call["id"], "content": content}
                messages.append(said)
            message = await ask(messages)
        checked(message["content"])

    return turn


def _described(tool: Tool[Any]) -> dict[str, Any]:
    definition = tool.tool_def
    function = {
        "name": definition.name,
        "description": definition.description,
        "parameters": definition.parameters_json_schema,
    }
    return {"type": "function", "function": function}


def _anthropic(base_url: str) -> tuple[Model, AsyncAnthropic]:
    client = AsyncAnthropic(api_key="stock", base_url=base_url, max_retries=0)
    provider = AnthropicProvider(anthropic_client=client)
    # The settings of the house: both ask the same, so that the layer is compared.
    model = AnthropicModel(MODELS["anthropic"], provider=provider, settings=CACHED)
    return model, client


def _openai(base_url: str) -> tuple[Model, AsyncOpenAI]:
    client = AsyncOpenAI(api_key="stock", base_url=base_url, max_retries=0)
    model = OpenAIChatModel(
        MODELS["openai"],
        provider=OpenAIProvider(openai_client=client),
        settings={"max_tokens": MAX_TOKENS},
    )
    return model, client


def _agent(model: Model) -> Agent[object, str]:
    return Agent(model, instructions=SYSTEM, tools=list(TOOLS))


@asynccontextmanager
async def _stock(
    build: Callable[[str], tuple[Model, AsyncAnthropic | AsyncOpenAI]],
    address: str,
    wire: str,
) -> AsyncGenerator[Turn]:
    model, client = build(address + PATHS[wire])
    agent = _agent(model)

    async def turn() -> None:
        checked((await agent.run(QUESTION)).output)

    async with client:
        yield turn


@asynccontextmanager
async def _house(address: str, wire: str) -> AsyncGenerator[Turn]:
    name = wire.upper()
    parts = ProviderParts(
        environment={
            f"{name}_API_KEYS": "house",
            f"{name}_MODEL": MODELS[wire],
            f"{name}_BASE_URL": address + PATHS[wire],
        },
        profiles={},
        encoder=None,
        now=lambda: datetime.now(UTC),
    )
    async with open_providers([wire, "offline"], parts) as providers:
        agent = _agent(providers.model)

        async def turn() -> None:
            veil = Veil(_KNOWN)
            veil.know("parent", "Fatou Diop")
            veil.know("phone", "+221770000101")
            veil.notice(QUESTION)
            with on_errand(Errand.begun(_TURN_S, veil)) as errand:
                run = await agent.run(QUESTION)
            checked(run.output)
            if [call.outcome for call in errand.calls] != ["ok", "ok"]:
                raise ValueError(f"not two calls to {wire}: {errand.calls}")

        yield turn
