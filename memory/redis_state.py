"""Redis in one line, for `main.py check`."""

import time
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Any, cast
from urllib.parse import urlsplit

WITHOUT = (
    "without it all goes on: each process has news and provider gates of its own,"
    " turns are counted and sessions slide in the database"
)
_MEND = "is it started, and is REDIS_URL right?"
_PATIENCE_S = 3.0  # of who looks; a call of the house waits much less


async def redis_state(url: str) -> tuple[bool, str]:
    """Whether Redis serves us, and in words: place, version, ping or what to mend.

    Raises:
        ValueError: the URL is not one.
    """
    from redis.exceptions import AuthenticationError, RedisError, ResponseError

    from .redis_link import TIMEOUT_S, connect

    place = _place(url)
    client = connect(url, timeout_s=_PATIENCE_S)
    run = cast("Callable[..., Awaitable[Any]]", client.execute_command)
    begun = time.perf_counter()
    try:
        await run("PING")
        took_ms = (time.perf_counter() - begun) * 1000
        # The rights that we need: our keys, our channel, our scripts.
        await run("SET", "gust:check", "1", "EX", 5)
        await run("PUBLISH", "gust:check", "1")
        await run("EVAL", "return 1", 0)
        version = ""
        with suppress(ResponseError):  # INFO is for admins on some servers
            facts: dict[str, Any] = await run("INFO", "server")
            version = f"; version {facts['redis_version']}"
    except AuthenticationError:
        return False, f"{place} refuses the user or password of REDIS_URL; {WITHOUT}"
    except ResponseError as error:
        # Redis's own words: of a command or a memory limit, never of a secret.
        return False, f"{place} does not let us write: {error}; {WITHOUT}"
    except (RedisError, OSError) as error:
        problem = f"{place} does not answer within {_PATIENCE_S:.0f} s"
        return False, f"{problem} ({type(error).__name__}): {_MEND} {WITHOUT}"
    finally:
        await client.aclose()
    limit = f"a call of ours waits {TIMEOUT_S} s at most"
    return True, f"{place}{version}; ping {took_ms:.0f} ms, {limit}; {WITHOUT}"


def _place(url: str) -> str:
    """Where it is, without user and password."""
    parts = urlsplit(url)
    if parts.scheme == "unix":
        return f"Redis at {parts.path}"
    return f"Redis at {parts.hostname}:{parts.port or 6379}{parts.path}"
