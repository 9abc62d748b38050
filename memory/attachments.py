"""Files of pages and contacts: what is known of them in SQL, their bytes in `files`."""

import asyncio
from collections.abc import Sequence

import structlog

from .errors import FileGone, MemoryFault
from .files import Files, Label, new_key
from .files.kinds import media_type_of
from .files.naming import clean_name
from .records import Attachment
from .sql.attachments import AttachmentRows
from .sql.tables import attachments

SWEEP_EVERY_S = 600.0
_log = structlog.get_logger()


class Attachments:
    """Both halves of a file, kept and forgotten together."""

    def __init__(self, rows: AttachmentRows, files: Files) -> None:
        self._rows = rows
        self.files = files

    async def add(
        self,
        name: str,
        content: bytes,
        *,
        page_id: int | None = None,
        contact_id: int | None = None,
    ) -> Attachment:
        """Keep a file, for a page or of a contact.

        Raises:
            FileRefused: too large, empty, or of a type that is not taken.
            FilesAway: it is not kept; the sweep forgets what arrived of it.
            FileGone: whose it was is forgotten since it began to arrive.
            Unkept: the database cannot take it.
        """
        shown = clean_name(name)
        label = Label(shown, media_type_of(shown, content))
        key = new_key()
        await self._rows.begin(
            key,
            name=label.name,
            media_type=label.media_type,
            size_bytes=len(content),
            page_id=page_id,
            contact_id=contact_id,
        )
        await self.files.keep(key, content, label)
        kept = await self._rows.arrived(key)
        if kept is None:
            # A sweep may have been here before the bytes: no row names them now.
            await self.files.delete(key)
            raise FileGone("whose this file was is forgotten meanwhile")
        return kept

    async def all(self) -> Sequence[Attachment]:
        """Every file that can be read, oldest first."""
        return await self._rows.kept()

    async def of_page(self, page_id: int) -> Sequence[Attachment]:
        """The files of a page, in the order they were added."""
        return await self._rows.kept(attachments.c.page_id == page_id)

    async def of_contact(self, contact_id: int) -> Sequence[Attachment]:
        """The files of a contact, in the order they were added."""
        return await self._rows.kept(attachments.c.contact_id == contact_id)

    async def by_key(self, key: str) -> Attachment | None:
        """The file with a key, or None when it is forgotten, or its page is over."""
        return await self._rows.readable(key)

    async def content(self, attachment: Attachment) -> bytes:
        """The bytes of a file.

        Raises:
            FileGone: they are not where they were kept.
            FilesAway: the place does not answer.
        """
        return await self.files.open(attachment.key)

    async def link(self, attachment: Attachment, *, seconds: int) -> str:
        """An address that gives the file to anybody for some seconds.

        Raises:
            FilesAway: links cannot be signed here.
        """
        return await self.files.link(attachment.key, seconds=seconds)

    async def forget(self, attachment_id: int) -> bool:
        """Delete a file for good, bytes and row. False when there is none.

        Raises:
            FilesAway: nobody finds it any more, but the bytes are there until a
                sweep can delete them.
        """
        attachment = await self._rows.leave(attachment_id)
        if attachment is None:
            return False
        await self._end(attachment)
        return True

    async def sweep(self) -> int:
        """Delete what nobody may read any more; how many files that was.

        Those of pages that are over, and what was left half kept or half deleted.
        Only what our own rows name is touched: others may use the same bucket.

        Raises:
            FilesAway: some are left for the next sweep.
        """
        leaving = await self._rows.leaving()
        for attachment in leaving:
            await self._end(attachment)
        return len(leaving)

    async def sweep_forever(self, *, every_s: float = SWEEP_EVERY_S) -> None:
        """Sweep now, and again and again. An outage waits for the next time."""
        while True:
            try:
                deleted = await self.sweep()
            except MemoryFault as fault:
                _log.warning("files_not_swept", why=str(fault))
            else:
                if deleted:
                    _log.info("files_swept", deleted=deleted)
            await asyncio.sleep(every_s)

    async def _end(self, attachment: Attachment) -> None:
        await self.files.delete(attachment.key)
        await self._rows.gone(attachment.id)
