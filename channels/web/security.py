"""What guards every route: headers, small bodies, and calls from our own pages."""

from collections.abc import Collection
from urllib.parse import urlsplit

from fastapi import Request
from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

MAX_FORM_BYTES = 65_536
NO_SCRIPTS = (
    "default-src 'none'; style-src 'self'; img-src 'self'; font-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
OWN_SCRIPTS = f"{NO_SCRIPTS}; script-src 'self'; connect-src 'self'"


def secure_headers(*, is_https: bool) -> dict[str, str]:
    """What every answer carries unless its route says something stricter."""
    headers = {
        "content-security-policy": OWN_SCRIPTS,
        "x-content-type-options": "nosniff",
        "x-frame-options": "DENY",
        "referrer-policy": "no-referrer",
        "permissions-policy": "camera=(), geolocation=(), microphone=(), payment=()",
        "cross-origin-resource-policy": "same-origin",
        "cache-control": "private, no-store",
    }
    if is_https:
        headers["strict-transport-security"] = "max-age=31536000"
        # Over plain http browsers ignore it, with an error on the console.
        headers["cross-origin-opener-policy"] = "same-origin"
    return headers


class SecureHeaders:
    """Adds the headers that an answer does not have yet; streams pass untouched."""

    def __init__(self, app: ASGIApp, *, headers: dict[str, str]) -> None:
        self._app = app
        self._headers = headers

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                present = MutableHeaders(scope=message)
                for name, value in self._headers.items():
                    present.setdefault(name, value)
            await send(message)

        await self._app(scope, receive, send_with_headers)


class SmallBodies:
    """Refuses a large or endless body before it is read.

    Webhooks (`/api/`) are left alone: they have their own limit.
    """

    def __init__(self, app: ASGIApp, *, max_bytes: int = MAX_FORM_BYTES) -> None:
        self._app = app
        self._max_bytes = max_bytes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        status = self._refusal(scope)
        if status is None:
            await self._app(scope, receive, send)
            return
        refusal = JSONResponse({"detail": "Message trop long."}, status_code=status)
        await refusal(scope, receive, send)

    def _refusal(self, scope: Scope) -> int | None:
        if scope["type"] != "http" or scope["path"].startswith("/api/"):
            return None
        headers = Headers(scope=scope)
        if "transfer-encoding" in headers:
            return 411
        length = headers.get("content-length", "0")
        return 413 if not length.isdigit() or int(length) > self._max_bytes else None


def is_from_own_page(request: Request, *, origins: Collection[str]) -> bool:
    """Whether a writing call comes from a page of ours, or from no browser at all.

    `origins` are ours besides the host that the call was made to. Browsers send
    `Sec-Fetch-Site` over https and to localhost, and `Origin` with every POST; a
    script that sends neither cannot be riding on somebody's cookie.
    """
    origin = request.headers.get("origin")
    if origin is not None and origin in origins:
        return True
    site = request.headers.get("sec-fetch-site")
    if site is not None:
        return site == "same-origin"
    return origin is None or urlsplit(origin).netloc == request.headers.get("host")
