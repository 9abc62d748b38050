"""What each contact has proved, for as long as the session lasts."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

import sqlalchemy as sa

from ..records import ParentIdentity, Session
from .database import Database
from .tables import sessions
from .upsert import insert_once


class Sessions:
    """One session per contact. It slides with each message and then is forgotten."""

    def __init__(
        self, database: Database, now: Callable[[], datetime], *, minutes: int
    ) -> None:
        self._database = database
        self._now = now
        self.lifetime = timedelta(minutes=minutes)

    async def of(self, contact_id: int) -> Session:
        """The session as it is now; an ended one is an empty one."""
        query = sa.select(sessions).where(sessions.c.contact_id == contact_id)
        async with self._database.read() as connection:
            row = (await connection.execute(query)).one_or_none()
        if row is None:
            return Session(contact_id=contact_id)
        if row.expires_at <= self._now():
            return Session(contact_id=contact_id, ended_at=row.ended_at)
        parent = (
            ParentIdentity(profile=row.profile, code=row.code, name=row.parent_name)
            if row.code
            else None
        )
        return Session(
            contact_id=contact_id,
            parent=parent,
            admin_mode=row.admin_mode,
            expires_at=row.expires_at,
            ended_at=row.ended_at,
        )

    async def touch(self, contact_id: int) -> Session:
        """The session, made to last from now."""
        now = self._now()
        async with self._database.write() as connection:
            # Only the time: another channel may end the session at this moment.
            await connection.execute(
                sessions.update()
                .where(sessions.c.contact_id == contact_id, sessions.c.expires_at > now)
                .values(expires_at=now + self.lifetime)
            )
        return await self.of(contact_id)

    async def prove(self, contact_id: int, parent: ParentIdentity) -> Session:
        """The contact is this parent now."""
        return await self._keep(replace(await self.of(contact_id), parent=parent))

    async def set_admin_mode(self, contact_id: int, *, on: bool) -> Session:
        """Enter or leave super-admin mode."""
        return await self._keep(replace(await self.of(contact_id), admin_mode=on))

    async def end(self, contact_id: int) -> None:
        """Forget what was proved; what was said before counts no more."""
        await self._keep(Session(contact_id=contact_id, ended_at=self._now()))

    async def _keep(self, session: Session) -> Session:
        kept = replace(session, expires_at=self._now() + self.lifetime)
        values = {
            "profile": kept.parent.profile if kept.parent else None,
            "code": kept.parent.code if kept.parent else None,
            "parent_name": kept.parent.name if kept.parent else None,
            "admin_mode": kept.admin_mode,
            "expires_at": kept.expires_at,
            "ended_at": kept.ended_at,
        }
        async with self._database.write() as connection:
            new = await insert_once(
                connection, sessions, contact_id=kept.contact_id, **values
            )
            if new is None:
                await connection.execute(
                    sessions.update()
                    .where(sessions.c.contact_id == kept.contact_id)
                    .values(**values)
                )
        return kept
