"""What is known of files beside their bytes. No row, no file; no file without a row."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

import sqlalchemy as sa

from ..records import Attachment, AttachmentState
from .database import Database
from .tables import attachments, pages

# Far longer than a file takes to arrive: who kept it no longer lives.
GIVEN_UP_AFTER = timedelta(hours=1)


class AttachmentRows:
    """A row is there before its bytes, and goes after them: nothing is lost sight of."""

    def __init__(self, database: Database, now: Callable[[], datetime]) -> None:
        self._database = database
        self._now = now

    async def begin(
        self,
        key: str,
        *,
        name: str,
        media_type: str,
        size_bytes: int,
        page_id: int | None,
        contact_id: int | None,
    ) -> None:
        """Say that the bytes of `key` arrive. Nobody finds them yet."""
        async with self._database.write() as connection:
            await connection.execute(
                attachments.insert().values(
                    key=key,
                    name=name,
                    media_type=media_type,
                    size_bytes=size_bytes,
                    page_id=page_id,
                    contact_id=contact_id,
                    state=AttachmentState.ARRIVING,
                    created_at=self._now(),
                )
            )

    async def arrived(self, key: str) -> Attachment | None:
        """Say that the bytes are kept: from now on it is found.

        None when nobody may keep it any more: it was forgotten meanwhile.
        """
        async with self._database.write() as connection:
            rows = await connection.execute(
                attachments.update()
                .where(
                    attachments.c.key == key,
                    attachments.c.state == AttachmentState.ARRIVING,
                )
                .values(state=AttachmentState.KEPT)
                .returning(*attachments.c)
            )
            row = rows.one_or_none()
        return _to_attachment(row) if row else None

    async def kept(self, *where: sa.ColumnElement[bool]) -> Sequence[Attachment]:
        """Those that can be read, oldest first."""
        return await self._select(attachments.c.state == AttachmentState.KEPT, *where)

    async def readable(self, key: str) -> Attachment | None:
        """The one with a key; None when there is none, or when its page is over."""
        on_no_page = attachments.c.page_id.is_(None)
        found = await self.kept(
            attachments.c.key == key,
            on_no_page | attachments.c.page_id.not_in(self._pages_over()),
        )
        return found[0] if found else None

    async def leave(self, attachment_id: int) -> Attachment | None:
        """Say that one goes: nobody finds it any more. None when there is none."""
        found = await self.kept(attachments.c.id == attachment_id)
        if not found:
            return None
        async with self._database.write() as connection:
            await connection.execute(_leave().where(attachments.c.id == attachment_id))
        return found[0]

    async def leaving(self) -> Sequence[Attachment]:
        """Those whose bytes are to be deleted: they, and what nobody may read now.

        That is what pages that are over leave behind, and what never arrived.
        """
        moment = self._now()
        never_arrived = (attachments.c.state == AttachmentState.ARRIVING) & (
            attachments.c.created_at <= moment - GIVEN_UP_AFTER
        )
        async with self._database.write() as connection:
            await connection.execute(
                _leave().where(
                    sa.or_(
                        never_arrived,
                        (attachments.c.state == AttachmentState.KEPT)
                        & attachments.c.page_id.in_(self._pages_over()),
                    )
                )
            )
        return await self._select(attachments.c.state == AttachmentState.LEAVING)

    async def gone(self, attachment_id: int) -> None:
        """Say that its bytes are deleted: nothing is known of it any more."""
        async with self._database.write() as connection:
            await connection.execute(
                attachments.delete().where(attachments.c.id == attachment_id)
            )

    def _pages_over(self) -> sa.Select[tuple[int]]:
        is_over = pages.c.revoked_at.is_not(None) | (pages.c.expires_at <= self._now())
        return sa.select(pages.c.id).where(is_over)

    async def _select(self, *where: sa.ColumnElement[bool]) -> Sequence[Attachment]:
        query = sa.select(attachments).where(*where).order_by(attachments.c.id)
        async with self._database.read() as connection:
            return [_to_attachment(row) for row in await connection.execute(query)]


def _leave() -> sa.Update:
    return attachments.update().values(state=AttachmentState.LEAVING)


def _to_attachment(row: sa.Row[tuple[object, ...]]) -> Attachment:
    return Attachment(
        id=row.id,
        key=row.key,
        name=row.name,
        media_type=row.media_type,
        size_bytes=row.size_bytes,
        created_at=row.created_at,
        page_id=row.page_id,
        contact_id=row.contact_id,
    )
