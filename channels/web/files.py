"""`/files/{key}`: files that are kept in a folder, to whoever holds a signed link."""

import structlog
from fastapi import APIRouter, HTTPException
from fastapi.responses import Response

from memory.errors import FileGone
from memory.files import Label, disposition

from .parts import WebParts

# Browsers show a PDF or an image in a page of their own making, with a style inside
# and the PDF as an object in it; a stricter policy leaves that page blank in Chrome.
_NOTHING_ELSE = (
    "default-src 'none'; img-src 'self'; object-src 'self'; "
    "style-src 'unsafe-inline'; base-uri 'none'; frame-ancestors 'none'"
)
OVER = "Ce lien n'est plus valable. Reprenez-le sur la page où vous l'avez trouvé."
_log = structlog.get_logger()


class OwnFiles:
    """Our own answer to our own links. Files in a bucket do not pass here."""

    def __init__(self, parts: WebParts) -> None:
        self._attachments = parts.memory.attachments

    def routes(self) -> APIRouter:
        """The one route."""
        router = APIRouter()
        router.add_api_route("/files/{key}", self.give, methods=["GET", "HEAD"])
        return router

    async def give(self, key: str, until: str = "", signature: str = "") -> Response:
        """The file; 404 for a link that is not ours, 410 for one whose time is over."""
        links = self._attachments.files.own_links
        if not links or not links.is_ours(key, until=until, signature=signature):
            raise HTTPException(404)
        attachment = await self._attachments.by_key(key)
        if attachment is None or links.is_over(until):
            raise HTTPException(410, OVER)
        try:
            content = await self._attachments.content(attachment)
        except FileGone as error:
            _log.error("file_lost", attachment=attachment.id)
            raise HTTPException(404) from error
        return Response(
            content,
            headers={
                "content-type": attachment.media_type,
                "content-disposition": disposition(
                    Label(attachment.name, attachment.media_type)
                ),
                "content-security-policy": _NOTHING_ELSE,
                "x-robots-tag": "noindex, nofollow, noarchive",
            },
        )
