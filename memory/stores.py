"""How the database is used, and what is used beside it."""

from dataclasses import dataclass, field
from typing import Protocol

from .files import FilesSettings, read_files
from .files.settings import Installation
from .sql.database import POOL_SIZE


@dataclass(frozen=True, kw_only=True)
class Stores:
    """As it is made: no Redis, and files in `var/files` to which no link is signed."""

    pool_size: int = POOL_SIZE  # connections of this process at most, on Postgres
    redis_url: str = field(default="", repr=False)  # it need not answer, at any time
    files: FilesSettings = field(default_factory=FilesSettings)


class StoresGiven(Installation, Protocol):
    """What is read; main's settings are of this shape."""

    @property
    def database_pool_size(self) -> int: ...
    @property
    def redis_url(self) -> str: ...


def read_stores(settings: StoresGiven) -> Stores:
    """What this installation uses.

    Raises:
        ValueError: a variable of files is missing or wrong; names it.
    """
    return Stores(
        pool_size=settings.database_pool_size,
        redis_url=settings.redis_url,
        files=read_files(settings),
    )
