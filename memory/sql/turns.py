"""The turns of each conversation: what was said, called and answered."""

from collections.abc import Callable, Sequence
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from ..records import (
    BY_STAFF,
    Conversation,
    Message,
    MessageState,
    Mode,
    NewTurn,
    Service,
    ToolCall,
    ToolOutcome,
    Turn,
)
from .database import Database
from .outbox import add_outgoing
from .tables import conversations, messages, outbox, turns


class Turns:
    """Finished turns, and the one transaction that finishes one."""

    def __init__(self, database: Database, now: Callable[[], datetime]) -> None:
        self._database = database
        self._now = now

    async def finish(
        self, seen: Conversation, answered: Sequence[Message], turn: NewTurn
    ) -> int | None:
        """Keep the turn, its replies and the mark on its messages: all or nothing.

        Returns the id of the turn, or None when nothing was kept because things
        changed meanwhile: a human took over, or the messages were answered.
        """
        return await self._settle(seen, answered, turn, as_=MessageState.ANSWERED)

    async def park(
        self, seen: Conversation, unanswered: Sequence[Message], turn: NewTurn
    ) -> int | None:
        """Nobody could answer: show the messages to people, send the apology.

        Returns the id of the turn, or None as `finish` does: whoever took over or
        answered meanwhile needs no apology of ours.
        """
        return await self._settle(seen, unanswered, turn, as_=MessageState.PARKED)

    async def answer_as_human(
        self, seen: Conversation, *, staff_id: int, text: str, key: str
    ) -> None:
        """A person of the service answers: kept as a turn, sent, messages settled.

        Once per key: the same form sent twice changes nothing. Who it was is kept
        in the correlation id, by number: that id is in the log, a name must not be.
        """
        async with self._database.write() as connection:
            await connection.execute(
                sa.select(conversations.c.id)
                .where(conversations.c.id == seen.id)
                .with_for_update()
            )
            sent = sa.select(outbox.c.id).where(outbox.c.key == key)
            if (await connection.execute(sent)).scalar() is not None:
                return
            rows = await connection.execute(
                sa.select(messages.c.id, messages.c.text)
                .where(messages.c.conversation_id == seen.id)
                .where(messages.c.state.in_((MessageState.HELD, MessageState.WAITING)))
                .where(messages.c.turn_id.is_(None))
                .order_by(messages.c.id)
            )
            found = rows.all()
            turn = NewTurn(
                started_at=self._now(),
                provider="human",
                service=Service.CONTACT_HUMAIN,
                correlation_id=f"{BY_STAFF}{staff_id}",
                replies=(text,),
            )
            turn_id = await self._insert_row(
                connection, seen.id, turn, [row.text for row in found]
            )
            await connection.execute(
                messages.update()
                .where(messages.c.id.in_([row.id for row in found]))
                .values(state=MessageState.ANSWERED, turn_id=turn_id)
            )
            await add_outgoing(
                connection,
                now=self._now(),
                key=key,
                channel=seen.channel,
                address=seen.address,
                text=text,
                correlation_id=turn.correlation_id,
                conversation_id=seen.id,
                turn_id=turn_id,
            )

    async def recent(
        self, conversation_id: int, *, at_most: int, since: datetime | None = None
    ) -> Sequence[Turn]:
        """The last turns, oldest first."""
        query = (
            sa.select(turns)
            .where(turns.c.conversation_id == conversation_id)
            .order_by(turns.c.id.desc())
            .limit(at_most)
        )
        if since is not None:
            query = query.where(turns.c.ended_at > since)
        async with self._database.read() as connection:
            rows = (await connection.execute(query)).all()
        return [_to_turn(row) for row in reversed(rows)]

    async def turn(self, turn_id: int) -> Turn | None:
        """One turn."""
        query = sa.select(turns).where(turns.c.id == turn_id)
        async with self._database.read() as connection:
            row = (await connection.execute(query)).one_or_none()
        return None if row is None else _to_turn(row)

    async def count_since(self, contact_id: int, moment: datetime) -> int:
        """How many turns this contact had after `moment`, over all channels."""
        query = (
            sa.select(sa.func.count())
            .select_from(turns.join(conversations))
            .where(conversations.c.contact_id == contact_id)
            .where(turns.c.started_at > moment, turns.c.provider != "human")
        )
        async with self._database.read() as connection:
            return (await connection.execute(query)).scalar_one()

    async def _settle(
        self,
        seen: Conversation,
        said: Sequence[Message],
        turn: NewTurn,
        *,
        as_: MessageState,
    ) -> int | None:
        async with self._database.write() as connection:
            if not await _is_still_ours(connection, seen):
                return None
            turn_id = await self._insert(connection, seen, said, turn)
            marked = await connection.execute(
                messages.update()
                .where(messages.c.id.in_([m.id for m in said]))
                .where(messages.c.state == MessageState.WAITING)
                .values(state=as_, turn_id=turn_id)
            )
            if marked.rowcount != len(said):
                await connection.rollback()
                return None
            await self._put_replies(connection, seen, turn_id, said, turn)
            return turn_id

    async def _insert(
        self,
        connection: AsyncConnection,
        seen: Conversation,
        said: Sequence[Message],
        turn: NewTurn,
    ) -> int:
        return await self._insert_row(connection, seen.id, turn, [m.text for m in said])

    async def _insert_row(
        self,
        connection: AsyncConnection,
        conversation_id: int,
        turn: NewTurn,
        said: Sequence[str],
    ) -> int:
        inserted = await connection.execute(
            turns.insert()
            .values(
                conversation_id=conversation_id,
                started_at=turn.started_at,
                ended_at=self._now(),
                provider=turn.provider,
                model_calls=turn.model_calls,
                tools=[_call_to_json(call) for call in turn.tools],
                service=turn.service,
                findings=list(turn.findings),
                correlation_id=turn.correlation_id,
                history=turn.history,
                said=list(said),
                replies=list(turn.replies),
            )
            .returning(turns.c.id)
        )
        return inserted.scalar_one()

    async def _put_replies(
        self,
        connection: AsyncConnection,
        seen: Conversation,
        turn_id: int,
        answered: Sequence[Message],
        turn: NewTurn,
    ) -> None:
        for position, text in enumerate(turn.replies):
            await add_outgoing(
                connection,
                now=self._now(),
                key=f"reply:{answered[0].key}:{position}",
                channel=seen.channel,
                address=seen.address,
                text=text,
                correlation_id=turn.correlation_id,
                conversation_id=seen.id,
                turn_id=turn_id,
            )


async def _is_still_ours(connection: AsyncConnection, seen: Conversation) -> bool:
    row = await connection.execute(
        sa.select(conversations.c.mode, conversations.c.version)
        .where(conversations.c.id == seen.id)
        .with_for_update()
    )
    now = row.one_or_none()  # None: the contact was forgotten meanwhile
    return now is not None and (now.mode != Mode.HUMAN and now.version == seen.version)


def _call_to_json(call: ToolCall) -> dict[str, object]:
    return {
        "name": call.name,
        "arguments": dict(call.arguments),
        "outcome": call.outcome,
        "duration_ms": call.duration_ms,
    }


def _to_turn(row: sa.Row[tuple[object, ...]]) -> Turn:
    return Turn(
        id=row.id,
        conversation_id=row.conversation_id,
        started_at=row.started_at,
        ended_at=row.ended_at,
        provider=row.provider,
        model_calls=row.model_calls,
        tools=tuple(
            ToolCall(
                name=call["name"],
                arguments=call["arguments"],
                outcome=ToolOutcome(call["outcome"]),
                duration_ms=call["duration_ms"],
            )
            for call in row.tools
        ),
        service=Service(row.service),
        findings=tuple(row.findings),
        correlation_id=row.correlation_id,
        history=row.history,
        said=tuple(row.said),
        replies=tuple(row.replies),
    )
