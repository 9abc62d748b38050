"""Where decided replies wait until a channel has delivered them."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from ..records import Outgoing, OutgoingState
from .database import Database
from .tables import outbox, spelt_out
from .upsert import insert_once

LEASE = timedelta(seconds=30)  # longer than any channel's HTTP timeout
_OPEN = [spelt_out(OutgoingState.WAITING), spelt_out(OutgoingState.SENDING)]


class Outbox:
    """Replies on their way, in order within each conversation."""

    def __init__(self, database: Database, now: Callable[[], datetime]) -> None:
        self._database = database
        self._now = now

    async def lease(self) -> Outgoing | None:
        """The next one to send, ours alone until its lease ends; or None.

        `is_in_doubt` says that an earlier sending was never confirmed.
        """
        now = self._now()
        due = sa.or_(
            sa.and_(
                outbox.c.state == OutgoingState.WAITING, outbox.c.not_before <= now
            ),
            sa.and_(
                outbox.c.state == OutgoingState.SENDING, outbox.c.lease_until <= now
            ),
        )
        earlier = outbox.alias()
        is_behind = (
            sa.select(earlier.c.id)
            .where(earlier.c.conversation_id == outbox.c.conversation_id)
            .where(earlier.c.state.in_(_OPEN), earlier.c.id < outbox.c.id)
            .exists()
        )
        query = (
            sa.select(outbox)
            .where(outbox.c.state.in_(_OPEN), due, ~is_behind)
            .order_by(outbox.c.id)
            .limit(1)
            .with_for_update(skip_locked=True)
        )
        async with self._database.write() as connection:
            row = (await connection.execute(query)).one_or_none()
            if row is None:
                return None
            await connection.execute(
                outbox.update()
                .where(outbox.c.id == row.id)
                .values(
                    state=OutgoingState.SENDING,
                    lease_until=now + LEASE,
                    attempts=row.attempts + 1,
                )
            )
        return to_outgoing(row, is_in_doubt=row.state == OutgoingState.SENDING)

    async def put(
        self,
        *,
        key: str,
        channel: str,
        address: str,
        text: str,
        correlation_id: str,
        conversation_id: int | None = None,
    ) -> None:
        """Have something sent that is not the reply of a turn. Once per key."""
        async with self._database.write() as connection:
            await add_outgoing(
                connection,
                now=self._now(),
                key=key,
                channel=channel,
                address=address,
                text=text,
                correlation_id=correlation_id,
                conversation_id=conversation_id,
            )

    async def note_platform_id(self, outgoing_id: int, platform_id: str) -> None:
        """Keep the platform's id of the message, before it is sent."""
        await self._set(outgoing_id, platform_id=platform_id)

    async def mark_sent(self, outgoing_id: int, platform_id: str | None) -> None:
        """The platform has it."""
        values: dict[str, Any] = {"platform_id": platform_id} if platform_id else {}
        await self._set(
            outgoing_id, state=OutgoingState.SENT, sent_at=self._now(), **values
        )

    async def postpone(
        self, outgoing_id: int, *, retry_after_s: float, problem: str
    ) -> None:
        """Not now: again in `retry_after_s`."""
        await self._set(
            outgoing_id,
            state=OutgoingState.WAITING,
            not_before=self._now() + timedelta(seconds=retry_after_s),
            problem=problem,
        )

    async def park(self, outgoing_id: int, problem: str) -> None:
        """Asking again will not help: show it to people."""
        await self._set(outgoing_id, state=OutgoingState.PARKED, problem=problem)

    async def settle(self, outgoing_id: int) -> bool:
        """A person has seen to a parked reply. False when it is not parked."""
        async with self._database.write() as connection:
            done = await connection.execute(
                outbox.update()
                .where(outbox.c.id == outgoing_id)
                .where(outbox.c.state == OutgoingState.PARKED)
                .values(state=OutgoingState.SEEN)
            )
            return done.rowcount == 1

    async def release_leases(self) -> None:
        """End every lease: this process is the only one and has just started."""
        async with self._database.write() as connection:
            await connection.execute(
                outbox.update()
                .where(outbox.c.state == OutgoingState.SENDING)
                .values(lease_until=self._now())
            )

    async def of_conversation(
        self, conversation_id: int, *, after: int = 0
    ) -> Sequence[Outgoing]:
        """What was said to the contact, oldest first."""
        return await self._select(
            outbox.c.conversation_id == conversation_id, outbox.c.id > after
        )

    async def of_turn(self, turn_id: int) -> Sequence[Outgoing]:
        """The replies of a turn."""
        return await self._select(outbox.c.turn_id == turn_id)

    async def parked(self) -> Sequence[Outgoing]:
        """What no platform would take."""
        return await self._select(outbox.c.state == spelt_out(OutgoingState.PARKED))

    async def knows_platform_id(self, platform_id: str) -> bool:
        """Whether a message of this platform id is one of ours (our own echo)."""
        return bool(await self._select(outbox.c.platform_id == platform_id))

    async def _select(self, *where: sa.ColumnElement[bool]) -> Sequence[Outgoing]:
        query = sa.select(outbox).where(*where).order_by(outbox.c.id)
        async with self._database.read() as connection:
            return [to_outgoing(row) for row in await connection.execute(query)]

    async def _set(self, outgoing_id: int, **values: Any) -> None:
        async with self._database.write() as connection:
            await connection.execute(
                outbox.update().where(outbox.c.id == outgoing_id).values(**values)
            )


async def add_outgoing(
    connection: AsyncConnection, *, now: datetime, **values: Any
) -> None:
    """Add to the outbox inside a transaction of the caller. Once per key."""
    await insert_once(connection, outbox, created_at=now, not_before=now, **values)


def to_outgoing(
    row: sa.Row[tuple[object, ...]], *, is_in_doubt: bool = False
) -> Outgoing:
    """A row of `outbox` as a record."""
    return Outgoing(
        id=row.id,
        key=row.key,
        channel=row.channel,
        address=row.address,
        text=row.text,
        state=OutgoingState(row.state),
        attempts=row.attempts,
        created_at=row.created_at,
        correlation_id=row.correlation_id,
        conversation_id=row.conversation_id,
        platform_id=row.platform_id,
        sent_at=row.sent_at,
        problem=row.problem,
        is_in_doubt=is_in_doubt,
    )
