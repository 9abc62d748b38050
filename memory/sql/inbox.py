"""Where accepted messages wait. What is here is never lost."""

from collections.abc import Callable, Sequence
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from ..records import Contact, Conversation, Incoming, Message, MessageState, Mode
from .database import Database
from .tables import aliases, contacts, conversations, messages, spelt_out
from .upsert import insert_once

_WAITING = spelt_out(MessageState.WAITING)


class Inbox:
    """The people who write, their conversations and their messages."""

    def __init__(self, database: Database, now: Callable[[], datetime]) -> None:
        self._database = database
        self._now = now

    async def receive(self, incoming: Incoming) -> Message | None:
        """Keep a message, or None when its key was kept before (nothing changes).

        Raises:
            Unkept: the database cannot take it now.
        """
        async with self._database.write() as connection:
            contact_id = await self._contact_id(connection, incoming)
            conversation_id = await self._conversation_id(
                connection, contact_id, incoming
            )
            message_id = await insert_once(
                connection,
                messages,
                key=incoming.key,
                conversation_id=conversation_id,
                text=incoming.text.replace("\0", ""),  # Postgres refuses NUL
                sent_at=incoming.sent_at,
                received_at=self._now(),
                correlation_id=incoming.correlation_id,
            )
            if message_id is None:
                return None
            kept = await connection.execute(
                sa.select(messages).where(messages.c.id == message_id)
            )
            return to_message(kept.one())

    async def waiting_conversations(self) -> Sequence[int]:
        """The conversations with waiting messages, longest waiting first."""
        query = (
            sa.select(messages.c.conversation_id)
            .where(messages.c.state == _WAITING)
            .group_by(messages.c.conversation_id)
            .order_by(sa.func.min(messages.c.id))
        )
        async with self._database.read() as connection:
            return (await connection.execute(query)).scalars().all()

    async def oldest_waiting_s(self) -> float:
        """For how long the oldest waiting message has waited, in seconds; 0: none."""
        query = sa.select(sa.func.min(messages.c.received_at)).where(
            messages.c.state == _WAITING
        )
        async with self._database.read() as connection:
            oldest = (await connection.execute(query)).scalar()
        return (self._now() - oldest).total_seconds() if oldest else 0.0

    async def waiting(self, conversation_id: int) -> Sequence[Message]:
        """The waiting messages of a conversation, oldest first."""
        return await self._messages(
            messages.c.conversation_id == conversation_id,
            messages.c.state == _WAITING,
        )

    async def take(self, conversation_id: int) -> Sequence[Message]:
        """The waiting messages, each counted as tried once more.

        The count is kept before anybody works on them, so that a message that
        kills the process is parked in the end.
        """
        async with self._database.write() as connection:
            waiting = (messages.c.conversation_id == conversation_id) & (
                messages.c.state == _WAITING
            )
            await connection.execute(
                messages.update()
                .where(waiting)
                .values(attempts=messages.c.attempts + 1)
            )
            rows = await connection.execute(
                sa.select(messages).where(waiting).order_by(messages.c.id)
            )
            return [to_message(row) for row in rows]

    async def hold(self, seen: Conversation) -> int:
        """Leave the waiting messages to the human of the conversation: how many.

        None when it has changed hands since it was `seen`: nobody would find them.
        """
        async with self._database.write() as connection:
            version = await connection.execute(
                sa.select(conversations.c.version)
                .where(conversations.c.id == seen.id)
                .with_for_update()
            )
            if version.scalar() != seen.version:
                return 0
            done = await connection.execute(
                messages.update()
                .where(messages.c.conversation_id == seen.id)
                .where(messages.c.state == _WAITING)
                .values(state=MessageState.HELD)
            )
            return done.rowcount

    async def message(self, message_id: int) -> Message | None:
        """One message."""
        found = await self._messages(messages.c.id == message_id)
        return found[0] if found else None

    async def since(self, conversation_id: int, moment: datetime) -> Sequence[Message]:
        """All messages of a conversation received after `moment`, oldest first."""
        return await self._messages(
            messages.c.conversation_id == conversation_id,
            messages.c.received_at > moment,
        )

    async def parked(self) -> Sequence[Message]:
        """Messages that nobody could answer."""
        return await self._messages(messages.c.state == MessageState.PARKED)

    async def settle(self, message_id: int) -> None:
        """A person has seen to a parked message."""
        async with self._database.write() as connection:
            await connection.execute(
                messages.update()
                .where(messages.c.id == message_id)
                .where(messages.c.state == MessageState.PARKED)
                .values(state=MessageState.HELD)
            )

    async def conversation(self, conversation_id: int) -> Conversation:
        """One conversation, as it is now."""
        query = sa.select(conversations).where(conversations.c.id == conversation_id)
        async with self._database.read() as connection:
            return to_conversation((await connection.execute(query)).one())

    async def conversation_of(self, alias: str, channel: str) -> Conversation | None:
        """The conversation of whoever is known by `alias`, on this channel."""
        query = (
            sa.select(conversations)
            .join(aliases, aliases.c.contact_id == conversations.c.contact_id)
            .where(aliases.c.alias == alias, conversations.c.channel == channel)
        )
        async with self._database.read() as connection:
            row = (await connection.execute(query)).one_or_none()
        return None if row is None else to_conversation(row)

    async def contact_of(self, alias: str) -> Contact | None:
        """Who is known by `alias`."""
        query = sa.select(aliases.c.contact_id).where(aliases.c.alias == alias)
        async with self._database.read() as connection:
            found = (await connection.execute(query)).scalar()
        return None if found is None else await self.contact(found)

    async def contact(self, contact_id: int) -> Contact:
        """One contact with all aliases."""
        async with self._database.read() as connection:
            row = (
                await connection.execute(
                    sa.select(contacts).where(contacts.c.id == contact_id)
                )
            ).one()
            known_by = await connection.execute(
                sa.select(aliases.c.alias)
                .where(aliases.c.contact_id == contact_id)
                .order_by(aliases.c.alias)
            )
            return Contact(id=row.id, aliases=tuple(known_by.scalars()), name=row.name)

    async def _messages(self, *where: sa.ColumnElement[bool]) -> Sequence[Message]:
        query = sa.select(messages).where(*where).order_by(messages.c.id)
        async with self._database.read() as connection:
            return [to_message(row) for row in await connection.execute(query)]

    async def _contact_id(self, connection: AsyncConnection, new: Incoming) -> int:
        known = await connection.execute(
            sa.select(aliases.c.alias, aliases.c.contact_id).where(
                aliases.c.alias.in_(new.aliases)
            )
        )
        by_alias = {row.alias: row.contact_id for row in known}
        known_as = next((by_alias[a] for a in new.aliases if a in by_alias), None)
        contact_id = known_as or await self._insert_contact(connection, new)
        for alias in new.aliases:
            if alias not in by_alias:
                await insert_once(
                    connection, aliases, alias=alias, contact_id=contact_id
                )
        if known_as is None:
            return await _first_met(connection, contact_id, new)
        return contact_id

    async def _insert_contact(self, connection: AsyncConnection, new: Incoming) -> int:
        inserted = await connection.execute(
            contacts.insert()
            .values(name=new.name, created_at=self._now())
            .returning(contacts.c.id)
        )
        return inserted.scalar_one()

    async def _conversation_id(
        self, connection: AsyncConnection, contact_id: int, new: Incoming
    ) -> int:
        await insert_once(
            connection,
            conversations,
            contact_id=contact_id,
            channel=new.channel,
            address=new.address,
        )
        mine = (conversations.c.contact_id == contact_id) & (
            conversations.c.channel == new.channel
        )
        row = (
            await connection.execute(
                sa.select(conversations.c.id, conversations.c.address).where(mine)
            )
        ).one()
        if row.address != new.address:
            await connection.execute(
                conversations.update().where(mine).values(address=new.address)
            )
        return row.id


async def _first_met(connection: AsyncConnection, ours: int, new: Incoming) -> int:
    """The contact that stays when two processes met the same new person at once."""
    owners = await connection.execute(
        sa.select(aliases.c.contact_id)
        .where(aliases.c.alias.in_(new.aliases), aliases.c.contact_id != ours)
        .limit(1)
    )
    theirs = owners.scalar()
    if theirs is None:
        return ours
    await connection.execute(
        aliases.update().where(aliases.c.contact_id == ours).values(contact_id=theirs)
    )
    await connection.execute(contacts.delete().where(contacts.c.id == ours))
    return theirs


def to_message(row: sa.Row[tuple[object, ...]]) -> Message:
    """A row of `messages` as a record."""
    return Message(
        id=row.id,
        key=row.key,
        conversation_id=row.conversation_id,
        text=row.text,
        received_at=row.received_at,
        state=MessageState(row.state),
        attempts=row.attempts,
        correlation_id=row.correlation_id,
        turn_id=row.turn_id,
    )


def to_conversation(row: sa.Row[tuple[object, ...]]) -> Conversation:
    """A row of `conversations` as a record."""
    return Conversation(
        id=row.id,
        contact_id=row.contact_id,
        channel=row.channel,
        address=row.address,
        mode=Mode(row.mode),
        version=row.version,
    )
