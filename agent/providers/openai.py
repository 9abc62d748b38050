"""Any endpoint that speaks OpenAI's chat completions: a vendor's, or a house's own."""

from httpx2 import AsyncClient
from openai import AsyncOpenAI
from pydantic_ai.models import Model
from pydantic_ai.models.openai import OpenAIChatModel
from pydantic_ai.providers.openai import OpenAIProvider

from .limits import MAX_RETRIES, MAX_TOKENS
from .route import Route
from .settings import ProviderSettings


def routes(settings: ProviderSettings, http: AsyncClient) -> tuple[Route, ...]:
    """One route. Its cache is up to the endpoint: not all accept a setting for it."""

    def build(key: str, name: str) -> Model:
        client = AsyncOpenAI(
            api_key=key,
            base_url=settings.base_url,
            http_client=http,
            max_retries=MAX_RETRIES,
        )
        return OpenAIChatModel(
            name,
            provider=OpenAIProvider(openai_client=client),
            settings={"max_tokens": MAX_TOKENS},
        )

    return (Route(name=settings.name, settings=settings, build=build),)
