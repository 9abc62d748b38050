"""What a file is called: to us a random key, to its reader the name it came with."""

import re
import secrets
import unicodedata
from dataclasses import dataclass
from urllib.parse import quote

MAX_NAME_CHARS = 120
_KEY_BYTES = 24
_KEY = re.compile(r"[A-Za-z0-9_-]{32}")
_UNSPEAKABLE = ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp")
_SHOWN_IN_THE_BROWSER = frozenset(
    {"application/pdf", "image/jpeg", "image/png", "image/webp"}
)


@dataclass(frozen=True)
class Label:
    """What a file is to whoever opens it."""

    name: str
    media_type: str


def new_key() -> str:
    """A key that nobody can guess and that says nothing: 32 letters, digits, - or _."""
    return secrets.token_urlsafe(_KEY_BYTES)


def is_key(text: str) -> bool:
    """Whether `new_key` may have made it: it cannot leave a folder."""
    return _KEY.fullmatch(text) is not None


def clean_name(name: str) -> str:
    """The name without folders, and without signs that are not seen.

    A right-to-left mark would show a program as a document. At most 120
    characters; the end with the type stays. May be empty.
    """
    last = re.split(r"[/\\]", unicodedata.normalize("NFC", name))[-1]
    seen = "".join(c for c in last if unicodedata.category(c) not in _UNSPEAKABLE)
    plain = " ".join(seen.split()).lstrip(". ")
    stem, dot, ending = plain.rpartition(".")
    if len(plain) <= MAX_NAME_CHARS or not dot:
        return plain[:MAX_NAME_CHARS]
    return f"{stem[: MAX_NAME_CHARS - len(ending) - 1]}.{ending}"


def disposition(label: Label) -> str:
    """The `Content-Disposition` of a file (RFC 6266), with its name in any script.

    Images and PDF are shown by the browser; all else is saved, never opened.
    """
    how = "inline" if label.media_type in _SHOWN_IN_THE_BROWSER else "attachment"
    folded = unicodedata.normalize("NFKD", label.name).encode("ascii", "ignore")
    plain = re.sub(r'["\\%;]', "_", folded.decode())
    exact = quote(label.name, safe="", encoding="utf-8")
    return f"{how}; filename=\"{plain}\"; filename*=UTF-8''{exact}"
