"""Reading a channel's variables: wrong ones are named, with what is expected."""

from collections.abc import Mapping
from urllib.parse import urlsplit


def site_of(address: str) -> str:
    """Scheme, host and port of an address: the rest may hold a secret."""
    try:
        parts = urlsplit(address)
        port = f":{parts.port}" if parts.port else ""
    except ValueError:
        return "no address"
    return f"{parts.scheme}://{parts.hostname or ''}{port}"


def web_address(
    variable: str, environment: Mapping[str, str], example: str
) -> str | None:
    """The `http(s)://` address in `variable`, or None when it is not set.

    Raises:
        ValueError: it is no such address.
    """
    address = environment.get(variable, "").strip()
    if not address:
        return None
    try:
        parts = urlsplit(address)
        is_good = parts.scheme in ("http", "https") and bool(parts.hostname)
        _ = parts.port  # reads it, and refuses what is no number
    except ValueError:
        is_good = False
    if not is_good:
        raise ValueError(f"{variable}: expected an address like {example}")
    return address
