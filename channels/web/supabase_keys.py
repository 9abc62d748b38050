"""The keys that a Supabase project signs with: fetched, kept, asked anew when needed."""

import time
from collections.abc import Mapping, Sequence
from typing import Any

import httpx
import jwt

from ..errors import SignInAway, SignInUnproven

# Of these only: a token signed with a key that anybody may read proves nothing.
ALGORITHMS = ("ES256", "RS256")
AUDIENCE = "authenticated"
_KEEP_S = 600.0
_ASK_AGAIN_S = 30.0  # whoever sends unknown key ids makes us ask no more often
_LEEWAY_S = 30


class SupabaseKeys:
    """Verifies the project's tokens here, without asking it about each."""

    def __init__(self, url: str, http: httpx.AsyncClient) -> None:
        self._issuer = f"{url.rstrip('/')}/auth/v1"
        self._http = http
        self._keys: Mapping[str, jwt.PyJWK] = {}
        self._asked_at = float("-inf")

    async def claims_of(self, token: str) -> Mapping[str, Any]:
        """What a token says, once it is proved that the project signed it for now.

        Raises:
            SignInUnproven: it did not, or it is over, or meant for somebody else.
            SignInAway: the keys cannot be had.
        """
        key = await self._key_of(token)
        try:
            return jwt.decode(
                token,
                key,
                algorithms=list(ALGORITHMS),
                audience=AUDIENCE,
                issuer=self._issuer,
                leeway=_LEEWAY_S,
                options={"require": ["exp", "iat", "sub", "aud", "iss"]},
            )
        except (jwt.InvalidTokenError, jwt.InvalidKeyError) as error:
            raise SignInUnproven(type(error).__name__) from None

    async def fetch(self) -> Sequence[str]:
        """The algorithms of the keys that the project publishes now.

        Raises:
            SignInAway: it does not answer, or not with keys.
        """
        self._asked_at = time.monotonic()
        try:
            answer = await self._http.get(f"{self._issuer}/.well-known/jwks.json")
            answer.raise_for_status()
            published = answer.json()["keys"]
            keys = [jwt.PyJWK(each) for each in published if _is_usable(each)]
        except httpx.HTTPError as error:
            raise SignInAway(f"no keys: {type(error).__name__}") from None
        except (ValueError, KeyError, TypeError, jwt.PyJWTError):
            raise SignInAway("no keys: not what Supabase documents") from None
        self._keys = {key.key_id: key for key in keys if key.key_id}
        return sorted(key.algorithm_name for key in self._keys.values())

    async def _key_of(self, token: str) -> jwt.PyJWK:
        try:
            header = jwt.get_unverified_header(token)
        except jwt.InvalidTokenError as error:
            raise SignInUnproven(type(error).__name__) from None
        if header.get("alg") not in ALGORITHMS:
            raise SignInUnproven("algorithm")
        age_s = time.monotonic() - self._asked_at
        key = self._keys.get(header.get("kid", ""))
        if age_s > (_KEEP_S if key else _ASK_AGAIN_S):
            await self.fetch()
            key = self._keys.get(header.get("kid", ""))
        if key is None:
            raise SignInUnproven("unknown key")
        return key


def _is_usable(published: Mapping[str, Any]) -> bool:
    return published.get("alg") in ALGORITHMS and published.get("kty") != "oct"
