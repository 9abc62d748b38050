"""Who may enter the staff screens: name and password, then a signed cookie."""

import asyncio
from datetime import datetime, timedelta
from typing import Any

import structlog
from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from fastapi import APIRouter, HTTPException, Request
from fastapi.responses import RedirectResponse, Response
from itsdangerous import BadSignature, URLSafeSerializer

from memory.records import Staff

from ..errors import SignInAway, SignInUnproven
from .answers import SIGN_IN
from .attempts import Attempts
from .parts import WebParts
from .screens import Screens
from .security import is_from_own_page

_log = structlog.get_logger()

COOKIE = "gust_staff"
HOME = "/staff/handoffs"
# With no-referrer a browser hides the origin of a form (Fetch, "append a request
# Origin header"), and over plain http that is all that proves where it comes from.
STAFF_HEADERS = {"referrer-policy": "same-origin"}
_ENDED = "Votre session est terminée. Entrez de nouveau pour continuer."
_AWAY = (
    "Le service d'identification ne répond pas. Réessayez dans un instant, ou entrez"
    " avec votre nom si vous avez un mot de passe ici."
)
_UNPROVEN = (
    "Le service d'identification n'a pas donné de preuve valable. Prévenez la personne"
    " qui s'occupe de l'installation."
)
# Of nobody: an unknown name costs as much time as a wrong password.
_NOBODY = (
    "$argon2id$v=19$m=65536,t=3,p=4$MIIRqgvgQbgj220jfp0MPA"
    "$YfwJSVjtjSU0zzV/P3S9nnQ/USre2wvJMjfCIjrTQbg"
)


def hash_password(password: str) -> str:
    """What is kept of a staff member's password."""
    return PasswordHasher().hash(password)


class StaffDoor:
    """Signs staff in and out, and knows them at every request."""

    def __init__(self, parts: WebParts, screens: Screens) -> None:
        self._staff = parts.memory.staff
        self._outside = parts.sign_in
        self._now = parts.now
        self._screens = screens
        self._own = (parts.public_url.rstrip("/"),)
        self._signer = URLSafeSerializer(parts.secret, salt="staff-session")
        self._lifetime = timedelta(hours=parts.session_hours)
        self._is_https = parts.is_https
        self._by_name = Attempts(now=parts.now, at_most=5)
        self._by_address = Attempts(now=parts.now, at_most=30)
        self._one_attempt = asyncio.Lock()  # each hash takes 64 MiB, too

    def routes(self) -> APIRouter:
        """The sign-in screen, signing in and out."""
        router = APIRouter()
        router.add_api_route(SIGN_IN, self.ask, methods=["GET"])
        router.add_api_route(SIGN_IN, self.sign_in, methods=["POST"])
        router.add_api_route("/staff/sign-out", self.sign_out, methods=["POST"])
        return router

    async def enter(self, request: Request) -> Staff:
        """The staff member who makes this request.

        Raises:
            HTTPException: 401 nobody, no longer, or revoked; 403 a form of a
                foreign page.
        """
        if request.method != "GET":
            self._refuse_foreign(request)
        name = self._name_in(request.cookies.get(COOKIE, ""))
        # Asked each time: a revoked person is out at the next click.
        person = await self._staff.by_name(name) if name else None
        if person is None:
            raise HTTPException(401)
        return person

    async def ask(self, next: str = HOME, ended: str = "") -> Response:
        """The sign-in screen; it says when a session has ended."""
        return self._screen(next_path=next, problem=_ENDED if ended else "")

    async def sign_in(self, request: Request) -> Response:
        """Check name and password, and remember who it is."""
        self._refuse_foreign(request)
        form = await request.form(max_files=0, max_fields=10)
        name = str(form.get("name", "")).strip()
        next_path = str(form.get("next", HOME))
        address = request.client.host if request.client else ""
        # One after the other: attempts at once must not slip past the limit.
        async with self._one_attempt:
            if self._must_wait(name, address):
                return self._screen(
                    next_path=next_path,
                    name=name,
                    status=429,
                    problem="Trop d'essais. Réessayez dans un quart d'heure.",
                )
            try:
                person = await self._person(name, str(form.get("password", "")))
            except (SignInAway, SignInUnproven) as fault:
                return self._fault(fault, next_path=next_path, name=name)
            if person is None:
                self._by_name.fail((name, address))
                self._by_address.fail(address)
                return self._screen(
                    next_path=next_path,
                    name=name,
                    status=401,
                    problem="Ce nom et ce mot de passe ne vont pas ensemble.",
                )
        self._by_name.forget((name, address))
        return self._signed_in(person.name, next_path)

    async def sign_out(self, request: Request) -> Response:
        """Forget who it is."""
        self._refuse_foreign(request)
        answer = RedirectResponse(SIGN_IN, status_code=303)
        answer.delete_cookie(COOKIE, secure=self._is_https, httponly=True)
        return answer

    def _must_wait(self, name: str, address: str) -> bool:
        return self._by_name.are_used_up(
            (name, address)
        ) or self._by_address.are_used_up(address)

    async def _person(self, name: str, password: str) -> Staff | None:
        """Who this is: by name with us, by e-mail address with the service outside."""
        if self._outside is not None and "@" in name:
            email = await self._outside.proven_email(name, password)
            return await self._staff.by_email(email) if email else None
        person = await self._staff.by_name(name)
        kept = (person.password_hash if person else "") or _NOBODY
        fits = await asyncio.to_thread(_fits, kept, password)
        has_account = person is not None and bool(person.password_hash)
        return person if fits and has_account else None

    def _fault(self, fault: Exception, *, next_path: str, name: str) -> Response:
        _log.error("sign_in_fault", kind=type(fault).__name__, reason=str(fault))
        is_away = isinstance(fault, SignInAway)
        return self._screen(
            next_path=next_path,
            name=name,
            status=503 if is_away else 502,
            problem=_AWAY if is_away else _UNPROVEN,
        )

    def _signed_in(self, name: str, next_path: str) -> Response:
        answer = RedirectResponse(_own_path(next_path), status_code=303)
        until = self._now() + self._lifetime
        answer.set_cookie(
            COOKIE,
            self._signer.dumps({"name": name, "until": until.isoformat()}),
            max_age=int(self._lifetime.total_seconds()),
            httponly=True,
            samesite="lax",
            secure=self._is_https,
        )
        return answer

    def _name_in(self, cookie: str) -> str | None:
        try:
            kept: dict[str, Any] = self._signer.loads(cookie)
        except BadSignature:
            return None
        is_over = datetime.fromisoformat(kept["until"]) <= self._now()
        return None if is_over else kept["name"]

    def _refuse_foreign(self, request: Request) -> None:
        if not is_from_own_page(request, origins=self._own):
            raise HTTPException(403, "Ce formulaire ne vient pas de notre site.")

    def _screen(
        self, *, next_path: str, name: str = "", problem: str = "", status: int = 200
    ) -> Response:
        return self._screens.show(
            "sign_in.html",
            status=status,
            headers=STAFF_HEADERS,
            next_path=_own_path(next_path),
            name=name,
            problem=problem,
        )


def _fits(kept: str, password: str) -> bool:
    try:
        return PasswordHasher().verify(kept, password)
    except (VerificationError, InvalidHashError):
        return False


def _own_path(wanted: str) -> str:
    is_ours = wanted.startswith("/staff/") and not set(wanted) & set("\\\r\n\t ")
    return wanted if is_ours and not wanted.startswith(SIGN_IN) else HOME
