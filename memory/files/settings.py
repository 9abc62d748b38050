"""Where an installation keeps its files: what it says in its environment."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol
from urllib.parse import urlsplit

_S3 = (
    "S3_ENDPOINT",
    "S3_PUBLIC_ENDPOINT",
    "S3_BUCKET",
    "S3_ACCESS_KEY",
    "S3_SECRET_KEY",
)
VARIABLES = ("FILES_FOLDER", *_S3, "S3_REGION")
_WANTED = {
    "S3_ENDPOINT": "the address of the S3, such as https://s3.example.org,",
    "S3_BUCKET": "the name of a bucket",
    "S3_ACCESS_KEY": "the id of an access key of the S3",
    "S3_SECRET_KEY": "the secret of that access key",
}
_BUCKET = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{1,62}")


@dataclass(frozen=True, kw_only=True)
class S3Bucket:
    """A bucket of an S3, and the key that opens it."""

    endpoint: str  # what we call
    public_endpoint: str  # what readers call; links are signed for it
    bucket: str
    access_key: str = field(repr=False)
    secret_key: str = field(repr=False)
    region: str = "us-east-1"


@dataclass(frozen=True, kw_only=True)
class FilesSettings:
    """A folder, or a bucket when `s3` is given."""

    folder: Path = Path("var/files")
    public_url: str = ""  # how readers reach our own route to the folder
    secret: str = field(default="", repr=False)  # signs the links of the folder
    s3: S3Bucket | None = None


class Installation(Protocol):
    """What is read; main's settings are of this shape."""

    @property
    def environment(self) -> Mapping[str, str]: ...
    @property
    def public_url(self) -> str: ...
    @property
    def session_secret(self) -> str: ...


def read_files(settings: Installation) -> FilesSettings:
    """Where this installation keeps files.

    Raises:
        ValueError: a variable is missing or wrong; names it and what is expected.
    """
    given = {n: settings.environment.get(n, "").strip() for n in VARIABLES}
    return FilesSettings(
        folder=Path(given["FILES_FOLDER"] or "var/files"),
        public_url=settings.public_url,
        secret=settings.session_secret,
        s3=_bucket(given),
    )


def _bucket(given: Mapping[str, str]) -> S3Bucket | None:
    named = [name for name in _S3 if given[name]]
    if not named:
        return None
    missing = [name for name in _WANTED if name not in named]
    if missing:
        raise ValueError(
            "; ".join(
                f"{name}: {named[0]} is set, so {_WANTED[name]} is expected"
                for name in missing
            )
        )
    if not _BUCKET.fullmatch(given["S3_BUCKET"]):
        raise ValueError("S3_BUCKET: the name of a bucket is expected, without slashes")
    endpoint = _address("S3_ENDPOINT", given["S3_ENDPOINT"])
    public = given["S3_PUBLIC_ENDPOINT"]
    return S3Bucket(
        endpoint=endpoint,
        public_endpoint=_address("S3_PUBLIC_ENDPOINT", public) if public else endpoint,
        bucket=given["S3_BUCKET"],
        access_key=given["S3_ACCESS_KEY"],
        secret_key=given["S3_SECRET_KEY"],
        region=given["S3_REGION"] or "us-east-1",
    )


def _address(variable: str, text: str) -> str:
    try:
        parts = urlsplit(text)
        is_good = parts.scheme in ("http", "https") and bool(parts.hostname)
        is_plain = not (parts.query or parts.fragment or parts.username)
        _ = parts.port  # reads it, and refuses what is no number
    except ValueError:
        is_good = is_plain = False
    if not (is_good and is_plain):
        raise ValueError(
            f"{variable}: an address such as https://s3.example.org is expected,"
            " without bucket and key"
        )
    return text.rstrip("/")
