"""Why a database does not serve, in words for the maintainer.

The driver's own words are not repeated: they may quote a password that was read as a
host, or a statement.
"""

import sqlalchemy as sa

_FULL = "its disk is full"
_REASONS = (
    ("refused", "nobody listens there"),
    ("resolve host", "no host has that name"),
    ("authentication failed", "it refuses the user or the password"),
    ("no password", "it wants a password"),
    ("does not exist", "it has no such database or user"),
    ("lock timeout", "another transaction held the rows for too long"),
    ("statement timeout", "it took too long over a statement"),
    ("timeout", "it does not answer"),
    ("locked", "another program holds it"),
    ("readonly", "it may not be written"),
    ("unable to open", "it cannot be opened"),
    ("is full", _FULL),
    ("no space left", _FULL),
    ("already exists", "it holds tables that are not ours"),
)


def place_of(url: sa.URL) -> str:
    """Which database a URL names: host, port and name, or the file."""
    if url.get_backend_name() == "sqlite":
        return f"the SQLite database {url.database or ':memory:'}"
    if "@" in (url.database or ""):
        # A password with an unescaped @ and / is read as a host and a database.
        return "the database of DATABASE_URL (in a password @ is written %40)"
    # Of a password with an unescaped @ the end is read as the host's beginning.
    host = (url.host or "localhost").rpartition("@")[2]
    return f'the database "{url.database or ""}" at {host}:{url.port or 5432}'


def told(url: sa.URL, error: BaseException) -> str:
    """What could not be reached, why, and what to do, in one line."""
    said = str(getattr(error, "orig", None) or "").casefold()
    kind = type(error).__name__
    reason = next((why for sign, why in _REASONS if sign in said), kind)
    return f"{place_of(url)} cannot be used: {reason}; {_cure(url, reason)}"


def _cure(url: sa.URL, reason: str) -> str:
    if reason == _FULL:
        return "make room on it"
    if url.get_backend_name() == "sqlite":
        return "is it a file that this user may write? DATABASE_URL names it"
    return "start it, or correct DATABASE_URL"
