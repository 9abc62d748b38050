"""Where the bytes of attachments are: a folder, or any S3. The rest is in SQL."""

from collections.abc import Callable
from datetime import datetime

from .folder import FolderFiles
from .kinds import MAX_BYTES
from .links import OwnLinks
from .naming import Label, disposition, new_key
from .port import Files
from .s3 import S3Files
from .settings import VARIABLES, FilesSettings, S3Bucket, read_files

__all__ = [
    "MAX_BYTES",
    "VARIABLES",
    "Files",
    "FilesSettings",
    "FolderFiles",
    "Label",
    "OwnLinks",
    "S3Bucket",
    "S3Files",
    "disposition",
    "new_key",
    "open_files",
    "read_files",
]


def open_files(settings: FilesSettings, *, now: Callable[[], datetime]) -> Files:
    """The place that the settings name. Nothing is made or called yet.

    `now` dates the links of a folder; a bucket's server has its own clock.
    """
    if settings.s3 is not None:
        return S3Files(settings.s3)
    links = OwnLinks(settings.secret, public_url=settings.public_url, now=now)
    return FolderFiles(settings.folder, links)
