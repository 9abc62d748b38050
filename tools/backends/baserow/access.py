"""Where Baserow is, and the one HTTP client of this process for it."""

import asyncio
import time
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, tzinfo

import httpx

from .calls import AT_ONCE, BaserowCalls

_TIMEOUT = httpx.Timeout(4.0, connect=2.0)


@dataclass(frozen=True, kw_only=True)
class BaserowAccess:
    """The address of a Baserow, and a database token that should only read."""

    url: str
    token: str = field(repr=False)
    zone: tzinfo = UTC  # in which dates with an hour are told
    webhook_secret: str = field(default="", repr=False)  # empty: no webhook


@asynccontextmanager
async def open_calls(
    access: BaserowAccess,
    *,
    transport: httpx.AsyncBaseTransport | None = None,
    clock: Callable[[], float] = time.monotonic,
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
) -> AsyncGenerator[BaserowCalls]:
    """The client until the end of the block. `transport` replaces the network."""
    async with httpx.AsyncClient(
        base_url=access.url,
        # "Bearer" is not understood by Baserow for these tokens.
        headers={"Authorization": f"Token {access.token}"},
        timeout=_TIMEOUT,
        limits=httpx.Limits(max_connections=AT_ONCE),
        transport=transport,
    ) as http:
        yield BaserowCalls(http, clock=clock, sleep=sleep)
