"""Temporary pages: whoever holds the link may read them until they expire."""

from fastapi import APIRouter, HTTPException
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from memory.records import Page

from .markdown import to_safe_html
from .parts import WebParts
from .screens import Screens
from .security import NO_SCRIPTS

LINK_S = 90  # of a file: long enough to click, too short to be passed on
_HEADERS = {
    "content-security-policy": NO_SCRIPTS,
    "x-robots-tag": "noindex, nofollow, noarchive",
}


class Pages:
    """`/p/{token}`. Reading changes nothing: link previewers read too."""

    def __init__(self, parts: WebParts, screens: Screens) -> None:
        self._pages = parts.memory.pages
        self._attachments = parts.memory.attachments
        self._now = parts.now
        self._screens = screens

    def routes(self) -> APIRouter:
        """The page, and the way to its files."""
        router = APIRouter()
        readable = ["GET", "HEAD"]
        router.add_api_route("/p/{token}", self.read, methods=readable)
        router.add_api_route("/p/{token}/files/{number}", self.file, methods=readable)
        return router

    async def read(self, token: str) -> HTMLResponse:
        """The page; 404 when there never was one, 410 when it is over."""
        page = await self._pages.by_token(token)
        if page is None or not page.is_open_at(self._now()):
            return self._closed(page)
        return self._screens.show(
            "page.html",
            headers=_HEADERS,
            page=page,
            token=token,
            body=to_safe_html(page.body_markdown),
            attachments=await self._attachments.of_page(page.id),
        )

    async def file(self, token: str, number: int) -> Response:
        """To a file of the page, by a link that is made now; as the page when over.

        No link to a file stands in the page: each would outlive its revocation.
        """
        page = await self._pages.by_token(token)
        if page is None or not page.is_open_at(self._now()):
            return self._closed(page)
        of_page = await self._attachments.of_page(page.id)
        wanted = next((each for each in of_page if each.id == number), None)
        if wanted is None:
            raise HTTPException(404, "Ce document n'est plus sur la page.")
        link = await self._attachments.link(wanted, seconds=LINK_S)
        return RedirectResponse(link, status_code=302, headers=_HEADERS)

    def _closed(self, page: Page | None) -> HTMLResponse:
        if page is None:
            return self._screens.show(
                "closed.html",
                status=404,
                headers=_HEADERS,
                title="Cette page n'existe pas",
                text="Le lien est peut-être incomplet. Vérifiez qu'il a été copié "
                "en entier, ou redemandez-le dans la conversation.",
            )
        return self._screens.show(
            "closed.html",
            status=410,
            headers=_HEADERS,
            title="Cette page n'est plus disponible",
            text="Les pages que nous envoyons ne durent qu'un temps. Redemandez "
            "un lien dans la conversation : nous vous en enverrons un nouveau.",
        )
