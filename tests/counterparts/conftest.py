"""The counterpart of the providers, and the real models that talk to it."""

from collections.abc import AsyncGenerator, Callable

import httpx2
import pytest
from pydantic_ai.models import Model

from tests.counterparts.providers import (
    Provider,
    ProviderCounterpart,
    running_providers,
)
from tests.counterparts.providers.real_models import MODELS

RealModel = Callable[[Provider, str], Model]


@pytest.fixture
async def providers() -> AsyncGenerator[ProviderCounterpart]:
    async with running_providers() as running:
        yield running


@pytest.fixture
async def http() -> AsyncGenerator[httpx2.AsyncClient]:
    async with httpx2.AsyncClient() as client:
        yield client


@pytest.fixture
def real_model(providers: ProviderCounterpart, http: httpx2.AsyncClient) -> RealModel:
    """A real model of that provider, with that key."""

    def make(provider: Provider, key: str) -> Model:
        return MODELS[provider](key, providers.base_url(provider), http)

    return make
