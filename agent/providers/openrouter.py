"""OpenRouter: many models behind one key; it tells what each answer cost."""

from httpx2 import AsyncClient
from openai import AsyncOpenAI
from pydantic_ai.models import Model
from pydantic_ai.models.openrouter import OpenRouterModel, OpenRouterModelSettings
from pydantic_ai.providers.openrouter import OpenRouterProvider

from .limits import MAX_RETRIES, MAX_TOKENS
from .route import Route
from .settings import ProviderSettings

BASE_URL = "https://openrouter.ai/api/v1"

_CACHED: OpenRouterModelSettings = {
    "max_tokens": MAX_TOKENS,
    "openrouter_cache_instructions": True,
    "openrouter_cache_tool_definitions": True,
    "openrouter_cache_messages": True,
    "openrouter_usage": {"include": True},
}


def routes(settings: ProviderSettings, http: AsyncClient) -> tuple[Route, ...]:
    """One route."""

    def build(key: str, name: str) -> Model:
        client = AsyncOpenAI(
            api_key=key,
            base_url=settings.base_url or BASE_URL,
            http_client=http,
            max_retries=MAX_RETRIES,
        )
        provider = OpenRouterProvider(openai_client=client)
        return OpenRouterModel(name, provider=provider, settings=_CACHED)

    return (Route(name=settings.name, settings=settings, build=build),)
