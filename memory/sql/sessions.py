"""What each contact has proved, for as long as the session lasts."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, Protocol

import sqlalchemy as sa

from ..records import ParentIdentity, Session
from .database import Database
from .tables import sessions
from .upsert import insert_once

_NOTHING = {"profile": None, "code": None, "parent_name": None, "admin_mode": False}


# How far the recorded time may lie behind, as a part of a session: 1 minute of 30.
_RECORDED_WITHIN = 1 / 30


class Slides(Protocol):
    """Where a session's time may be kept for a moment instead of in the record."""

    async def slide(
        self, contact_id: int, *, recorded: datetime, until: datetime
    ) -> bool:
        """Remember `until` beside the `recorded` time; False: it cannot be kept."""
        ...

    async def until(self, contact_id: int, *, recorded: datetime) -> datetime | None:
        """What was remembered beside this very `recorded` time."""
        ...


class Sessions:
    """One session per contact. It slides with each message and then is forgotten.

    What a contact has proved is read from the record each time. `slides` may only
    spare the record a new time for every message of a burst.
    """

    def __init__(
        self,
        database: Database,
        now: Callable[[], datetime],
        *,
        minutes: int,
        slides: Slides | None = None,
    ) -> None:
        self._database = database
        self._now = now
        self._slides = slides
        self.lifetime = timedelta(minutes=minutes)

    async def of(self, contact_id: int) -> Session:
        """The session as it is now; an ended one is an empty one."""
        row = await self._row(contact_id)
        if row is None:
            return Session(contact_id=contact_id)
        return self._session(row, until=await self._lasts_until(row))

    async def touch(self, contact_id: int) -> Session:
        """The session, made to last from now."""
        row = await self._row(contact_id)
        if row is None:
            return Session(contact_id=contact_id)
        until = await self._lasts_until(row)
        if until <= self._now():
            return self._session(row, until=until)
        later = self._now() + self.lifetime
        if await self._is_kept_beside(row, later):
            return self._session(row, until=later)
        return await self._record(row, later)

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

    async def _row(self, contact_id: int) -> sa.Row[Any] | None:
        query = sa.select(sessions).where(sessions.c.contact_id == contact_id)
        async with self._database.read() as connection:
            return (await connection.execute(query)).one_or_none()

    async def _lasts_until(self, row: sa.Row[Any]) -> datetime:
        """The recorded time, or the little more that was kept beside it."""
        recorded: datetime = row.expires_at
        at_most = recorded + self.lifetime * _RECORDED_WITHIN
        if self._slides is None or not recorded <= self._now() < at_most:
            return recorded
        beside = await self._slides.until(row.contact_id, recorded=recorded)
        return max(recorded, min(beside or recorded, at_most))

    async def _is_kept_beside(self, row: sa.Row[Any], later: datetime) -> bool:
        behind = later - row.expires_at
        if self._slides is None or behind >= self.lifetime * _RECORDED_WITHIN:
            return False
        return await self._slides.slide(
            row.contact_id, recorded=row.expires_at, until=later
        )

    async def _record(self, row: sa.Row[Any], later: datetime) -> Session:
        """Record the new time, unless the session has changed since it was read."""
        is_as_read = (sessions.c.contact_id == row.contact_id) & (
            sessions.c.expires_at == row.expires_at
        )
        async with self._database.write() as connection:
            recorded = await connection.execute(
                sessions.update()
                .where(is_as_read)
                # Only the time: another channel may end the session at this moment.
                .values(expires_at=later)
                .returning(*sessions.c)
            )
            slid = recorded.one_or_none()
        if slid is None:
            return await self.of(row.contact_id)
        return self._session(slid, until=slid.expires_at)

    def _session(self, row: sa.Row[Any], *, until: datetime) -> Session:
        if until <= self._now():
            return Session(contact_id=row.contact_id, ended_at=row.ended_at)
        parent = (
            ParentIdentity(profile=row.profile, code=row.code, name=row.parent_name)
            if row.code
            else None
        )
        return Session(
            contact_id=row.contact_id,
            parent=parent,
            admin_mode=row.admin_mode,
            expires_at=until,
            ended_at=row.ended_at,
        )
