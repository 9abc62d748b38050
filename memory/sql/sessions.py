"""What each contact has proved, for as long as the session lasts."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple, Protocol

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from ..records import Grant, ParentIdentity, Session, Withdrawal
from .database import Database
from .grants import end_grants, grants_of, open_grant
from .tables import grants, sessions
from .upsert import insert_once

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


class _Kept(NamedTuple):
    row: sa.Row[Any]
    granted: Sequence[Grant]


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
        kept = await self._kept(contact_id)
        if kept is None:
            return Session(contact_id=contact_id)
        return self._session(kept, until=await self._lasts_until(kept.row))

    async def touch(self, contact_id: int) -> Session:
        """The session, made to last from now."""
        kept = await self._kept(contact_id)
        if kept is None:
            return Session(contact_id=contact_id)
        until = await self._lasts_until(kept.row)
        if until <= self._now():
            return self._session(kept, until=until)
        later = self._now() + self.lifetime
        if await self._is_kept_beside(kept.row, later):
            return self._session(kept, until=later)
        return await self._record(kept.row, later)

    async def prove(
        self, contact_id: int, parent: ParentIdentity, *, beside_others: bool = False
    ) -> Session:
        """The contact is this parent now.

        `beside_others`: it is the same person's other code, and what they proved
        before stays open; otherwise it is closed.
        """
        now = self._now()
        async with self._database.write() as connection:
            await self._begin(connection, contact_id, now)
            if not beside_others:
                await end_grants(connection, contact_id, now, grants.c.child == "")
            await open_grant(connection, contact_id, parent, now)
        return await self.of(contact_id)

    async def set_admin_mode(self, contact_id: int, *, on: bool) -> Session:
        """Enter or leave super-admin mode."""
        async with self._database.write() as connection:
            await self._begin(connection, contact_id, self._now())
            await _set(connection, contact_id, admin_mode=on)
        return await self.of(contact_id)

    async def end(self, contact_id: int) -> None:
        """Forget what was proved; what was said before counts no more."""
        now = self._now()
        async with self._database.write() as connection:
            await self._begin(connection, contact_id, now)
            await end_grants(connection, contact_id, now)
            await _set(connection, contact_id, admin_mode=False, ended_at=now)

    async def _kept(self, contact_id: int) -> _Kept | None:
        query = sa.select(sessions).where(sessions.c.contact_id == contact_id)
        async with self._database.read() as connection:
            row = (await connection.execute(query)).one_or_none()
            if row is None:
                return None
            return _Kept(row, await grants_of(connection, contact_id))

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
            granted = await grants_of(connection, row.contact_id)
        if slid is None:
            return await self.of(row.contact_id)
        return self._session(_Kept(slid, granted), until=slid.expires_at)

    def _session(self, kept: _Kept, *, until: datetime) -> Session:
        row = kept.row
        if until <= self._now():
            return Session(contact_id=row.contact_id, ended_at=row.ended_at)
        return Session(
            contact_id=row.contact_id,
            parents=_parents(kept.granted),
            withdrawn=_withdrawn(kept.granted),
            admin_mode=row.admin_mode,
            expires_at=until,
            ended_at=row.ended_at,
        )

    async def _begin(
        self, connection: AsyncConnection, contact_id: int, now: datetime
    ) -> None:
        """A session that lasts from now; an ended one begins without what it had."""
        until = now + self.lifetime
        await insert_once(connection, sessions, contact_id=contact_id, expires_at=until)
        ended = await connection.execute(
            sessions.update()
            .where(sessions.c.contact_id == contact_id, sessions.c.expires_at <= now)
            .values(admin_mode=False)
        )
        if ended.rowcount:
            await end_grants(connection, contact_id, now)
        await _set(connection, contact_id, expires_at=until)


async def _set(connection: AsyncConnection, contact_id: int, **values: object) -> None:
    await connection.execute(
        sessions.update().where(sessions.c.contact_id == contact_id).values(**values)
    )


def _parents(granted: Sequence[Grant]) -> tuple[ParentIdentity, ...]:
    return tuple(
        ParentIdentity(profile=grant.profile, code=grant.code, name=grant.name)
        for grant in granted
        if grant.is_open()
    )


def _withdrawn(granted: Sequence[Grant]) -> tuple[Withdrawal, ...]:
    return tuple(
        Withdrawal(code=grant.code, child=grant.child)
        for grant in granted
        if grant.revoked_at
    )
