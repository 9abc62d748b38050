"""Who serves a model: one line each. The built-in one needs no key and no network."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from pydantic_ai.models import Model

from tools.backends.embedder import Embedder
from tools.code_shapes import CodeShape
from tools.profile import Profile


@dataclass(frozen=True, kw_only=True)
class ProviderParts:
    """What a provider may need of the house."""

    environment: Mapping[str, str]
    profiles: Mapping[str, Profile]
    embedder: Embedder | None
    code_shapes: Sequence[CodeShape] = ()


def _offline(parts: ProviderParts) -> Model:
    # A provider is imported when it is configured: some SDKs cost seconds.
    from agent.offline import OfflineModel

    return OfflineModel(
        profiles=parts.profiles,
        embedder=parts.embedder,
        code_shapes=parts.code_shapes,
    )


PROVIDERS: Mapping[str, Callable[[ProviderParts], Model]] = {
    "offline": _offline,
}


def open_model(order: tuple[str, ...], parts: ProviderParts) -> Model:
    """The model of the first provider in `order`.

    Raises:
        ValueError: PROVIDERS names one that is not there; says which are.
    """
    unknown = [name for name in order if name not in PROVIDERS]
    if unknown or not order:
        known = ", ".join(PROVIDERS)
        raise ValueError(f"PROVIDERS: {unknown or 'nothing'} given; known: {known}")
    return PROVIDERS[order[0]](parts)
