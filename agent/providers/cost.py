"""What an answer cost: as billed, or by the public price list; None is unknown."""

from collections.abc import Mapping
from decimal import Decimal
from functools import lru_cache

from genai_prices import Usage, calc_price
from pydantic_ai.messages import ModelResponse

# The price list's own names, where they differ from ours.
_PRICED_AS: Mapping[str, str] = {"gemini": "google"}


def note_cost(answer: ModelResponse) -> float | None:
    """US dollars, noted in the answer's usage. What nobody knows is None, never zero.

    Source: OpenRouter's `usage.cost` is what it bills; elsewhere genai-prices.
    """
    billed = (answer.provider_details or {}).get("cost")
    if isinstance(billed, int | float):
        cost = Decimal(str(billed))
    else:
        cost = _listed(answer) if answer.usage.has_values() else None
    # The framework prices an answer that has no cost, which costs as much as a veil.
    answer.usage.cost = cost
    return None if cost is None else float(cost)


def _listed(answer: ModelResponse) -> Decimal | None:
    name = answer.provider_name or ""
    provider, model = _PRICED_AS.get(name, name), answer.model_name or ""
    if not _is_listed(provider, model):
        return None
    price = calc_price(
        answer.usage,
        model,
        provider_id=provider,
        genai_request_timestamp=answer.timestamp,
    )
    return price.total_price


# The list looks through all its patterns, each time, for a model that it does not have.
@lru_cache(maxsize=256)
def _is_listed(provider: str, model: str) -> bool:
    try:
        calc_price(Usage(), model, provider_id=provider)
    except LookupError:
        return False
    return True
