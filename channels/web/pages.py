"""Temporary pages: whoever holds the link may read them until they expire."""

from fastapi import APIRouter
from fastapi.responses import HTMLResponse

from .markdown import to_safe_html
from .parts import WebParts
from .screens import Screens
from .security import NO_SCRIPTS

_HEADERS = {
    "content-security-policy": NO_SCRIPTS,
    "x-robots-tag": "noindex, nofollow, noarchive",
}


class Pages:
    """`/p/{token}`. Reading changes nothing: link previewers read too."""

    def __init__(self, parts: WebParts, screens: Screens) -> None:
        self._pages = parts.memory.pages
        self._now = parts.now
        self._screens = screens

    def routes(self) -> APIRouter:
        """The one route."""
        router = APIRouter()
        router.add_api_route("/p/{token}", self.read, methods=["GET", "HEAD"])
        return router

    async def read(self, token: str) -> HTMLResponse:
        """The page; 404 when there never was one, 410 when it is over."""
        page = await self._pages.by_token(token)
        if page is None:
            return self._screens.show(
                "closed.html",
                status=404,
                headers=_HEADERS,
                title="Cette page n'existe pas",
                text="Le lien est peut-être incomplet. Vérifiez qu'il a été copié "
                "en entier, ou redemandez-le dans la conversation.",
            )
        if not page.is_open_at(self._now()):
            return self._screens.show(
                "closed.html",
                status=410,
                headers=_HEADERS,
                title="Cette page n'est plus disponible",
                text="Les pages que nous envoyons ne durent qu'un temps. Redemandez "
                "un lien dans la conversation : nous vous en enverrons un nouveau.",
            )
        return self._screens.show(
            "page.html",
            headers=_HEADERS,
            page=page,
            body=to_safe_html(page.body_markdown),
        )
