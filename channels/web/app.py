"""The web application: every route, built from parts."""

from collections.abc import AsyncGenerator
from contextlib import AsyncExitStack, asynccontextmanager

from fastapi import APIRouter, FastAPI
from fastapi.responses import PlainTextResponse
from starlette.middleware.cors import CORSMiddleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.staticfiles import StaticFiles

from .answers import Refusals
from .auth import StaffDoor
from .chat import Chat
from .files import OwnFiles
from .health import Health
from .pages import Pages
from .parts import Lifespan, WebParts
from .screens import HERE, Screens
from .security import SecureHeaders, SmallBodies, secure_headers
from .staff import StaffInbox


def build_app(parts: WebParts) -> FastAPI:
    """All routes of `contract.md`, section HTTP, over the given parts."""
    app = FastAPI(
        title="Gust-IA",
        lifespan=_lifespan(parts),
        openapi_url=None,
        docs_url=None,
        redoc_url=None,
    )
    headers = secure_headers(is_https=parts.is_https)
    screens = Screens(now=parts.now, timezone=parts.timezone)
    door = StaffDoor(parts, screens)
    routers = [
        Health(parts).routes(),
        Pages(parts, screens).routes(),
        OwnFiles(parts).routes(),
        door.routes(),
        StaffInbox(parts, screens, door).routes(),
        _front(parts, screens),
    ]
    if parts.webhooks is not None:
        routers.append(parts.webhooks)
    for router in routers:
        app.include_router(router)
    static = GZipMiddleware(StaticFiles(directory=HERE / "static"))
    app.mount("/static", SecureHeaders(static, headers={"cache-control": "no-cache"}))
    Refusals(screens, headers=headers).install(app)
    _surround(app, parts, headers)
    return app


def _lifespan(parts: WebParts) -> Lifespan | None:
    sign_in, inner = parts.sign_in, parts.lifespan
    if sign_in is None:
        return inner

    @asynccontextmanager
    async def both(app: FastAPI) -> AsyncGenerator[None]:
        async with AsyncExitStack() as stack:
            stack.push_async_callback(sign_in.close)
            if inner is not None:
                await stack.enter_async_context(inner(app))
            yield

    return both


def _front(parts: WebParts, screens: Screens) -> APIRouter:
    if parts.demo_contacts is not None:
        return Chat(parts, screens, parts.demo_contacts).routes()
    router = APIRouter()
    router.add_api_route("/", _name, methods=["GET", "HEAD"])
    return router


async def _name() -> PlainTextResponse:
    return PlainTextResponse("Gust-IA : écrivez-nous sur WhatsApp ou Telegram.\n")


def _surround(app: FastAPI, parts: WebParts, headers: dict[str, str]) -> None:
    app.add_middleware(SmallBodies)
    if parts.cors_origins:
        app.add_middleware(
            CORSMiddleware,
            allow_origins=list(parts.cors_origins),
            allow_methods=["GET", "POST"],
            allow_headers=["content-type", "last-event-id"],
        )
    app.add_middleware(SecureHeaders, headers=headers)
