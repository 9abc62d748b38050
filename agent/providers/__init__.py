"""Who serves the model: one line each. The built-in one is the last of every chain."""

import importlib
from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

from pydantic_ai.exceptions import UserError
from pydantic_ai.models import Model

from memory.records import ModelCall
from tools.backends.documents import DocumentsOdds, unknown_odds
from tools.backends.encoder import Encoder
from tools.code_shapes import CodeShape
from tools.profile import Profile

from .asking import Asking
from .gates import Gates, LocalGates
from .route import Route
from .router import Purse, Router, Trouble
from .settings import ProviderSettings, read_provider, variables_of

if TYPE_CHECKING:
    from memory.redis_link import RedisLink

__all__ = [
    "BUILT_IN",
    "PROVIDERS",
    "Gates",
    "ProviderParts",
    "Providers",
    "Trouble",
    "open_providers",
    "provider_variables",
    "read_order",
]

BUILT_IN = "offline"

# The module of each, under this folder: it is imported when it is configured, since
# some SDKs cost seconds. Each has `routes(settings, http)`.
PROVIDERS: Mapping[str, str] = {
    "zai": "zai",
    "anthropic": "anthropic",
    "gemini": "gemini",
    "openrouter": "openrouter",
    "openai": "openai",
}
_OWN_VARIABLES = ("ZAI_OPENAI_BASE_URL", "OPENROUTER_MANAGEMENT_KEY")


@dataclass(frozen=True, kw_only=True)
class ProviderParts:
    """What the providers need of the house."""

    environment: Mapping[str, str] = field(repr=False)  # secrets are in it
    profiles: Mapping[str, Profile]
    encoder: Encoder | None
    now: Callable[[], datetime]
    documents_odds: DocumentsOdds = unknown_odds
    code_shapes: Sequence[CodeShape] = ()
    built_in: Model | None = None  # in its place, for a test
    redis: "RedisLink | None" = field(default=None, repr=False)
    purse: Purse | None = None
    on_call: Callable[[ModelCall], None] = lambda _call: None
    on_trouble: Callable[[Trouble], Awaitable[None]] | None = None


@dataclass(frozen=True, kw_only=True)
class Providers:
    """The one model of the agent, and what is underneath, to be looked at."""

    model: Model
    order: tuple[ProviderSettings, ...]
    routes: tuple[Route, ...]
    gates: Gates

    @property
    def tells_outside(self) -> bool:
        """Whether conversations go where personal values may not."""
        return any(not settings.is_trusted for settings in self.order)


def provider_variables() -> tuple[str, ...]:
    """The environment variables of all providers, for `.env.example`."""
    of_each = (name for provider in PROVIDERS for name in variables_of(provider))
    return (*of_each, *_OWN_VARIABLES)


def read_order(
    order: Sequence[str], environment: Mapping[str, str]
) -> tuple[ProviderSettings, ...]:
    """The settings of the configured providers, first to last, without the built-in.

    Raises:
        ValueError: one is not there, twice, or lacks a variable; says which and what.
    """
    unknown = [name for name in order if name not in (*PROVIDERS, BUILT_IN)]
    if unknown or not order:
        known = ", ".join((*PROVIDERS, BUILT_IN))
        raise ValueError(f"PROVIDERS: {unknown or 'nothing'} given; known: {known}")
    if len(set(order)) < len(order):
        raise ValueError("PROVIDERS: each provider is named once")
    if BUILT_IN in order[:-1]:
        raise ValueError(f"PROVIDERS: {BUILT_IN} always answers, so it comes last")
    return tuple(read_provider(name, environment) for name in order if name != BUILT_IN)


@asynccontextmanager
async def open_providers(
    order: Sequence[str], parts: ProviderParts
) -> AsyncGenerator[Providers]:
    """The model of the agent until the end of the block.

    Raises:
        ValueError: as `read_order`, or a model cannot have that name.
    """
    from agent.offline import OfflineModel

    configured = read_order(order, parts.environment)
    built_in = parts.built_in or OfflineModel(
        profiles=parts.profiles,
        encoder=parts.encoder,
        documents_odds=parts.documents_odds,
        code_shapes=parts.code_shapes,
        now=parts.now,
    )
    async with AsyncExitStack() as stack:
        gates = _open_gates(parts)
        routes = [
            route
            for settings in configured
            for route in await _open_routes(settings, stack)
        ]
        asking = Asking(gates, now=parts.now, on_call=parts.on_call)
        model = Router(
            routes,
            built_in,
            asking=asking,
            purse=parts.purse,
            on_trouble=parts.on_trouble,
        )
        yield Providers(
            model=model, order=configured, routes=tuple(routes), gates=gates
        )


def _open_gates(parts: ProviderParts) -> Gates:
    def now_s() -> float:
        return parts.now().timestamp()

    if parts.redis is None:
        return LocalGates(now_s)
    from .redis_gates import RedisGates

    return RedisGates(parts.redis, now_s)


async def _open_routes(
    settings: ProviderSettings, stack: AsyncExitStack
) -> Sequence[Route]:
    from .transport import open_client

    module = importlib.import_module(f".{PROVIDERS[settings.name]}", __name__)
    http = await stack.enter_async_context(open_client())
    routes: Sequence[Route] = module.routes(settings, http)
    for route in routes:
        _warm(route)
    return routes


def _warm(route: Route) -> None:
    """Build what serves first: a name that cannot be one is refused at the start."""
    settings = route.settings
    key = settings.accounts[0].keys[0]
    named = {"MODEL": settings.model, "CHEAP_MODEL": settings.cheap_model}
    for variable, name in named.items():
        try:
            if name:
                route.model(key, name)
        except UserError as error:
            problem = f"{settings.name.upper()}_{variable}: {error}"
            raise ValueError(problem) from None
