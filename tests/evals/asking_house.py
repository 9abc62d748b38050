"""A house that asks a provider by HTTP, and answers by itself when it cannot."""

from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import httpx2

from evals.world import CaseWorld, EndState, House, TurnSeen
from tests.evals.scripted import CALM


class AskingHouse:
    """What it says to the provider ends with `adds`: another prompt than before."""

    def __init__(self, world: CaseWorld, http: httpx2.AsyncClient, adds: str) -> None:
        self._world = world
        self._http = http
        self._adds = adds

    async def say(self, texts: Sequence[str], *, sender: str, channel: str) -> TurnSeen:
        try:
            reply, provider = await self._ask("\n".join(texts)), "anthropic"
        except Exception:  # noqa: BLE001  (as the real one: whatever is wrong with it)
            reply, provider = "Bonjour, dit la maison", "offline"
        return TurnSeen(replies=(reply,), provider=provider, model_calls=1)

    async def state(self, *, sender: str, channel: str) -> EndState:
        return CALM

    async def _ask(self, said: str) -> str:
        variables = self._world.variables
        now = self._world.now or (lambda: datetime.now(UTC))
        answer = await self._http.post(
            f"{variables['ANTHROPIC_BASE_URL']}/v1/messages",
            headers={"x-api-key": variables["ANTHROPIC_API_KEYS"], "cookie": "a=b"},
            json={
                "model": variables["ANTHROPIC_MODEL"],
                "messages": [{"role": "user", "content": said + self._adds}],
                "metadata": {
                    "call": f"pyd_ai_{uuid4().hex}",
                    "since": now().isoformat(),
                },
            },
        )
        answer.raise_for_status()
        return answer.json()["content"][0]["text"]


class AskingHouses:
    """Builds them, and keeps the world that each was asked for."""

    def __init__(self, adds: str = "") -> None:
        self._adds = adds
        self.worlds: list[CaseWorld] = []

    @asynccontextmanager
    async def __call__(self, world: CaseWorld, /) -> AsyncGenerator[House]:
        self.worlds.append(world)
        async with httpx2.AsyncClient() as http:
            yield AskingHouse(world, http, self._adds)


def environment(base_url: str, **changes: str) -> dict[str, Any]:
    """What a maintainer would set to ask a provider at this address."""
    return {
        "ANTHROPIC_API_KEYS": "clef-de-la-maison",
        "ANTHROPIC_MODEL": "claude-haiku-4-5",
        "ANTHROPIC_BASE_URL": base_url,
        **changes,
    }
