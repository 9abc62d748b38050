"""The models of pydantic-ai with their real SDKs, led to the counterpart.

Beside the front desk, not in it: the server alone needs none of the SDKs.
"""

from collections.abc import Callable, Mapping

import httpx2
from openai import AsyncOpenAI
from pydantic_ai.models import Model
from pydantic_ai.models.anthropic import AnthropicModel
from pydantic_ai.models.google import GoogleModel
from pydantic_ai.models.openai import OpenAIChatModel
from pydantic_ai.models.openrouter import OpenRouterModel
from pydantic_ai.models.zai import ZaiModel
from pydantic_ai.providers.anthropic import AnthropicProvider
from pydantic_ai.providers.google import GoogleProvider
from pydantic_ai.providers.openai import OpenAIProvider
from pydantic_ai.providers.openrouter import OpenRouterProvider
from pydantic_ai.providers.zai import ZaiProvider

from .server import Provider

_Make = Callable[[str, str, httpx2.AsyncClient], Model]


def _anthropic(key: str, url: str, http: httpx2.AsyncClient) -> Model:
    provider = AnthropicProvider(api_key=key, base_url=url, http_client=http)
    return AnthropicModel("claude-haiku-4-5", provider=provider)


def _zai_anthropic(key: str, url: str, http: httpx2.AsyncClient) -> Model:
    provider = AnthropicProvider(api_key=key, base_url=url, http_client=http)
    return AnthropicModel("glm-4.6", provider=provider)


def _zai(key: str, url: str, http: httpx2.AsyncClient) -> Model:
    provider = ZaiProvider(api_key=key, base_url=url, http_client=http)
    return ZaiModel("glm-4.6", provider=provider)


def _openai(key: str, url: str, http: httpx2.AsyncClient) -> Model:
    provider = OpenAIProvider(api_key=key, base_url=url, http_client=http)
    return OpenAIChatModel("gpt-5-mini", provider=provider)


def _openrouter(key: str, url: str, http: httpx2.AsyncClient) -> Model:
    client = AsyncOpenAI(api_key=key, base_url=url, http_client=http)
    provider = OpenRouterProvider(openai_client=client)
    return OpenRouterModel("z-ai/glm-4.6", provider=provider)


def _gemini(key: str, url: str, http: httpx2.AsyncClient) -> Model:
    provider = GoogleProvider(api_key=key, base_url=url, http_client=http)
    return GoogleModel("gemini-2.5-flash", provider=provider)


MODELS: Mapping[Provider, _Make] = {
    "anthropic": _anthropic,
    "zai-anthropic": _zai_anthropic,
    "zai": _zai,
    "openai": _openai,
    "openrouter": _openrouter,
    "gemini": _gemini,
}
