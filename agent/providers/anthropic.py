"""Claude, by Anthropic's own API."""

from anthropic import AsyncAnthropic
from httpx2 import AsyncClient
from pydantic_ai.models import Model
from pydantic_ai.models.anthropic import AnthropicModel, AnthropicModelSettings
from pydantic_ai.providers.anthropic import AnthropicProvider

from .limits import MAX_RETRIES, MAX_TOKENS
from .route import Route
from .settings import ProviderSettings

# The stable prefix, the tools and the conversation so far are read from its cache.
# Temperature is never set: from version 2026-10-21 of the API it is a 400.
CACHED: AnthropicModelSettings = {
    "max_tokens": MAX_TOKENS,
    "anthropic_cache_instructions": True,
    "anthropic_cache_tool_definitions": True,
    "anthropic_cache_messages": True,
}


def routes(settings: ProviderSettings, http: AsyncClient) -> tuple[Route, ...]:
    """One route."""

    def build(key: str, name: str) -> Model:
        client = AsyncAnthropic(
            api_key=key,
            base_url=settings.base_url,
            http_client=http,
            max_retries=MAX_RETRIES,
        )
        provider = AnthropicProvider(anthropic_client=client)
        return AnthropicModel(name, provider=provider, settings=CACHED)

    return (Route(name=settings.name, settings=settings, build=build),)
