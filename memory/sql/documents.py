"""The shelf of documents in the database of record."""

from collections.abc import Callable, Sequence
from dataclasses import asdict
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from ..documents import Changes, KeptDocument, ShelfState
from .database import Database
from .document_tables import document_sync, documents
from .upsert import insert_once


class DocumentShelf:
    """The documents of one origin, shared by all processes."""

    def __init__(
        self, database: Database, now: Callable[[], datetime], *, origin: str
    ) -> None:
        self._database = database
        self._now = now
        self._origin = origin
        self._is_ours = document_sync.c.origin == origin

    async def state(self) -> ShelfState:
        """How far the source was followed; the first state when it never was."""
        query = sa.select(document_sync).where(self._is_ours)
        async with self._database.read() as connection:
            row = (await connection.execute(query)).one_or_none()
        if row is None:
            return ShelfState()
        return ShelfState(
            revision=row.revision,
            generation=row.generation,
            cursor=row.cursor,
            synced_at=row.synced_at,
            problem=row.problem,
        )

    async def documents(self) -> Sequence[KeptDocument]:
        """Every document, by its name."""
        query = (
            sa.select(documents)
            .where(documents.c.origin == self._origin)
            .order_by(documents.c.name, documents.c.source_id)
        )
        async with self._database.read() as connection:
            rows = (await connection.execute(query)).all()
        return [
            KeptDocument(
                id=row.source_id,
                name=row.name,
                fingerprint=row.fingerprint,
                text=row.text,
                problem=row.problem,
                link=row.link,
                changed_at=row.changed_at,
            )
            for row in rows
        ]

    async def keep(self, changes: Changes, *, since: ShelfState) -> bool:
        """Keep changes and their cursor, all or nothing.

        False, and nothing is kept: somebody else has kept some since that state.
        """
        async with self._database.write() as connection:
            await insert_once(connection, document_sync, origin=self._origin)
            done = await connection.execute(
                document_sync.update()
                .where(self._is_ours, document_sync.c.revision == since.revision)
                .values(
                    revision=since.revision + 1,
                    generation=since.generation + (not changes.is_empty),
                    cursor=changes.cursor,
                    synced_at=self._now(),
                    problem=None,
                )
            )
            if done.rowcount != 1:
                return False
            await self._put(connection, changes)
            return True

    async def _put(self, connection: AsyncConnection, changes: Changes) -> None:
        for source_id in {*changes.gone, *(each.id for each in changes.changed)}:
            await connection.execute(
                documents.delete().where(
                    documents.c.origin == self._origin,
                    documents.c.source_id == source_id,
                )
            )
        rows = [
            {"origin": self._origin, "source_id": each.id, **_but_id(each)}
            for each in changes.changed
        ]
        if rows:
            await connection.execute(documents.insert(), rows)

    async def failed(self, problem: str) -> None:
        """Keep why the source could not be read. The documents stay."""
        async with self._database.write() as connection:
            await insert_once(connection, document_sync, origin=self._origin)
            await connection.execute(
                document_sync.update().where(self._is_ours).values(problem=problem)
            )

    async def claim(self, *, for_s: float) -> bool:
        """Be the one process that looks at the source, for so many seconds.

        False: another one is.
        """
        now = self._now()
        async with self._database.write() as connection:
            await insert_once(connection, document_sync, origin=self._origin)
            done = await connection.execute(
                document_sync.update()
                .where(
                    self._is_ours,
                    sa.or_(
                        document_sync.c.lease_until.is_(None),
                        document_sync.c.lease_until <= now,
                    ),
                )
                .values(lease_until=now + timedelta(seconds=for_s))
            )
            return done.rowcount == 1

    async def release(self, *, after_s: float) -> None:
        """Let the next process look after so many seconds."""
        until = self._now() + timedelta(seconds=after_s)
        async with self._database.write() as connection:
            await connection.execute(
                document_sync.update().where(self._is_ours).values(lease_until=until)
            )


def _but_id(document: KeptDocument) -> dict[str, object]:
    columns = asdict(document)
    del columns["id"]
    return columns
