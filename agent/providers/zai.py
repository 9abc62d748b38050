"""GLM, by z.ai's two routes: Anthropic's wire format first, then OpenAI's.

What is special is from reports and documents; see docs/providers.md. Not verified
against the real service.
"""

from collections.abc import Mapping

from anthropic import AsyncAnthropic
from httpx2 import AsyncClient
from openai import AsyncOpenAI
from pydantic_ai.models import Model
from pydantic_ai.models.anthropic import AnthropicModel
from pydantic_ai.models.zai import ZaiModel
from pydantic_ai.profiles.anthropic import AnthropicModelProfile
from pydantic_ai.providers.anthropic import AnthropicProvider
from pydantic_ai.providers.zai import ZaiProvider

from .anthropic import CACHED
from .faults import FaultKind
from .limits import MAX_RETRIES, MAX_TOKENS
from .route import Route
from .settings import ProviderSettings

ANTHROPIC_STYLE = "https://api.z.ai/api/anthropic"
OPENAI_STYLE = "https://api.z.ai/api/paas/v4"

# Balance and account problems arrive as 429, so the code in the body decides.
CODES: Mapping[str, FaultKind] = {
    **dict.fromkeys(("1113", "1309"), FaultKind.KEY),  # arrears, plan expired
    **{str(code): FaultKind.KEY for code in range(1110, 1122)},  # the account
    **dict.fromkeys(("1302", "1303", "1305", "1312"), FaultKind.BUSY),
    **dict.fromkeys(("1304", "1308", "1310"), FaultKind.BUSY),  # quota of the day, plan
    "1301": FaultKind.REFUSED,
    "1261": FaultKind.CONTEXT,
    **{str(code): FaultKind.REJECTED for code in range(1210, 1215)},
}


class ZaiAnthropicProvider(AnthropicProvider):
    """Named after who answers: GLM's signed thinking must never reach Claude."""

    @property
    def name(self) -> str:
        """`zai`, also for prices."""
        return "zai"


def routes(settings: ProviderSettings, http: AsyncClient) -> tuple[Route, ...]:
    """The two routes; the second one only where its address is known."""
    own = settings.own.get("ZAI_OPENAI_BASE_URL", "").strip()
    # Whoever gives another address for the first has said nothing of the second.
    second = own or (None if settings.base_url else OPENAI_STYLE)

    def by_anthropic(key: str, name: str) -> Model:
        client = AsyncAnthropic(
            auth_token=key,
            base_url=settings.base_url or ANTHROPIC_STYLE,
            # Nothing says that other endpoints take the SDK's newer version.
            default_headers={"anthropic-version": "2023-06-01"},
            http_client=http,
            max_retries=MAX_RETRIES,
        )
        return AnthropicModel(
            name,
            provider=ZaiAnthropicProvider(anthropic_client=client),
            profile=AnthropicModelProfile(supports_auto_cache=False),
            settings=CACHED,
        )

    def by_openai(key: str, name: str) -> Model:
        client = AsyncOpenAI(
            api_key=key, base_url=second, http_client=http, max_retries=MAX_RETRIES
        )
        return ZaiModel(
            name,
            provider=ZaiProvider(openai_client=client),
            settings={"max_tokens": MAX_TOKENS},
        )

    first = Route(
        name="zai/anthropic", settings=settings, build=by_anthropic, codes=CODES
    )
    if second is None:
        return (first,)
    return (
        first,
        Route(name="zai/openai", settings=settings, build=by_openai, codes=CODES),
    )
