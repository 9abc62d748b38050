"""Gemini, by Google's API for developers. Its cache needs no setting."""

from httpx2 import AsyncClient
from pydantic_ai.models import Model
from pydantic_ai.models.google import GoogleModel
from pydantic_ai.providers.google import GoogleProvider

from .limits import MAX_TOKENS
from .route import Route
from .settings import ProviderSettings


class GeminiProvider(GoogleProvider):
    """Named as in PROVIDERS, in turns, metrics and costs."""

    @property
    def name(self) -> str:
        """`gemini`."""
        return "gemini"


def routes(settings: ProviderSettings, http: AsyncClient) -> tuple[Route, ...]:
    """One route."""

    def build(key: str, name: str) -> Model:
        provider = GeminiProvider(
            api_key=key, base_url=settings.base_url, http_client=http
        )
        return GoogleModel(name, provider=provider, settings={"max_tokens": MAX_TOKENS})

    return (Route(name=settings.name, settings=settings, build=build),)
