"""One way to a provider: an address and a wire format, with the keys that open it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256

from pydantic_ai.models import Model

from .faults import Codes, Fault, FaultKind
from .gates import Rest
from .rotation import Rotation
from .settings import ProviderSettings

# Whom a fault is about decides which gate it shuts, and for how long.
_RESTS: Mapping[FaultKind, Rest] = {
    FaultKind.BUSY: Rest(2.0, 120.0),
    FaultKind.KEY: Rest(3600.0, 3600.0, grows=False),
    FaultKind.DOWN: Rest(1.5, 60.0),
    FaultKind.MISCONFIGURED: Rest(600.0, 600.0, grows=False),
}
_LONGEST_WAIT_S = 3600.0  # what a provider may ask for in Retry-After


@dataclass(kw_only=True)
class Route:
    """Builds a model for a key once, and knows whose turn it is."""

    name: str  # "zai/anthropic"; "anthropic" where there is only one
    settings: ProviderSettings
    build: Callable[[str, str], Model]  # key, name of the model
    codes: Codes = field(default_factory=dict[str, FaultKind])
    _rotation: Rotation = field(init=False)
    _models: dict[tuple[str, str], Model] = field(init=False, repr=False)  # by key

    def __post_init__(self) -> None:
        self._rotation = Rotation(self.settings.accounts)
        self._models = {}

    @property
    def provider(self) -> str:
        """Whose route it is."""
        return self.settings.name

    def candidates(self, *, cheap: bool) -> "Sequence[Candidate]":
        """Every account and key, in the order of this request."""
        wanted = self.settings.cheap_model if cheap else None
        name = wanted or self.settings.model
        return [
            Candidate(route=self, account=account, key=key, model_name=name)
            for account, key in self._rotation.next_order()
        ]

    def model(self, key: str, name: str) -> Model:
        """The one model of this process for a key."""
        if (key, name) not in self._models:
            self._models[key, name] = self.build(key, name)
        return self._models[key, name]


@dataclass(frozen=True, kw_only=True)
class Candidate:
    """A route with the account and the key that would serve this request."""

    route: Route
    account: str
    key: str = field(repr=False)
    model_name: str

    @property
    def model(self) -> Model:
        """What serves."""
        return self.route.model(self.key, self.model_name)

    @property
    def gates(self) -> tuple[str, str, str, str]:
        """The gates that must be open: of provider, route, account and key."""
        provider = self.route.provider
        return (
            f"provider:{provider}",
            f"route:{self.route.name}",
            f"account:{provider}:{self.account}",
            f"key:{provider}:{fingerprint(self.key)}",
        )

    def gate_for(self, fault: Fault) -> tuple[str, Rest] | None:
        """The gate that a fault shuts, and for how long; None: it is about no gate."""
        rest = _RESTS.get(fault.kind)
        if rest is None:
            return None
        provider, route, account, key = self.gates
        match fault.kind:
            case FaultKind.KEY:
                return key, rest
            case FaultKind.BUSY:
                return account, _as_asked(fault.retry_after_s, rest)
            case _:
                # Where it is silent, its other route would be as silent.
                return (provider if fault.is_silence else route), rest


def _as_asked(retry_after_s: float | None, rest: Rest) -> Rest:
    if retry_after_s is None:
        return rest
    wait_s = min(retry_after_s, _LONGEST_WAIT_S)
    return Rest(wait_s, wait_s, grows=False)


def fingerprint(key: str) -> str:
    """What tells keys apart and gives none away."""
    return sha256(key.encode()).hexdigest()[:12]


def last_four(key: str) -> str:
    """A key as people may see it."""
    return f"…{key[-4:]}" if len(key) > 8 else "…"
