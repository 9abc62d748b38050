"""Staff sign in by Supabase Auth: e-mail and password there, the proof checked here.

Not verified against the real service: built to its documented endpoints.
"""

from collections.abc import Mapping
from typing import Any

import httpx

from ..errors import SignInAway, SignInUnproven
from .supabase_keys import SupabaseKeys

TIMEOUT_S = 5.0
_WRONG = 400  # invalid_credentials, email_not_confirmed: this is not them


class SupabaseDoor:
    """Asks Supabase whether an e-mail address and a password belong together."""

    def __init__(self, url: str, key: str) -> None:
        self._url = url.rstrip("/")
        self._key = key
        # Its own client would wait 120 s and could not be closed.
        self._http = httpx.AsyncClient(timeout=TIMEOUT_S)
        self._keys = SupabaseKeys(self._url, self._http)

    async def proven_email(self, email: str, password: str) -> str | None:
        """The address that Supabase proves them to have; None: the two do not fit.

        Raises:
            SignInAway: Supabase cannot be asked now.
            SignInUnproven: what it answered proves nothing.
        """
        token = await self._token(email, password)
        if token is None:
            return None
        claims = await self._keys.claims_of(token)
        proven = _text(claims, "email").casefold()
        if proven != email.casefold() or claims.get("is_anonymous"):
            raise SignInUnproven("another address")
        return proven

    async def state(self) -> tuple[bool, str]:
        """Whether staff could sign in now, and what to mend."""
        try:
            algorithms = await self._keys.fetch()
        except SignInAway as away:
            return (
                False,
                f"{self._url}: {away}; is SUPABASE_URL right, and does it run?",
            )
        if not algorithms:
            return False, (
                f"{self._url} publishes no key of ES256 or RS256: move the project from"
                " the legacy JWT secret to signing keys"
            )
        return True, f"{self._url}; keys: {', '.join(algorithms)}; not signed in to try"

    async def close(self) -> None:
        """Give the connections back."""
        await self._http.aclose()

    async def _token(self, email: str, password: str) -> str | None:
        # Slow to import, and most installations have local accounts only.
        from supabase import AsyncClient, AsyncClientOptions
        from supabase_auth.errors import AuthApiError, AuthError

        # One for each sign-in: it remembers who signed in last.
        client = AsyncClient(
            self._url,
            self._key,
            AsyncClientOptions(
                httpx_client=self._http,
                auto_refresh_token=False,
                persist_session=False,
            ),
        )
        try:
            answer = await client.auth.sign_in_with_password(
                {"email": email, "password": password}
            )
        except AuthApiError as error:
            if error.status == _WRONG:
                return None
            raise SignInAway(f"answers {error.status}") from None
        except (AuthError, httpx.HTTPError, ValueError) as error:
            raise SignInAway(type(error).__name__) from None
        return answer.session.access_token if answer.session else None


def open_supabase(url: str, key: str) -> SupabaseDoor | None:
    """The door to the project at `url`; None when none is configured."""
    return SupabaseDoor(url, key) if url else None


def _text(claims: Mapping[str, Any], name: str) -> str:
    value = claims.get(name)
    return value if isinstance(value, str) else ""
