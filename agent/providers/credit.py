"""What is left on an account, where the provider tells: OpenRouter.

Source: OpenRouter API, `GET /key` (any key) and `GET /credits` (management key), read
2026-11. Not verified against the real service.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, cast

import httpx2

from memory import MemoryFault

from .route import last_four
from .settings import ProviderSettings

_TIMEOUT_S = 10.0
_MANAGEMENT_KEY = "OPENROUTER_MANAGEMENT_KEY"
# Who tells, and where; its module is not imported for that: SDKs are slow to load.
_ADDRESSES = {"openrouter": "https://openrouter.ai/api/v1"}


@dataclass(frozen=True, kw_only=True)
class Credit:
    """What one key or account may still spend; None: no limit, or not told."""

    provider: str
    account: str
    key: str  # its last four characters; empty for the whole balance
    left_usd: float | None
    problem: str = ""


class CreditWatch:
    """Asks every few minutes; `on_low` hears of what is nearly used up."""

    def __init__(
        self,
        order: Sequence[ProviderSettings],
        *,
        low_usd: float,
        on_low: Callable[[Credit], Awaitable[None]],
        every_s: float = 300.0,
    ) -> None:
        self._telling = [each for each in order if each.name in _ADDRESSES]
        self._low_usd = low_usd
        self._on_low = on_low
        self._every_s = every_s

    async def run_forever(self) -> None:
        """Look, tell, wait. Returns at once where no provider tells its credit."""
        while self._telling:
            with suppress(MemoryFault):  # an alert that could not be kept: next time
                await self.look()
            await asyncio.sleep(self._every_s)

    async def look(self) -> Sequence[Credit]:
        """What is left everywhere, having told of what is low."""
        found: list[Credit] = []
        async with httpx2.AsyncClient(timeout=_TIMEOUT_S) as http:
            for settings in self._telling:
                found += await _credits_of(settings, http)
        for credit in found:
            if credit.left_usd is not None and credit.left_usd < self._low_usd:
                await self._on_low(credit)
        return found


async def _credits_of(
    settings: ProviderSettings, http: httpx2.AsyncClient
) -> Sequence[Credit]:
    """Of each key; of the whole balance too, with a management key."""
    base_url = settings.base_url or _ADDRESSES[settings.name]
    found: list[Credit] = []
    for account in settings.accounts:
        for key in account.keys:
            told, problem = await _ask(http, f"{base_url}/key", key)
            left = _number(told.get("limit_remaining"))
            found.append(_credit(settings, account.name, last_four(key), left, problem))
    manager = settings.own.get(_MANAGEMENT_KEY, "").strip()
    if manager:
        told, problem = await _ask(http, f"{base_url}/credits", manager)
        bought, used = (_number(told.get(n)) for n in ("total_credits", "total_usage"))
        left = None if bought is None or used is None else bought - used
        found.append(_credit(settings, "balance", "", left, problem))
    return found


def _credit(
    settings: ProviderSettings, account: str, key: str, left: float | None, problem: str
) -> Credit:
    return Credit(
        provider=settings.name,
        account=account,
        key=key,
        left_usd=left,
        problem=problem,
    )


async def _ask(
    http: httpx2.AsyncClient, url: str, key: str
) -> tuple[dict[str, Any], str]:
    """The `data` of an answer, or what was wrong with it."""
    try:
        answer = await http.get(
            url, headers={"authorization": f"Bearer {key}"}, timeout=_TIMEOUT_S
        )
    except (httpx2.HTTPError, ValueError) as error:
        # By its kind only: of a key that is no ASCII, the text holds the key.
        return {}, f"no answer ({type(error).__name__})"
    if answer.status_code in (401, 403):
        return {}, "the key is refused"
    if answer.status_code != 200:
        return {}, f"HTTP {answer.status_code}"
    try:
        told: object = answer.json()
    except ValueError:
        return {}, "not JSON"
    inner = cast("dict[str, Any]", told).get("data") if isinstance(told, dict) else None
    return (
        (cast("dict[str, Any]", inner), "")
        if isinstance(inner, dict)
        else ({}, "no data")
    )


def _number(value: object) -> float | None:
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return float(cast("float", value)) if is_number else None
