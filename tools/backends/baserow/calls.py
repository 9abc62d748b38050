"""Asking Baserow over HTTP: not too much at once, again when it may help."""

import asyncio
import random
import time
from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from http import HTTPStatus
from typing import Any

import httpx
import structlog
from pydantic import BaseModel, ValidationError

from ...errors import BackendUnavailable

AT_ONCE = 5  # Baserow's cloud throttles on concurrent requests, documented at 10
BUDGET_S = 8.0  # of one read with its retries; a turn has 30 s and asks twice
# Its `Retry-After` says when a stuck slot is reclaimed (29 s), not when one is free.
RETRY_DELAYS_S = (0.3, 0.8, 2.0)
REST_S = 5.0  # after it did not answer: nobody waits for it again meanwhile

_AGAIN = (HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.CONFLICT)  # throttled; deadlock
_log = structlog.get_logger()


class OutOfDate(BackendUnavailable):
    """Baserow does not have what we knew of its tables: they must be read anew."""


class _Error(BaseModel):
    error: str = ""


class BaserowCalls:
    """One Baserow, asked with one token."""

    def __init__(
        self,
        http: httpx.AsyncClient,
        *,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
        budget_s: float = BUDGET_S,
    ) -> None:
        self.http = http
        self._clock = clock
        self._sleep = sleep
        self._budget_s = budget_s
        self._slots = asyncio.Semaphore(AT_ONCE)
        self._rests_until = 0.0

    @property
    def site(self) -> str:
        """Scheme, host and port: the rest is nobody's business."""
        url = self.http.base_url
        return f"{url.scheme}://{url.netloc.decode()}"

    @asynccontextmanager
    async def within_budget(self) -> AsyncGenerator[None]:
        """What is asked within must be answered in time, retries included.

        Raises:
            BackendUnavailable: it was not, or it was not a moment ago.
        """
        if self._clock() < self._rests_until:
            raise BackendUnavailable("Baserow did not answer a moment ago")
        try:
            async with asyncio.timeout(self._budget_s):
                yield
        except TimeoutError:
            raise self._gone("no answer in time") from None

    async def get(self, path: str, params: Mapping[str, str] | None = None) -> Any:
        """The JSON that Baserow answers.

        Raises:
            OutOfDate: there is no such table or column.
            BackendUnavailable: it does not answer, or refuses our token.
        """
        response = await self._patiently(path, params or {})
        _check(response)
        try:
            return response.json()
        except ValueError:
            raise BackendUnavailable(
                f"what answers at {self.site} is no Baserow: it sends no JSON"
            ) from None

    async def refuses(self, method: str, path: str, body: Any) -> bool | None:
        """Whether the token may not do this; None when the answer does not tell.

        For requests that change nothing even when they are allowed.
        """
        try:
            async with self._slots:
                response = await self.http.request(method, path, json=body)
        except httpx.HTTPError:
            return None
        if response.status_code == HTTPStatus.UNAUTHORIZED:
            return True
        told = (HTTPStatus.BAD_REQUEST, HTTPStatus.NOT_FOUND)
        return False if response.status_code in told else None

    async def _patiently(self, path: str, params: Mapping[str, str]) -> httpx.Response:
        trouble = ""
        for delay_s in (0.0, *RETRY_DELAYS_S):
            if delay_s:
                await self._sleep(delay_s * random.uniform(0.75, 1.25))
            try:
                async with self._slots:
                    response = await self.http.get(path, params=dict(params))
            except httpx.HTTPError as error:
                trouble = type(error).__name__
                continue
            if not (response.is_server_error or response.status_code in _AGAIN):
                return response
            trouble = f"HTTP {response.status_code}"
        raise self._gone(trouble)

    def _gone(self, trouble: str) -> BackendUnavailable:
        self._rests_until = self._clock() + REST_S
        _log.warning("baserow_away", trouble=trouble)
        return BackendUnavailable(f"Baserow does not answer at {self.site}: {trouble}")


def _check(response: httpx.Response) -> None:
    if response.is_success:
        return
    said = f"HTTP {response.status_code} {_error_of(response)}".strip()
    if response.status_code in (HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN):
        raise BackendUnavailable(f"Baserow refuses BASEROW_TOKEN ({said})")
    if response.is_redirect:
        raise BackendUnavailable(
            f"Baserow is elsewhere ({said}): set BASEROW_URL to its final address"
        )
    raise OutOfDate(f"Baserow does not know what it is asked for ({said})")


def _error_of(response: httpx.Response) -> str:
    # `detail` is left out: it repeats what was sent.
    try:
        return _Error.model_validate_json(response.content).error[:80]
    except ValidationError:
        return ""
