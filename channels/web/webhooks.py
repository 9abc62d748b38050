"""Where WhatsApp and Telegram call: kept and answered before anybody thinks."""

from collections.abc import Callable, Mapping

import structlog
from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse
from starlette.requests import ClientDisconnect

from memory import Memory, Unkept

from ..channel import Channel
from ..errors import ClosedDoor, ForgedCall, NotUnderstood
from .table_events import TableEvents, take_event

_log = structlog.get_logger()

MAX_BODY_BYTES = 1_048_576
RETRY_AFTER_S = 10


def webhook_routes(
    memory: Memory,
    channels: Mapping[str, Channel],
    *,
    wake: Callable[[int], None],
    max_body_bytes: int = MAX_BODY_BYTES,
    table_events: TableEvents | None = None,
) -> APIRouter:
    """The routes that platforms call.

    200 once everything is kept and its conversations are woken, 401 forged,
    413 too large, 422 not understood, 503 when the door is closed or nothing can
    be kept: then the platform calls again.
    """
    router = APIRouter()

    async def receive(channel: str, request: Request) -> Response:
        body = await _read(request, max_body_bytes)
        if body is None:
            _log.warning("call_too_large", channel=channel)
            return _answer(413, "the body is too large")
        return await _receive(memory, channels.get(channel), wake, body, request)

    @router.post("/api/v1/webhook")
    async def from_waha(request: Request) -> Response:
        return await receive("whatsapp", request)

    @router.post("/api/v1/telegram")
    async def from_telegram(request: Request) -> Response:
        return await receive("telegram", request)

    @router.post("/api/v1/baserow")
    async def from_baserow(request: Request) -> Response:
        body = await _read(request, max_body_bytes)
        if body is None:
            _log.warning("call_too_large", channel="baserow")
            return _answer(413, "the body is too large")
        return _take(table_events, body, request)

    del from_waha, from_telegram, from_baserow
    return router


def _take(events: TableEvents | None, body: bytes, request: Request) -> Response:
    try:
        take_event(events, body, request.headers)
    except ForgedCall:
        return _refuse(401, "the call does not carry our secret", request)
    except NotUnderstood as error:
        return _refuse(422, str(error), request)
    except ClosedDoor:
        return _refuse(503, "this door is closed", request)
    return JSONResponse({"seen": True})


async def _receive(
    memory: Memory,
    channel: Channel | None,
    wake: Callable[[int], None],
    body: bytes,
    request: Request,
) -> Response:
    if channel is None:
        return _refuse(503, "this door is closed", request)
    try:
        kept = await _keep(memory, channel, wake, body, request.headers)
    except ForgedCall:
        return _refuse(401, "the call does not carry our secret", request)
    except NotUnderstood as error:
        return _refuse(422, str(error), request)
    except ClosedDoor:
        return _refuse(503, "this door is closed", request)
    except Unkept:
        return _refuse(503, "cannot be kept now", request)
    return JSONResponse({"kept": kept})


async def _keep(
    memory: Memory,
    channel: Channel,
    wake: Callable[[int], None],
    body: bytes,
    headers: Mapping[str, str],
) -> int:
    kept = 0
    for incoming in channel.understand(body, headers):
        message = await memory.inbox.receive(incoming)
        _log.info(
            "message_received" if message else "message_received_again",
            channel=incoming.channel,
            correlation_id=incoming.correlation_id,
            message=message.id if message else None,
        )
        if message:
            kept += 1
            memory.live.publish("received", message.conversation_id)
            wake(message.conversation_id)
    return kept


async def _read(request: Request, max_body_bytes: int) -> bytes | None:
    """The raw body, or None when it is too large, whatever Content-Length says."""
    body = bytearray()
    try:
        async for chunk in request.stream():
            body += chunk
            if len(body) > max_body_bytes:
                return None
    except ClientDisconnect:
        return b""  # nobody reads the answer, and the half of it proves nothing
    return bytes(body)


def _refuse(status: int, reason: str, request: Request) -> Response:
    _log.warning("call_refused", path=request.url.path, status=status, reason=reason)
    return _answer(status, reason)


def _answer(status: int, reason: str) -> Response:
    headers = {"Retry-After": str(RETRY_AFTER_S)} if status == 503 else None
    return JSONResponse({"detail": reason}, status_code=status, headers=headers)
