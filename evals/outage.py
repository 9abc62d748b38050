"""A provider that fails: what a house meets in a case with an `outage`."""

import asyncio
import re
from asyncio import StreamReader, StreamWriter
from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager
from functools import partial

from .case import OutageName

ORDER = "anthropic,openai,offline"
TURN_TIMEOUT_S = "8"  # a provider that hangs must not hold up the run for long
_LENGTH = re.compile(rb"content-length: *(\d+)", re.IGNORECASE)
_ANSWERS: Mapping[str, tuple[int, str]] = {
    "401": (401, '{"error": {"type": "authentication_error", "message": "no"}}'),
    "429": (429, '{"error": {"type": "rate_limit_error", "message": "no"}}'),
    "500": (500, '{"error": {"type": "api_error", "message": "no"}}'),
    "html": (200, "<!doctype html><title>Maintenance</title>"),
    "empty": (200, "{}"),
}


@asynccontextmanager
async def outage_environment(
    outage: OutageName | None,
) -> AsyncGenerator[Mapping[str, str]]:
    """The variables of providers that all do this, for as long as the block lasts."""
    if outage is None:
        yield {}
        return
    server = await asyncio.start_server(partial(_fail, outage), "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    if outage == "refused":
        server.close()  # nobody listens there any more
    try:
        yield _variables(f"http://127.0.0.1:{port}")
    finally:
        server.close()


def _variables(address: str) -> Mapping[str, str]:
    return {
        "PROVIDERS": ORDER,
        "TURN_TIMEOUT_S": TURN_TIMEOUT_S,
        "ANTHROPIC_API_KEYS": "out-of-order",
        "ANTHROPIC_MODEL": "out-of-order",
        "ANTHROPIC_BASE_URL": address,
        "OPENAI_API_KEYS": "out-of-order",
        "OPENAI_MODEL": "out-of-order",
        "OPENAI_BASE_URL": f"{address}/v1",
    }


async def _fail(outage: OutageName, reader: StreamReader, writer: StreamWriter) -> None:
    try:
        head = await reader.readuntil(b"\r\n\r\n")
        length = _LENGTH.search(head)
        await reader.readexactly(int(length[1]) if length else 0)
        if outage == "hang":
            await reader.read()  # until whoever asked has had enough
        else:
            writer.write(_answer(*_ANSWERS[outage]))
            await writer.drain()
    except (asyncio.IncompleteReadError, ConnectionError):
        pass  # whoever asked has gone
    finally:
        writer.close()


def _answer(status: int, body: str) -> bytes:
    head = (
        f"HTTP/1.1 {status} .\r\ncontent-type: application/json\r\n"
        f"content-length: {len(body)}\r\nconnection: close\r\n\r\n"
    )
    return (head + body).encode()
