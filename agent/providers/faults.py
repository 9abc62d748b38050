"""What went wrong with a provider, as what the router should do about it."""

import re
from collections.abc import Mapping
from enum import StrEnum
from typing import cast

from pydantic_ai.exceptions import (
    ContentFilterError,
    ModelAPIError,
    ModelAuthenticationError,
    ModelConnectionError,
    ModelContextWindowExceededError,
    ModelNotFoundError,
    ModelQuotaExceededError,
    ModelRateLimitError,
    ModelRequestRejectedError,
    ModelRequestTimeout,
    ModelTimeoutError,
)
from pydantic_ai.messages import ModelResponse, TextPart, ToolCallPart

Codes = Mapping[str, "FaultKind"]

NO_MONEY = "no money left"
SILENCE = "no answer in time"

# z.ai's older shape calls it the type.
_CODE = re.compile(r"""["'](?:code|type)["']\s*:\s*["']?(\d{3,5})\b""")
_DELAY = re.compile(r"""["']retryDelay["']\s*:\s*["'](\d+(?:\.\d+)?)s["']""")  # Gemini
_EMPTY_ACCOUNT = re.compile(
    r"credit balance|insufficient (?:credits|balance|quota)|billing|prepay",
    re.IGNORECASE,
)


class FaultKind(StrEnum):
    """What to do, from the least that is passed over to the most."""

    KEY = "key"  # refused or out of money: the key is set aside, admins are told
    BUSY = "busy"  # too many requests: the account rests
    DOWN = "down"  # no usable answer: the provider rests, longer each time
    REJECTED = "rejected"  # this request only: another provider may take it
    CONTEXT = "context"  # too long: asked once more with less of the past
    REFUSED = "refused"  # its content: not tried on others
    MISCONFIGURED = "misconfigured"  # no such model or address: admins are told


class Fault(Exception):
    """One request to one provider that gave no usable answer.

    `reason` is ours: what a provider writes may quote the conversation.
    """

    def __init__(
        self, kind: FaultKind, reason: str, *, retry_after_s: float | None = None
    ) -> None:
        super().__init__(f"{kind}: {reason}")
        self.kind = kind
        self.reason = reason
        self.retry_after_s = retry_after_s
        self.is_of_probe = False

    @property
    def is_silence(self) -> bool:
        """Whether the time was over before an answer was there."""
        return self.reason == SILENCE


# Most specific first: the categories of pydantic-ai are a tree.
_KINDS: tuple[tuple[type[Exception], FaultKind, str], ...] = (
    (ModelQuotaExceededError, FaultKind.KEY, NO_MONEY),
    (ModelAuthenticationError, FaultKind.KEY, "the key is refused"),
    (ModelRateLimitError, FaultKind.BUSY, "too many requests"),
    (
        ModelContextWindowExceededError,
        FaultKind.CONTEXT,
        "the conversation is too long",
    ),
    (ModelNotFoundError, FaultKind.MISCONFIGURED, "no such model or address"),
    (ModelRequestRejectedError, FaultKind.REJECTED, "the request was rejected"),
    (ContentFilterError, FaultKind.REFUSED, "the content was refused"),
    (ModelRequestTimeout, FaultKind.DOWN, SILENCE),
    (ModelTimeoutError, FaultKind.DOWN, SILENCE),
    (TimeoutError, FaultKind.DOWN, SILENCE),
    (ModelConnectionError, FaultKind.DOWN, "it cannot be reached, or hung up"),
    (ModelAPIError, FaultKind.DOWN, "no usable answer"),
)


# Some providers say of an empty account that they are asked too much, or wrongly.
_UNCLEAR = (ModelRateLimitError, ModelRequestRejectedError)


def fault_of(error: Exception, codes: Codes) -> Fault:
    """What an exception of a request means. `codes` are those of the provider's body."""
    body = str(getattr(error, "body", None) or "")
    retry_after_s = getattr(error, "retry_after", None) or _delay_in(body)
    kind = _by_code(body, codes)
    if kind is None and isinstance(error, _UNCLEAR) and _EMPTY_ACCOUNT.search(body):
        return Fault(FaultKind.KEY, NO_MONEY)
    for category, usual, reason in _KINDS:
        if isinstance(error, category):
            return Fault(kind or usual, reason, retry_after_s=retry_after_s)
    # A body that is no answer at all: an HTML page, an envelope with an error in it.
    return Fault(kind or FaultKind.DOWN, f"malformed answer ({type(error).__name__})")


def fault_in(response: ModelResponse) -> Fault | None:
    """What is wrong with an answer that came: refused, empty, or calls that cannot be."""
    if response.finish_reason == "content_filter":
        return Fault(FaultKind.REFUSED, "the content was refused")
    if response.finish_reason == "length":
        return Fault(FaultKind.REJECTED, "cut off in the middle")
    calls = [part for part in response.parts if isinstance(part, ToolCallPart)]
    # GLM is known to send an array, whatever the types say.
    if any(isinstance(cast("object", call.args), list) for call in calls):
        return Fault(FaultKind.DOWN, "malformed arguments")
    texts = [part.content for part in response.parts if isinstance(part, TextPart)]
    if not calls and not any(text.strip() for text in texts):
        return Fault(FaultKind.DOWN, "empty answer")
    return None


def _by_code(body: str, codes: Codes) -> FaultKind | None:
    found = (codes.get(code) for code in _CODE.findall(body))
    return next((kind for kind in found if kind), None)


def _delay_in(body: str) -> float | None:
    found = _DELAY.search(body)
    return float(found[1]) if found else None
