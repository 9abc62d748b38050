"""The inbox: what is accepted is kept once, in order, and never lost."""

import asyncio
from dataclasses import replace
from datetime import UTC, timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import StatementError

from memory import Memory
from memory.records import Conversation, Message, MessageState, Mode
from memory.sql.tables import contacts
from tests.conftest import Clock

from .contract import MemoryContract, OnPostgres, OnSqlite
from .letters import begin, receive, wrote


async def seen(memory: Memory, message: Message) -> Conversation:
    """The conversation of a message, as it is now."""
    return await memory.inbox.conversation(message.conversation_id)


class InboxContract(MemoryContract):
    async def test_a_received_message_waits(self, memory: Memory) -> None:
        incoming = wrote("C'est combien ?", key="telegram:7")

        message = await receive(memory, incoming)

        assert message.text == "C'est combien ?"
        assert message.state is MessageState.WAITING
        assert message.attempts == 0
        assert message.turn_id is None
        assert message.correlation_id == incoming.correlation_id
        assert await memory.inbox.waiting(message.conversation_id) == [message]
        assert await memory.inbox.message(message.id) == message

    async def test_a_key_seen_before_changes_nothing(self, memory: Memory) -> None:
        first = await receive(memory, wrote("Bonjour", key="telegram:7"))

        again = await memory.inbox.receive(wrote("Autre chose", key="telegram:7"))

        assert again is None
        assert await memory.inbox.waiting(first.conversation_id) == [first]

    async def test_fifty_calls_with_one_key_keep_one_message(
        self, memory: Memory, neighbour: Memory
    ) -> None:
        incoming = wrote(key="telegram:7")

        kept = await asyncio.gather(
            *(each.inbox.receive(incoming) for each in [memory, neighbour] * 25)
        )

        [message] = [found for found in kept if found]
        assert await memory.inbox.waiting(message.conversation_id) == [message]

    async def test_messages_met_at_once_by_two_processes_make_one_contact(
        self, memory: Memory, neighbour: Memory
    ) -> None:
        kept = await asyncio.gather(
            *(each.inbox.receive(wrote()) for each in [memory, neighbour] * 8)
        )

        assert len({found.conversation_id for found in kept if found}) == 1
        assert len([found for found in kept if found]) == 16
        assert await _contacts_kept(memory) == 1

    async def test_a_person_is_known_by_any_of_their_aliases(
        self, memory: Memory
    ) -> None:
        lid, phone = "whatsapp:1@lid", "whatsapp:+221770000101"
        first = await begin(memory, wrote(by=(lid, phone), channel="whatsapp"))

        by_phone = await begin(memory, wrote(by=phone, channel="whatsapp"))
        by_lid = await begin(memory, wrote(by=lid, channel="whatsapp"))

        assert first.id == by_phone.id == by_lid.id
        contact = await memory.inbox.contact(first.contact_id)
        assert set(contact.aliases) == {lid, phone}

    async def test_a_new_alias_of_a_known_person_is_learnt(
        self, memory: Memory
    ) -> None:
        first = await begin(memory, wrote(by="whatsapp:+1", channel="whatsapp"))
        both = wrote(by=("whatsapp:1@lid", "whatsapp:+1"), channel="whatsapp")

        again = await begin(memory, both)

        assert again.id == first.id
        found = await memory.inbox.conversation_of("whatsapp:1@lid", "whatsapp")
        assert found == again

    async def test_two_people_are_two_contacts(self, memory: Memory) -> None:
        one = await begin(memory, wrote(by="telegram:1"))
        other = await begin(memory, wrote(by="telegram:2"))

        assert one.contact_id != other.contact_id
        assert one.id != other.id

    async def test_one_person_on_two_channels_has_two_conversations(
        self, memory: Memory
    ) -> None:
        phone = "whatsapp:+221770000101"
        here = await begin(memory, wrote(by=phone, channel="whatsapp"))
        there = await begin(memory, wrote(by=phone, channel="web", address="w1"))

        assert here.contact_id == there.contact_id
        assert here.id != there.id
        assert await memory.inbox.conversation_of(phone, "web") == there
        assert await memory.inbox.conversation_of(phone, "telegram") is None
        assert await memory.inbox.conversation_of("web:nobody", "web") is None

    async def test_a_reply_goes_to_the_newest_address(self, memory: Memory) -> None:
        await begin(memory, wrote(address="old"))

        conversation = await begin(memory, wrote(address="new"))

        assert conversation.address == "new"

    async def test_a_new_conversation_is_held_by_the_bot(self, memory: Memory) -> None:
        conversation = await begin(memory, wrote(name="Awa"))

        assert conversation.mode is Mode.BOT
        assert conversation.channel == "telegram"
        contact = await memory.inbox.contact(conversation.contact_id)
        assert contact.name == "Awa"

    async def test_waiting_messages_come_in_the_order_they_were_kept(
        self, memory: Memory
    ) -> None:
        texts = ["Bonjour", "je voudrais", "les horaires"]
        kept = [await receive(memory, wrote(text)) for text in texts]

        waiting = await memory.inbox.waiting(kept[0].conversation_id)

        assert [message.text for message in waiting] == texts

    async def test_the_conversation_that_waits_longest_comes_first(
        self, memory: Memory
    ) -> None:
        first = await receive(memory, wrote(by="telegram:1"))
        second = await receive(memory, wrote(by="telegram:2"))
        await receive(memory, wrote(by="telegram:1"))

        order = await memory.inbox.waiting_conversations()

        assert list(order) == [first.conversation_id, second.conversation_id]

    async def test_the_oldest_waiting_message_tells_how_late_we_are(
        self, memory: Memory, clock: Clock
    ) -> None:
        assert await memory.inbox.oldest_waiting_s() == 0
        first = await receive(memory, wrote(by="telegram:1"))
        clock.forward(seconds=40)
        await receive(memory, wrote(by="telegram:2"))

        assert await memory.inbox.oldest_waiting_s() == 40
        await memory.inbox.hold(await seen(memory, first))
        assert await memory.inbox.oldest_waiting_s() == 0

    async def test_each_take_counts_one_attempt(self, memory: Memory) -> None:
        old = await receive(memory, wrote())
        await memory.inbox.take(old.conversation_id)
        await receive(memory, wrote())

        taken = await memory.inbox.take(old.conversation_id)

        assert [message.attempts for message in taken] == [2, 1]
        assert list(await memory.inbox.waiting(old.conversation_id)) == list(taken)

    async def test_nothing_is_taken_where_nothing_waits(self, memory: Memory) -> None:
        message = await receive(memory, wrote())
        await memory.inbox.hold(await seen(memory, message))

        assert list(await memory.inbox.take(message.conversation_id)) == []
        assert list(await memory.inbox.waiting_conversations()) == []

    async def test_held_messages_wait_for_nobody_but_the_human(
        self, memory: Memory
    ) -> None:
        first = await receive(memory, wrote())
        second = await receive(memory, wrote())
        elsewhere = await receive(memory, wrote(by="telegram:2"))

        assert await memory.inbox.hold(await seen(memory, first)) == 2
        assert await memory.inbox.hold(await seen(memory, first)) == 0

        for message in (first, second):
            found = await memory.inbox.message(message.id)
            assert found == replace(message, state=MessageState.HELD)
        assert await memory.inbox.message(elsewhere.id) == elsewhere

    async def test_only_a_parked_message_can_be_settled(self, memory: Memory) -> None:
        message = await receive(memory, wrote())

        await memory.inbox.settle(message.id)

        assert await memory.inbox.message(message.id) == message

    async def test_since_leaves_out_what_is_not_later(
        self, memory: Memory, clock: Clock
    ) -> None:
        old = await receive(memory, wrote("avant"))
        clock.forward(minutes=1)
        new = await receive(memory, wrote("après"))

        found = await memory.inbox.since(old.conversation_id, old.received_at)

        assert found == [new]

    async def test_moments_come_back_in_utc(self, memory: Memory, clock: Clock) -> None:
        message = await receive(memory, wrote())
        again = await memory.inbox.message(message.id)

        assert again is not None
        assert again.received_at == clock.now
        assert again.received_at.tzinfo is not None
        assert again.received_at.utcoffset() == timedelta(0)
        assert again.received_at.tzinfo == UTC

    async def test_a_moment_without_a_zone_is_refused(self, memory: Memory) -> None:
        naive = wrote().sent_at.replace(tzinfo=None)

        with pytest.raises(StatementError, match="zone"):
            await memory.inbox.receive(replace(wrote(key="k"), sent_at=naive))

        assert list(await memory.inbox.waiting_conversations()) == []

    @pytest.mark.parametrize("odd", ["a\x00b", "a\ud83d b", "\x00", "😀 œuf ’"])
    async def test_no_text_is_too_odd_to_be_kept(
        self, memory: Memory, odd: str
    ) -> None:
        message = await receive(memory, wrote(odd, name=odd))

        [kept] = await memory.inbox.waiting(message.conversation_id)
        assert kept == message
        assert kept.text.replace("�", "") == odd.replace("\x00", "").replace(
            "\ud83d", ""
        )

    async def test_unknown_messages_are_none(self, memory: Memory) -> None:
        assert await memory.inbox.message(1) is None


async def _contacts_kept(memory: Memory) -> int:
    async with memory.database.read() as connection:
        count = sa.select(sa.func.count()).select_from(contacts)
        return (await connection.execute(count)).scalar_one()


class TestInboxOnSqlite(OnSqlite, InboxContract):
    """One process, one file."""


class TestInboxOnPostgres(OnPostgres, InboxContract):
    """Several machines, one server."""
