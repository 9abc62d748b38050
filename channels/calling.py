"""Calling a platform: what a broken connection says about what was sent."""

from collections.abc import Mapping
from typing import Any

import httpx

from .channel import TIMEOUT_S
from .errors import DeliveryUnavailable, DeliveryUnknown, NotUnderstood
from .platform_json import read_json_object

RETRY_S = 5.0
MISCONFIGURED_RETRY_S = 60.0  # until somebody corrects a key or scans a code

# Before a byte of the request has left us.
_NOTHING_LEFT = (
    httpx.ConnectError,
    httpx.ConnectTimeout,
    httpx.PoolTimeout,
    httpx.ProxyError,
    httpx.UnsupportedProtocol,
)


async def send(
    http: httpx.AsyncClient,
    channel: str,
    url: str,
    *,
    payload: Mapping[str, Any],
    headers: Mapping[str, str] | None = None,
) -> httpx.Response:
    """The answer to a POST that must not be done twice.

    Raises:
        DeliveryUnavailable: nothing has left us.
        DeliveryUnknown: the request left, or part of it, and no answer came.
    """
    try:
        return await http.post(url, json=payload, headers=headers, timeout=TIMEOUT_S)
    except _NOTHING_LEFT:
        # Without the cause, here and below: it carries the URL, hence the token.
        raise DeliveryUnavailable(channel, retry_after_s=RETRY_S) from None
    except httpx.HTTPError as error:
        raise DeliveryUnknown(f"{channel}: {type(error).__name__}") from None


async def ask(
    http: httpx.AsyncClient,
    channel: str,
    url: str,
    *,
    params: Mapping[str, str] | None = None,
    headers: Mapping[str, str] | None = None,
    timeout_s: float = TIMEOUT_S,
) -> httpx.Response:
    """The answer to a GET, which changes nothing.

    Raises:
        DeliveryUnavailable: no answer came.
    """
    try:
        return await http.get(url, params=params, headers=headers, timeout=timeout_s)
    except httpx.HTTPError:
        raise DeliveryUnavailable(channel, retry_after_s=RETRY_S) from None


def body_of(answer: httpx.Response) -> dict[str, Any]:
    """The JSON object of an answer, empty when it is none."""
    try:
        return read_json_object(answer.content)
    except NotUnderstood:
        return {}


def seconds_to_wait(answer: httpx.Response) -> float:
    """What `Retry-After` asks for, in seconds."""
    asked = answer.headers.get("retry-after", "")
    return float(asked) if asked.isascii() and asked.isdigit() else RETRY_S
