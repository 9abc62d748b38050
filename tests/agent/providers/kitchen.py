"""A chain of real providers before the counterpart, and somebody who asks them."""

from collections.abc import AsyncGenerator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from pydantic_ai import Agent, ModelMessage
from pydantic_ai.messages import ModelResponse

from agent.privacy import Veil
from agent.providers import ProviderParts, Providers, open_providers
from agent.providers.errand import Errand, on_errand
from agent.providers.router import Purse, Trouble
from memory.records import ModelCall
from tests.counterparts.providers import Provider, ProviderCounterpart

NOW = datetime(2026, 11, 25, 9, tzinfo=UTC)
ADDRESSES: Mapping[str, Provider] = {
    "ZAI_BASE_URL": "zai-anthropic",
    "ZAI_OPENAI_BASE_URL": "zai",
    "ANTHROPIC_BASE_URL": "anthropic",
    "GEMINI_BASE_URL": "gemini",
    "OPENROUTER_BASE_URL": "openrouter",
    "OPENAI_BASE_URL": "openai",
}
MODEL_NAMES = {
    "ZAI_MODEL": "glm-4.6",
    "ANTHROPIC_MODEL": "claude-haiku-4-5",
    "GEMINI_MODEL": "gemini-2.5-flash",
    "OPENROUTER_MODEL": "z-ai/glm-4.6",
    "OPENAI_MODEL": "house-model",
}


@dataclass
class Chain:
    """The providers of a test, and what they told."""

    providers: Providers
    counterpart: ProviderCounterpart
    calls: list[ModelCall] = field(default_factory=list[ModelCall])
    troubles: list[Trouble] = field(default_factory=list[Trouble])
    past: list[ModelMessage] = field(default_factory=list[ModelMessage])
    veil: Veil = field(default_factory=Veil)
    time_s: float = 20.0

    async def says(self, text: str) -> str:
        """The reply to a text, after a tool or none; it becomes part of the past."""
        agent = Agent(
            self.providers.model, tools=[see_marks], retries={"tools": 6, "output": 1}
        )
        with on_errand(Errand.begun(self.time_s, self.veil)) as errand:
            run = await agent.run(text, message_history=self.past)
        self.calls += errand.calls
        self.past = run.all_messages()
        return run.output

    @property
    def served(self) -> str:
        """Who gave the last answer."""
        answers = [m for m in self.past if isinstance(m, ModelResponse)]
        return answers[-1].provider_name or ""

    @property
    def outcomes(self) -> list[str]:
        """Who was asked, and how it went: "zai:down", "offline:ok"."""
        return [f"{call.provider}:{call.outcome}" for call in self.calls]

    @property
    def keys_asked(self) -> list[str]:
        """The keys that the counterpart saw, in order."""
        return [asked.key for asked in self.counterpart.asked]


def see_marks(child: str) -> dict[str, Any]:
    """Marks.

    Args:
        child: Whose.
    """
    return {"child": child, "mark": "13.75"}


@asynccontextmanager
async def chain_of(
    counterpart: ProviderCounterpart,
    keys: Mapping[str, str],
    *,
    more: Mapping[str, str] | None = None,
    purse: Purse | None = None,
    now: Callable[[], datetime] = lambda: NOW,
) -> AsyncGenerator[Chain]:
    """`chain_of(counterpart, {"zai": "429", "openai": "ok"})`: keys, in this order."""
    troubles: list[Trouble] = []

    async def note(trouble: Trouble) -> None:
        troubles.append(trouble)

    environment = {
        **{name: counterpart.base_url(at) for name, at in ADDRESSES.items()},
        **MODEL_NAMES,
        **{f"{name.upper()}_API_KEYS": key for name, key in keys.items()},
        **(more or {}),
    }
    parts = ProviderParts(
        environment=environment,
        profiles={},
        encoder=None,
        now=now,
        purse=purse,
        on_trouble=note,
    )
    async with open_providers([*keys, "offline"], parts) as providers:
        yield Chain(providers, counterpart, troubles=troubles)
