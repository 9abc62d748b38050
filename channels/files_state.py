"""Whether files can be kept, read and deleted, and whether links to them work."""

from collections.abc import Sequence
from datetime import UTC, datetime

import httpx

from memory import FilesSettings, MemoryFault
from memory.files import Files, Label, S3Bucket, new_key, open_files

from .channel import CHECK_TIMEOUT_S
from .environment import site_of

State = tuple[str, bool, str]  # the part, is it well, what was found or is to be mended

_PROBE = b"Gust-IA was here: this may be deleted."
_LABEL = Label("gust-ia-check.txt", "text/plain; charset=utf-8")
_LINK_S = 60


async def state_of_files(settings: FilesSettings) -> Sequence[State]:
    """A row for the place; with an S3 another for its links, as a reader calls them."""
    files = open_files(settings, now=lambda: datetime.now(UTC))
    key = new_key()
    try:
        await files.keep(key, _PROBE, _LABEL)
        return await _used(files, settings.s3, key)
    except MemoryFault as fault:
        return [("files", False, str(fault))]


async def _used(files: Files, at: S3Bucket | None, key: str) -> Sequence[State]:
    """What comes of the probe, which is gone afterwards."""
    try:
        links = [await _links(files, at, key)] if at else []
        is_same = await files.open(key) == _PROBE
    finally:
        await files.delete(key)
    found = "written, read, deleted" if is_same else "gives back other bytes"
    return [("files", is_same, f"{files.place}: {found}"), *links]


async def _links(files: Files, at: S3Bucket, key: str) -> State:
    signed = await files.link(key, seconds=_LINK_S)
    site = site_of(at.public_endpoint)
    try:
        async with httpx.AsyncClient(timeout=CHECK_TIMEOUT_S) as http:
            with_link = await http.get(signed)
            without = await http.get(signed.partition("?")[0])
    except httpx.HTTPError:
        problem = f"no answer at {site} from this machine: mend S3_PUBLIC_ENDPOINT"
        return ("links to files", False, problem)
    if with_link.content != _PROBE:
        problem = (
            f"{site} answers {with_link.status_code} to a link that we signed: mend"
            " S3_PUBLIC_ENDPOINT, and let the proxy before the S3 keep the host's name"
        )
        return ("links to files", False, problem)
    if without.content == _PROBE:
        problem = f"the bucket {at.bucket} gives files without a link: make it private"
        return ("links to files", False, problem)
    return ("links to files", True, f"{site} gives a file to a signed link only")
