"""Requests for a human, and who holds which conversation."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from ..records import Handoff, MessageState, Mode
from .database import Database
from .outbox import add_outgoing
from .tables import conversations, handoffs, messages


@dataclass(frozen=True, kw_only=True)
class Card:
    """What staff are told of a new handoff, and where."""

    channel: str
    address: str
    text: Callable[[int], str]  # of the handoff's number
    correlation_id: str


class Handoffs:
    """`bot` → `waiting` → `human` → `bot`."""

    def __init__(self, database: Database, now: Callable[[], datetime]) -> None:
        self._database = database
        self._now = now

    async def request(
        self,
        conversation_id: int,
        *,
        key: str,
        reason: str,
        urgent: bool,
        card: Card | None,
    ) -> tuple[Handoff, bool]:
        """The open handoff of the conversation, and whether this call made it.

        Asking again for an open one makes no second, but may make it urgent. The
        card for staff is put into the outbox in the same transaction.
        """
        async with self._database.write() as connection:
            await connection.execute(
                sa.select(conversations.c.id)
                .where(conversations.c.id == conversation_id)
                .with_for_update()
            )
            found = await self._open(connection, conversation_id)
            if found and (found.urgent or not urgent):
                return found, False
            if found:
                await connection.execute(
                    handoffs.update()
                    .where(handoffs.c.id == found.id)
                    .values(urgent=True, reason=reason)
                )
                handoff_id = found.id
            else:
                handoff_id = await self._insert(
                    connection, conversation_id, key, reason, urgent=urgent
                )
            if card:
                await add_outgoing(
                    connection,
                    now=self._now(),
                    key=f"card:{handoff_id}:{'urgent' if urgent else 'new'}",
                    channel=card.channel,
                    address=card.address,
                    text=card.text(handoff_id),
                    correlation_id=card.correlation_id,
                )
            row = await connection.execute(
                sa.select(handoffs).where(handoffs.c.id == handoff_id)
            )
            return _to_handoff(row.one()), found is None

    async def claim(self, handoff_id: int, *, staff: str) -> bool:
        """The first to claim holds the conversation; whether that was this one."""
        async with self._database.write() as connection:
            won = await connection.execute(
                handoffs.update()
                .where(handoffs.c.id == handoff_id, handoffs.c.claimed_at.is_(None))
                .where(handoffs.c.returned_at.is_(None))
                .values(claimed_by=staff, claimed_at=self._now())
                .returning(handoffs.c.conversation_id)
            )
            conversation_id = won.scalar()
            if conversation_id is None:
                return False
            await _set_mode(connection, conversation_id, Mode.HUMAN)
            return True

    async def give_back(self, handoff_id: int) -> bool:
        """Close the handoff: the agent answers again. False when it was closed.

        What the human has not answered waits again, so that nothing ends in silence.
        """
        async with self._database.write() as connection:
            closed = await connection.execute(
                handoffs.update()
                .where(handoffs.c.id == handoff_id, handoffs.c.returned_at.is_(None))
                .values(returned_at=self._now())
                .returning(handoffs.c.conversation_id)
            )
            conversation_id = closed.scalar()
            if conversation_id is None:
                return False
            await _set_mode(connection, conversation_id, Mode.BOT)
            await connection.execute(
                messages.update()
                .where(messages.c.conversation_id == conversation_id)
                .where(messages.c.state == MessageState.HELD)
                .where(messages.c.turn_id.is_(None))
                .values(state=MessageState.WAITING)
            )
            return True

    async def handoff(self, handoff_id: int) -> Handoff | None:
        """One handoff."""
        found = await self._select(handoffs.c.id == handoff_id)
        return found[0] if found else None

    async def open(self) -> Sequence[Handoff]:
        """All that wait or are claimed: urgent ones first, then the oldest."""
        return await self._select(handoffs.c.returned_at.is_(None))

    async def is_open(self, conversation_id: int) -> bool:
        """Whether somebody of this conversation waits for, or has, a human."""
        async with self._database.read() as connection:
            return await self._open(connection, conversation_id) is not None

    async def count_open(self) -> int:
        """How many wait or are claimed."""
        return len(await self.open())

    async def count(self, conversation_id: int) -> int:
        """How many handoffs this conversation ever had."""
        return len(await self._select(handoffs.c.conversation_id == conversation_id))

    async def _insert(
        self,
        connection: AsyncConnection,
        conversation_id: int,
        key: str,
        reason: str,
        *,
        urgent: bool,
    ) -> int:
        inserted = await connection.execute(
            handoffs.insert()
            .values(
                key=await self._own_key(connection, conversation_id, key),
                conversation_id=conversation_id,
                reason=reason,
                urgent=urgent,
                requested_at=self._now(),
            )
            .returning(handoffs.c.id)
        )
        await connection.execute(
            conversations.update()
            .where(conversations.c.id == conversation_id)
            .where(conversations.c.mode == Mode.BOT)
            .values(mode=Mode.WAITING)
        )
        return inserted.scalar_one()

    async def _own_key(
        self, connection: AsyncConnection, conversation_id: int, key: str
    ) -> str:
        """The key, told apart from those of requests that were given back since."""
        earlier = await connection.execute(
            sa.select(sa.func.count())
            .select_from(handoffs)
            .where(handoffs.c.conversation_id == conversation_id)
            .where((handoffs.c.key == key) | handoffs.c.key.startswith(f"{key}~"))
        )
        count = earlier.scalar_one()
        return f"{key}~{count}" if count else key

    async def _open(
        self, connection: AsyncConnection, conversation_id: int
    ) -> Handoff | None:
        row = (
            await connection.execute(
                sa.select(handoffs)
                .where(handoffs.c.conversation_id == conversation_id)
                .where(handoffs.c.returned_at.is_(None))
            )
        ).one_or_none()
        return None if row is None else _to_handoff(row)

    async def _select(self, *where: sa.ColumnElement[bool]) -> Sequence[Handoff]:
        query = (
            sa.select(handoffs)
            .where(*where)
            .order_by(handoffs.c.urgent.desc(), handoffs.c.id)
        )
        async with self._database.read() as connection:
            return [_to_handoff(row) for row in await connection.execute(query)]


async def _set_mode(
    connection: AsyncConnection, conversation_id: int, mode: Mode
) -> None:
    await connection.execute(
        conversations.update()
        .where(conversations.c.id == conversation_id)
        .values(mode=mode, version=conversations.c.version + 1)
    )


def _to_handoff(row: sa.Row[tuple[object, ...]]) -> Handoff:
    return Handoff(
        id=row.id,
        conversation_id=row.conversation_id,
        reason=row.reason,
        urgent=row.urgent,
        requested_at=row.requested_at,
        claimed_by=row.claimed_by,
        claimed_at=row.claimed_at,
        returned_at=row.returned_at,
    )
