"""Links to files that we serve ourselves: signed, and good for some time only."""

import hashlib
import hmac
from collections.abc import Callable
from datetime import datetime

from ..errors import FilesAway


class OwnLinks:
    """Makes links to `/files/{key}`, and knows its own again."""

    def __init__(
        self, secret: str, *, public_url: str, now: Callable[[], datetime]
    ) -> None:
        self._secret = secret.encode()
        self._site = public_url.rstrip("/")
        self._now = now

    def make(self, key: str, *, seconds: int) -> str:
        """A link that is good for some seconds.

        Raises:
            FilesAway: there is no secret to sign with.
        """
        if not self._secret:
            # Without a secret anybody could compute the link.
            raise FilesAway("SESSION_SECRET is not set: links cannot be signed")
        until = int(self._now().timestamp()) + seconds
        signature = self._signature(key, str(until))
        return f"{self._site}/files/{key}?until={until}&signature={signature}"

    def is_ours(self, key: str, *, until: str, signature: str) -> bool:
        """Whether we made a link to this very file, good until this very moment."""
        if not self._secret:
            return False
        ours = self._signature(key, until).encode()
        return hmac.compare_digest(ours, signature.encode("utf-8", "replace"))

    def is_over(self, until: str) -> bool:
        """Whether the time of a link of ours has passed."""
        return self._now().timestamp() >= int(until)

    def _signature(self, key: str, until: str) -> str:
        signed = f"file:{key}:{until}".encode("utf-8", "replace")
        return hmac.new(self._secret, signed, hashlib.sha256).hexdigest()
