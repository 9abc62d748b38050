"""What each contact opened by a code, kept with the name of who held it then."""

from collections.abc import Callable, Sequence
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from ..records import Grant, ParentIdentity
from .database import Database
from .tables import grants
from .upsert import insert_once


class Grants:
    """One for each contact and code, and one for each child that was withheld."""

    def __init__(self, database: Database, now: Callable[[], datetime]) -> None:
        self._database = database
        self._now = now

    async def of(self, contact_id: int) -> Sequence[Grant]:
        """Everything that a contact ever opened and was not given back, oldest first."""
        async with self._database.read() as connection:
            return await grants_of(connection, contact_id)

    async def all(self) -> Sequence[Grant]:
        """Everybody's, oldest first."""
        query = sa.select(grants).order_by(grants.c.id)
        async with self._database.read() as connection:
            return [_to_grant(row) for row in await connection.execute(query)]

    async def end(self, contact_id: int, parent: ParentIdentity) -> None:
        """The code means somebody else now, or nobody: it has to be proved again."""
        async with self._database.write() as connection:
            await end_grants(
                connection,
                contact_id,
                self._now(),
                grants.c.profile == parent.profile,
                grants.c.code == parent.code,
            )

    async def revoke(self, grant: Grant, *, child: str | None = None) -> None:
        """Take away what a grant opened, or one child of it; a new proof is refused.

        It lasts until `restore`.
        """
        async with self._database.write() as connection:
            same = {
                "contact_id": grant.contact_id,
                "profile": grant.profile,
                "code": grant.code,
                "child": child or "",
            }
            await insert_once(
                connection,
                grants,
                **same,
                name=grant.name,
                granted_at=grant.granted_at,
            )
            await connection.execute(
                grants.update().filter_by(**same).values(revoked_at=self._now())
            )

    async def restore(self, grant_id: int) -> bool:
        """Forget a grant: the code may be proved again. False when there is none."""
        async with self._database.write() as connection:
            done = await connection.execute(
                grants.delete().where(grants.c.id == grant_id)
            )
            return done.rowcount == 1


async def grants_of(connection: AsyncConnection, contact_id: int) -> Sequence[Grant]:
    """The grants of a contact, in the order of their proofs."""
    query = (
        sa.select(grants)
        .where(grants.c.contact_id == contact_id)
        .order_by(grants.c.granted_at, grants.c.id)
    )
    return [_to_grant(row) for row in await connection.execute(query)]


async def end_grants(
    connection: AsyncConnection,
    contact_id: int,
    now: datetime,
    *which: sa.ColumnElement[bool],
) -> None:
    """What is open of a contact is so no longer."""
    await connection.execute(
        grants.update()
        .where(grants.c.contact_id == contact_id, grants.c.ended_at.is_(None), *which)
        .values(ended_at=now)
    )


async def open_grant(
    connection: AsyncConnection, contact_id: int, parent: ParentIdentity, now: datetime
) -> None:
    """What `parent` proved is open. What staff took away stays so."""
    same = {
        "contact_id": contact_id,
        "profile": parent.profile,
        "code": parent.code,
        "child": "",
    }
    new = await insert_once(
        connection, grants, **same, name=parent.name, granted_at=now
    )
    if new is None:
        await connection.execute(
            grants.update()
            .filter_by(**same)
            .values(name=parent.name, granted_at=now, ended_at=None)
        )


def _to_grant(row: sa.Row[tuple[object, ...]]) -> Grant:
    return Grant(
        id=row.id,
        contact_id=row.contact_id,
        profile=row.profile,
        code=row.code,
        name=row.name,
        child=row.child or None,
        granted_at=row.granted_at,
        ended_at=row.ended_at,
        revoked_at=row.revoked_at,
    )
