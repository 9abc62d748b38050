"""What must never be written into a cassette: keys, and people who are not invented."""

import re
from collections.abc import Iterable, Mapping
from pathlib import Path

from .errors import NotKept

INVENTED = "INVENTED"  # the file by which a world says that all in it is made up
_LEAST_CHARS = 8  # a shorter value ("default") occurs by itself
_SECRET_NAME = re.compile(r"KEY|TOKEN|SECRET|PASSWORD|CREDENTIAL", re.IGNORECASE)
_IN_ADDRESS = re.compile(r"://[^/\s:@]*:(?P<password>[^/\s@]+)@")
_SHAPES: Mapping[str, re.Pattern[str]] = {
    "a key": re.compile(
        r"\b(?:sk|pk|rk)-[\w-]{16,}|\bAIza[\w-]{30,}|[?&]key=[\w-]{8,}"
    ),
    "a token": re.compile(r"\bBearer\s+\S{8,}|\beyJ[\w-]{10,}\.[\w-]{10,}\."),
    "a header with a secret": re.compile(
        r"\b(?:proxy-)?authorization\b['\"]?\s*:|\b(?:set-)?cookie['\"]?\s*:"
        r"|\bx-(?:api|goog-api)-key\b['\"]?\s*:",
        re.IGNORECASE,
    ),
}


def secrets_of(environment: Mapping[str, str]) -> Mapping[str, str]:
    """Secret value -> its variable, of everything in the environment that is one."""
    return {
        piece: name
        for name, value in environment.items()
        for piece in _pieces(name, value)
        if len(piece) >= _LEAST_CHARS
    }


def _pieces(name: str, value: str) -> Iterable[str]:
    if _SECRET_NAME.search(name):
        yield value.strip()
        # `account:key,key`: each key is a secret of its own.
        yield from (part.strip() for part in re.split(r"[,\s]", value))
        yield from (part.rpartition(":")[2].strip() for part in value.split(","))
    yield from (found["password"] for found in _IN_ADDRESS.finditer(value))


def refuse_secrets(text: str, environment: Mapping[str, str]) -> None:
    """Make sure that a cassette may be read by everybody.

    Raises:
        NotKept: it holds a secret; names what kind, never the secret.
    """
    for secret, name in secrets_of(environment).items():
        if secret in text:
            raise NotKept(f"the value of {name} would be written")
    for kind, shape in _SHAPES.items():
        if shape.search(text):
            raise NotKept(f"{kind} would be written")


def is_invented(world: Path) -> bool:
    """Whether the people of a world are nobody's family."""
    return (world / INVENTED).is_file()
