"""Temporary pages: only the hash of a page's token is kept."""

import hashlib
from collections.abc import Callable, Sequence
from datetime import datetime

import sqlalchemy as sa

from ..records import NewPage, Page
from .database import Database
from .tables import pages
from .upsert import insert_once


class Pages:
    """Pages that somebody with the link may read until they expire."""

    def __init__(self, database: Database, now: Callable[[], datetime]) -> None:
        self._database = database
        self._now = now

    async def add(self, page: NewPage) -> bool:
        """Keep a page, once per key. False when it was there already."""
        async with self._database.write() as connection:
            new = await insert_once(
                connection,
                pages,
                key=page.key,
                token_hash=_hash(page.token),
                conversation_id=page.conversation_id,
                title=page.title,
                body_markdown=page.body_markdown,
                created_by=page.created_by,
                created_at=self._now(),
                expires_at=page.expires_at,
            )
            return new is not None

    async def by_token(self, token: str) -> Page | None:
        """The page of a link, open or not; None when there never was one."""
        found = await self._select(pages.c.token_hash == _hash(token))
        return found[0] if found else None

    async def revoke(self, page_id: int) -> bool:
        """Close a page before its time. False when there is no such open page."""
        async with self._database.write() as connection:
            done = await connection.execute(
                pages.update()
                .where(pages.c.id == page_id, pages.c.revoked_at.is_(None))
                .values(revoked_at=self._now())
            )
            return done.rowcount == 1

    async def all(self) -> Sequence[Page]:
        """Every page, newest first."""
        return await self._select()

    async def count(self, conversation_id: int) -> int:
        """How many pages were made in this conversation."""
        return len(await self._select(pages.c.conversation_id == conversation_id))

    async def _select(self, *where: sa.ColumnElement[bool]) -> Sequence[Page]:
        query = sa.select(pages).where(*where).order_by(pages.c.id.desc())
        async with self._database.read() as connection:
            return [_to_page(row) for row in await connection.execute(query)]


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def _to_page(row: sa.Row[tuple[object, ...]]) -> Page:
    return Page(
        id=row.id,
        title=row.title,
        body_markdown=row.body_markdown,
        created_at=row.created_at,
        expires_at=row.expires_at,
        created_by=row.created_by,
        revoked_at=row.revoked_at,
    )
