"""What OpenRouter says of a key and of its account.

Source: OpenRouter API, "Get current API key" and "Get credits", read 2026-11.
"""

from dataclasses import dataclass

from .exchange import Answer, as_json


@dataclass(frozen=True, kw_only=True)
class Credit:
    """Dollars; `limit` None is a key without one.

    Only a management key may ask what the account has left.
    """

    limit: float | None = 20.0
    usage: float = 12.5
    total_credits: float = 50.0
    total_usage: float = 12.5
    is_management_key: bool = False


def of_key(credit: Credit) -> Answer:
    """The answer to `GET …/key`."""
    left = None if credit.limit is None else credit.limit - credit.usage
    used = {
        f"{whose}usage{span}": credit.usage if whose == "" else 0
        for whose in ("", "byok_")
        for span in ("", "_daily", "_weekly", "_monthly")
    }
    limits = {"limit": credit.limit, "limit_remaining": left, "limit_reset": None}
    data = {
        "label": "sk-or-v1-test",
        "include_byok_in_limit": False,
        "is_free_tier": False,
        "is_management_key": credit.is_management_key,
        "expires_at": None,
        "rate_limit": {"requests": -1, "interval": "10s", "note": "deprecated"},
    }
    return as_json({"data": data | limits | used})


def of_account(credit: Credit) -> Answer:
    """The answer to `GET …/credits`."""
    if not credit.is_management_key:
        message = "Only management keys can perform this operation"
        return as_json({"error": {"code": 403, "message": message}}, status=403)
    total = {"total_credits": credit.total_credits, "total_usage": credit.total_usage}
    return as_json({"data": total})
