"""For machines: does the process live, what does it miss, what does it count."""

import asyncio
import hmac

import structlog
from fastapi import APIRouter, HTTPException, Request
from fastapi.responses import JSONResponse, Response
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

from .parts import WebParts

# Shown when it is away, and not needed: the house goes on without it.
NOT_NEEDED = frozenset({"redis"})
_LOOPBACK = ("127.0.0.1", "::1")
_log = structlog.get_logger()


class Health:
    """`/health`, `/ready` and `/metrics`."""

    def __init__(self, parts: WebParts, *, patience_s: float = 3.0) -> None:
        self._parts = parts
        self._patience_s = patience_s

    def routes(self) -> APIRouter:
        """The three routes."""
        router = APIRouter()
        router.add_api_route("/health", self.lives, methods=["GET", "HEAD"])
        router.add_api_route("/ready", self.is_ready, methods=["GET", "HEAD"])
        router.add_api_route("/metrics", self.metrics, methods=["GET"])
        return router

    async def lives(self) -> JSONResponse:
        """The process lives."""
        return JSONResponse({"status": "ok"})

    async def is_ready(self) -> JSONResponse:
        """Each dependency by name; 503 when a needed one is away. Why: in the log."""
        names = list(self._parts.checks)
        results = await asyncio.gather(
            *(
                asyncio.wait_for(check(), self._patience_s)
                for check in self._parts.checks.values()
            ),
            return_exceptions=True,
        )
        checks = dict[str, str]()
        for name, result in zip(names, results, strict=True):
            checks[name] = "ok" if result is None else "away"
            if result is not None:
                _log.warning("not_ready", check=name, error=type(result).__name__)
        away = {name for name, state in checks.items() if state == "away"}
        is_ready = away <= NOT_NEEDED
        return JSONResponse(
            {"status": "ready" if is_ready else "not ready", "checks": checks},
            status_code=200 if is_ready else 503,
        )

    async def metrics(self, request: Request) -> Response:
        """What Prometheus reads."""
        self._check_reader(request)
        return Response(
            generate_latest(self._parts.registry), media_type=CONTENT_TYPE_LATEST
        )

    def _check_reader(self, request: Request) -> None:
        token = self._parts.metrics_token
        if token is None:
            host = request.client.host if request.client else ""
            # A proxy on this machine calls from loopback for the whole world.
            is_proxied = {"x-forwarded-for", "forwarded"} & set(request.headers)
            if host not in _LOOPBACK or is_proxied:
                raise HTTPException(403, "Réservé à cette machine.")
            return
        shown = request.headers.get("authorization", "").encode()
        if not hmac.compare_digest(shown, f"Bearer {token}".encode()):
            raise HTTPException(
                401, "Jeton requis.", headers={"WWW-Authenticate": "Bearer"}
            )
