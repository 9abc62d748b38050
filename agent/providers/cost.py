"""What an answer cost: as billed, or by the public price list; None is unknown."""

from collections.abc import Mapping

from genai_prices import calc_price
from pydantic_ai.messages import ModelResponse

# The price list's own names, where they differ from ours.
_PRICED_AS: Mapping[str, str] = {"gemini": "google"}


def cost_of(answer: ModelResponse) -> float | None:
    """US dollars. A price that nobody knows is None, never zero.

    Source: OpenRouter's `usage.cost` is what it bills; elsewhere genai-prices.
    """
    billed = (answer.provider_details or {}).get("cost")
    if isinstance(billed, int | float):
        return float(billed)
    if not answer.usage.has_values():
        return None
    name = answer.provider_name or ""
    try:
        price = calc_price(
            answer.usage,
            answer.model_name or "",
            provider_id=_PRICED_AS.get(name, name),
            genai_request_timestamp=answer.timestamp,
        )
    except LookupError:
        return None
    return float(price.total_price)
