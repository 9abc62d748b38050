"""What a place of files can do."""

from typing import Protocol

from .links import OwnLinks
from .naming import Label


class Files(Protocol):
    """Bytes by random key (`new_key`). What they are called is known to SQL."""

    @property
    def place(self) -> str:
        """Where it is, for the maintainer: never a secret."""
        ...

    @property
    def own_links(self) -> OwnLinks | None:
        """What proves our own links; None when the place serves its links itself."""
        ...

    async def keep(self, key: str, content: bytes, label: Label) -> None:
        """Keep all of it or nothing. The same key again overwrites.

        Raises:
            FilesAway: it is not kept.
        """
        ...

    async def open(self, key: str) -> bytes:
        """All bytes of a file.

        Raises:
            FileGone: there is none.
            FilesAway: the place does not answer.
        """
        ...

    async def delete(self, key: str) -> None:
        """Take it away for good. One that is not there is well, too.

        Raises:
            FilesAway: it may still be there.
        """
        ...

    async def link(self, key: str, *, seconds: int) -> str:
        """An address that gives the file to anybody for some seconds (at most a week).

        Whether the file is there is not asked.

        Raises:
            FilesAway: links cannot be signed; says what to set.
        """
        ...
