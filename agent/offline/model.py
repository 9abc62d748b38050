"""The built-in model: rules and similarity instead of a provider."""

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime

from pydantic_ai.messages import ModelMessage, ModelResponse, TextPart, ToolCallPart
from pydantic_ai.models import Model, ModelRequestParameters
from pydantic_ai.settings import ModelSettings
from pydantic_ai.usage import RequestUsage

from tools.backends.documents import DocumentsOdds, unknown_odds
from tools.backends.encoder import Encoder
from tools.code_shapes import CodeShape
from tools.profile import Profile

from .mind import Mind
from .talk import read_talk


def _utc_now() -> datetime:
    return datetime.now(UTC)


class OfflineModel(Model[None]):
    """Chooses tools and words by rules: no key, no network, no memory of its own."""

    def __init__(
        self,
        *,
        profiles: Mapping[str, Profile],
        encoder: Encoder | None = None,
        documents_odds: DocumentsOdds = unknown_odds,
        code_shapes: Sequence[CodeShape] = (),
        now: Callable[[], datetime] = _utc_now,
    ) -> None:
        super().__init__()
        self._now = now
        self._mind = Mind(profiles, encoder, code_shapes, documents_odds)

    @property
    def model_name(self) -> str:
        """The name by which turns and traces know this model."""
        return "offline"

    @property
    def system(self) -> str:
        """Whose model it is: ours."""
        return "gust"

    async def request(
        self,
        messages: list[ModelMessage],
        model_settings: ModelSettings | None,  # noqa: ARG002 - the port's
        model_request_parameters: ModelRequestParameters,
    ) -> ModelResponse:
        """The next tool calls, or the reply once the tools have answered."""
        tools = {tool.name: tool for tool in model_request_parameters.function_tools}
        now = self._now()
        step = await self._mind.next_step(read_talk(messages), tools, now.date())
        parts = (
            [TextPart(content=step)]
            if isinstance(step, str)
            else [ToolCallPart(call.tool, dict(call.arguments)) for call in step]
        )
        return ModelResponse(
            parts=parts,
            usage=RequestUsage(),
            model_name=self.model_name,
            provider_name=self.model_name,
            timestamp=now,
        )
