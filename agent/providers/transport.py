"""The HTTP client of a provider: one for all its keys, for the life of the process."""

from httpx2 import AsyncClient, Limits, Timeout

# As many as turns may run; a connection that rests is closed before the provider does.
# Few may rest: every request looks at each of them, 18 µs (docs/decisions/0013). While
# many turns run hardly one does, so that hardly a handshake is saved by more.
_LIMITS = Limits(
    max_connections=200, max_keepalive_connections=10, keepalive_expiry=30.0
)


def open_client() -> AsyncClient:
    """A client to enter. Each request brings its own, shorter time."""
    return AsyncClient(
        timeout=Timeout(30.0, connect=5.0),
        limits=_LIMITS,
        follow_redirects=False,  # a key must not follow one
    )
