"""Builds the agent's room from plain values: its providers, its texts, its turns."""

from collections.abc import AsyncGenerator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Protocol
from zoneinfo import ZoneInfo

from pydantic_ai.models import Model

from memory.records import ModelCall
from tools.backends.documents import DocumentsOdds, unknown_odds
from tools.backends.encoder import Encoder
from tools.code_shapes import CodeShape
from tools.context import Desk

from .concierge import Concierge
from .instructions import read_instructions
from .language import Language
from .provider_alerts import ProviderAlerts
from .providers import ProviderParts, Providers, open_providers
from .providers.credit import CreditWatch
from .providers.purse import DailyPurse
from .turn import Outside, TurnRoom


class AgentSettings(Protocol):
    """How an installation wants its agent; main's settings are of this shape."""

    @property
    def provider_order(self) -> tuple[str, ...]: ...
    @property
    def environment(self) -> Mapping[str, str]: ...
    @property
    def zone(self) -> ZoneInfo: ...
    @property
    def language(self) -> Language: ...
    @property
    def turn_timeout_s(self) -> float: ...
    @property
    def redis_url(self) -> str: ...
    @property
    def daily_spend_limit_usd(self) -> float: ...
    @property
    def low_credit_usd(self) -> float: ...


@dataclass(frozen=True, kw_only=True)
class AgentParts:
    """What the agent is built from beside the desk. `model` replaces the built-in one."""

    encoder: Encoder | None
    documents_odds: DocumentsOdds = unknown_odds
    code_shapes: Sequence[CodeShape] = ()
    on_call: Callable[[ModelCall], None] = lambda _call: None
    model: Model | None = None


@dataclass(frozen=True, kw_only=True)
class OpenedAgent:
    """The room where turns are taken, and the providers underneath."""

    room: TurnRoom
    providers: Providers
    credit_watch: CreditWatch


@asynccontextmanager
async def open_agent(
    desk: Desk, settings: AgentSettings, parts: AgentParts
) -> AsyncGenerator[OpenedAgent]:
    """The agent until the end of the block.

    Raises:
        ValueError: PROVIDERS, or a variable of a provider, is wrong; names it.
    """
    alerts = ProviderAlerts(desk)
    instructions = read_instructions(
        desk.profiles, now=desk.now, timezone=settings.zone
    )
    provider_parts = ProviderParts(
        environment=settings.environment,
        profiles=desk.profiles,
        encoder=parts.encoder,
        documents_odds=parts.documents_odds,
        now=desk.now,
        code_shapes=parts.code_shapes,
        built_in=parts.model,
        redis=desk.memory.shared.link,
        purse=_purse(desk, settings, alerts),
        on_call=parts.on_call,
        on_trouble=alerts.trouble,
    )
    async with open_providers(settings.provider_order, provider_parts) as providers:
        yield OpenedAgent(
            providers=providers,
            credit_watch=CreditWatch(
                providers.order,
                low_usd=settings.low_credit_usd,
                on_low=alerts.low_credit,
            ),
            room=TurnRoom(
                desk=desk,
                concierge=Concierge(
                    model=providers.model, desk=desk, instructions=instructions
                ),
                timeout_s=settings.turn_timeout_s,
                language=settings.language,
                outside=Outside(
                    serves=bool(providers.routes),
                    is_told=providers.tells_outside,
                    code_shapes=parts.code_shapes,
                ),
            ),
        )


def _purse(
    desk: Desk, settings: AgentSettings, alerts: ProviderAlerts
) -> DailyPurse | None:
    if not settings.daily_spend_limit_usd:
        return None
    return DailyPurse(
        settings.daily_spend_limit_usd,
        spent_since=desk.memory.spending.since,
        now=lambda: desk.now().astimezone(settings.zone),
        on_level=alerts.spent,
    )
