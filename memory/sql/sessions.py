"""What each contact has proved, for as long as the session lasts."""

from collections.abc import Callable
from datetime import datetime, timedelta

import sqlalchemy as sa

from ..records import ParentIdentity, Session
from .database import Database
from .tables import sessions
from .upsert import insert_once

_NOTHING = {"profile": None, "code": None, "parent_name": None, "admin_mode": False}


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
        return await self._change(
            contact_id,
            profile=parent.profile,
            code=parent.code,
            parent_name=parent.name,
        )

    async def set_admin_mode(self, contact_id: int, *, on: bool) -> Session:
        """Enter or leave super-admin mode."""
        return await self._change(contact_id, admin_mode=on)

    async def end(self, contact_id: int) -> None:
        """Forget what was proved; what was said before counts no more."""
        await self._change(contact_id, **_NOTHING, ended_at=self._now())

    async def _change(self, contact_id: int, **changed: object) -> Session:
        """Set some columns; an ended session begins anew, without what it had."""
        now = self._now()
        mine = sessions.c.contact_id == contact_id
        async with self._database.write() as connection:
            await insert_once(
                connection,
                sessions,
                contact_id=contact_id,
                expires_at=now + self.lifetime,
            )
            await connection.execute(
                sessions.update()
                .where(mine, sessions.c.expires_at <= now)
                .values(**_NOTHING)
            )
            await connection.execute(
                sessions.update()
                .where(mine)
                .values(**changed, expires_at=now + self.lifetime)
            )
        return await self.of(contact_id)
