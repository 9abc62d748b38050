"""How the providers stand: for `main.py providers` and `main.py check`."""

import statistics
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import cast
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from pydantic_ai.messages import ModelRequest, UserPromptPart
from pydantic_ai.models import ModelRequestParameters

from memory import Memory
from memory.redis_state import redis_state
from memory.sql.spending import By

from .opening import AgentSettings, OpenedAgent
from .privacy import Veil
from .providers import Providers, read_order
from .providers.asking import Asking, NotAsked, Request
from .providers.credit import Credit
from .providers.errand import Errand
from .providers.faults import Fault
from .providers.gates import GateState, LocalGates
from .providers.route import Candidate, last_four
from .providers.settings import ProviderSettings

Row = Mapping[str, str]

_TRIED_S = 30.0  # as a turn: one request may take a part of it
_HELLO = "Répondez par un seul mot : bonjour."


@dataclass(frozen=True)
class ProviderState:
    """The providers of an opened agent, as rows of named cells."""

    agent: OpenedAgent
    memory: Memory
    now: Callable[[], datetime]
    zone: ZoneInfo

    async def keys(self) -> Sequence[Row]:
        """A row for each key, in the order in which they are asked."""
        providers = self.agent.providers
        states = await providers.gates.states()
        credits_left = await self.agent.credit_watch.look()
        return [
            {
                "order": str(number),
                "provider": _named(settings),
                "address": _address(settings),
                "model": _models(settings),
                "account": candidate.account,
                "key": last_four(candidate.key),
                "gate": _gate(candidate, states, self.zone),
                "latency": await self._latency(settings.name),
                "credit": _credit(candidate, credits_left),
            }
            for number, settings in enumerate(providers.order, start=1)
            for candidate in _candidates(providers, settings.name)
        ]

    async def spent(self, *, by: str, days: int) -> Sequence[Row]:
        """What was asked and spent in the last days: a row for each of `by`."""
        today = self.now().astimezone(self.zone)
        begun = today.replace(hour=0, minute=0, second=0, microsecond=0)
        sums = await self.memory.spending.sums(
            by=cast("By", by), since=begun - timedelta(days=days - 1)
        )
        return [
            {
                by: each.of,
                "calls": str(each.calls),
                "failed": str(each.failed),
                "tokens in": str(each.input_tokens),
                "from cache": str(each.cached_tokens),
                "tokens out": str(each.output_tokens),
                "cost": _cost(each.cost_usd, each.unknown, each.calls - each.failed),
            }
            for each in sums
        ]

    async def tried(self) -> Sequence[Row]:
        """Every key asked one short question, whatever its gates say."""
        asking = Asking(
            LocalGates(lambda: 0.0), now=self.now, on_call=lambda _call: None
        )
        return [
            {
                "provider": route.name,
                "account": candidate.account,
                "key": last_four(candidate.key),
                "answer": await _tried(asking, candidate),
            }
            for route in self.agent.providers.routes
            for candidate in route.candidates(cheap=False)
        ]

    async def _latency(self, provider: str) -> str:
        calls = await self.memory.spending.last(provider)
        times = [call.duration_ms for call in calls if call.outcome == "ok"]
        return f"{statistics.median(times):.0f} ms" if times else "none yet"


async def provider_parts(settings: AgentSettings) -> Sequence[tuple[str, bool, str]]:
    """Each configured provider, and Redis, for `check`: name, is it well, detail.

    Raises:
        ValueError: PROVIDERS, or a variable of a provider, is wrong; names it.
    """
    order = read_order(settings.provider_order, settings.environment)
    parts = [(f"provider {each.name}", True, _configured(each)) for each in order]
    if settings.redis_url:
        is_well, detail = await redis_state(settings.redis_url)
        parts.append(("redis", is_well, detail))
    return parts


def _configured(settings: ProviderSettings) -> str:
    """A provider in one line, for `check`."""
    keys = sum(len(account.keys) for account in settings.accounts)
    return (
        f"{keys} key(s) of {len(settings.accounts)} account(s), {_models(settings)},"
        f" {_address(settings)}; `main.py providers --try` asks each of them"
    )


async def _tried(asking: Asking, candidate: Candidate) -> str:
    request = Request(
        messages=[ModelRequest(parts=[UserPromptPart(content=_HELLO)])],
        settings=None,
        parameters=ModelRequestParameters(),
    )
    try:
        await asking.ask(candidate, request, Errand.begun(_TRIED_S, Veil()))
    except (Fault, NotAsked) as fault:
        return str(fault)
    return "ok"


def _candidates(providers: Providers, name: str) -> Sequence[Candidate]:
    route = next(route for route in providers.routes if route.provider == name)
    settings = route.settings
    return [
        Candidate(route=route, account=each.name, key=key, model_name=settings.model)
        for each in settings.accounts
        for key in each.keys
    ]


def _gate(candidate: Candidate, states: Mapping[str, GateState], zone: ZoneInfo) -> str:
    shut = [(name, states[name]) for name in candidate.gates if name in states]
    if not shut:
        return "open"
    name, state = max(shut, key=lambda each: each[1].until)
    until = datetime.fromtimestamp(state.until, zone)
    what = name.partition(":")[0]
    return f"{what} rests until {until:%H:%M:%S} (fault {state.faults})"


def _credit(candidate: Candidate, credits_left: Sequence[Credit]) -> str:
    for credit in credits_left:
        is_its = credit.key == last_four(candidate.key)
        if is_its and credit.provider == candidate.route.provider:
            if credit.problem:
                return credit.problem
            return "no limit" if credit.left_usd is None else f"${credit.left_usd:.2f}"
    return "not told"


def _cost(known_usd: float, unknown: int, answered: int) -> str:
    if unknown and unknown == answered:
        return "unknown"
    return f"${known_usd:.4f}" + (f" + {unknown} unknown" if unknown else "")


def _named(settings: ProviderSettings) -> str:
    return f"{settings.name} (trusted)" if settings.is_trusted else settings.name


def _models(settings: ProviderSettings) -> str:
    cheap = f", cheaper {settings.cheap_model}" if settings.cheap_model else ""
    return f"{settings.model}{cheap}"


def _address(settings: ProviderSettings) -> str:
    return urlsplit(settings.base_url).netloc if settings.base_url else "its own"
