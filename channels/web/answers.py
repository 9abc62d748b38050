"""Refusals that leak nothing: a French sentence, as a screen or as JSON."""

import re
from http import HTTPStatus
from urllib.parse import quote

import structlog
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, RedirectResponse, Response
from starlette.exceptions import HTTPException

from memory.errors import FilesAway, Unkept

from .screens import Screens

SIGN_IN = "/staff/sign-in"
_SENTENCES = {
    401: "Veuillez vous identifier.",
    403: "Cet endroit ne vous est pas ouvert.",
    404: "Il n'y a rien à cette adresse.",
    405: "Cette adresse ne se lit pas ainsi.",
    409: "Les choses ont changé entre-temps.",
    413: "C'est trop long.",
    422: "Nous n'avons pas compris ce qui a été envoyé.",
    503: "Le service est momentanément indisponible. Réessayez dans un instant.",
}
_ONE_HANDOFF = re.compile(r"/staff/handoffs/\d+")
_log = structlog.get_logger()
_SORRY = "Une erreur s'est produite de notre côté. Réessayez dans un instant."


def wants_html(request: Request) -> bool:
    """Whether a person is looking, with a browser."""
    return "text/html" in request.headers.get("accept", "")


def wants_json(request: Request) -> bool:
    """Whether a script asks."""
    return "application/json" in request.headers.get("accept", "")


class Refusals:
    """What is said when a route does not give what was asked."""

    def __init__(self, screens: Screens, *, headers: dict[str, str]) -> None:
        self._screens = screens
        self._headers = headers

    def install(self, app: FastAPI) -> None:
        """Answer for every error of `app`."""
        app.add_exception_handler(HTTPException, self.refused)
        app.add_exception_handler(RequestValidationError, self.not_understood)
        app.add_exception_handler(Unkept, self.away)
        app.add_exception_handler(FilesAway, self.away)
        app.add_exception_handler(Exception, self.broken)

    async def refused(self, request: Request, error: Exception) -> Response:
        """A refusal that a route or the framework has raised."""
        if not isinstance(error, HTTPException):
            raise error
        status = error.status_code
        is_staff = request.url.path.startswith("/staff/")
        if status == 401 and is_staff and wants_html(request):
            return _to_sign_in(request)
        sentence = error.detail
        if sentence == HTTPStatus(status).phrase:  # the framework's own words
            sentence = _SENTENCES.get(status, _SORRY)
        return self._answer(request, status, sentence, dict(error.headers or {}))

    async def not_understood(self, request: Request, error: Exception) -> Response:
        """The framework's own answer would repeat what was sent."""
        del error
        return self._answer(request, 422, _SENTENCES[422])

    async def away(self, request: Request, error: Exception) -> Response:
        """The database, or the place of files, cannot serve now."""
        del error
        return self._answer(request, 503, _SENTENCES[503], {"Retry-After": "5"})

    async def broken(self, request: Request, error: Exception) -> Response:
        """A fault of ours. Its text may quote what people wrote: its type is logged."""
        _log.error("request_failed", error=type(error).__name__)
        # Answered outside the middleware that adds the headers elsewhere.
        return self._answer(request, 500, _SORRY, self._headers)

    def _answer(
        self,
        request: Request,
        status: int,
        sentence: str,
        headers: dict[str, str] | None = None,
    ) -> Response:
        if not wants_html(request):
            return JSONResponse(
                {"detail": sentence}, status_code=status, headers=headers
            )
        is_staff = request.url.path.startswith("/staff")
        return self._screens.show(
            "closed.html",
            status=status,
            headers=headers,
            title=sentence,
            text="",
            back="/staff/handoffs" if is_staff else None,
        )


def _to_sign_in(request: Request) -> Response:
    path = request.url.path
    if request.method == "GET":
        return RedirectResponse(f"{SIGN_IN}?next={quote(path)}", status_code=303)
    # Who sends a form was signed in when it was shown: say why, lead back to it.
    page = _ONE_HANDOFF.match(path)
    wanted = page[0] if page else "/staff/handoffs"
    return RedirectResponse(f"{SIGN_IN}?next={quote(wanted)}&ended=1", status_code=303)
