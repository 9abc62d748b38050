"""The outbox: in order, leased to one, in doubt when a lease ends unconfirmed."""

import asyncio

from memory import Memory
from memory.records import Outgoing, OutgoingState
from memory.sql.outbox import LEASE
from tests.conftest import Clock

from .contract import MemoryContract, OnPostgres, OnSqlite
from .letters import begin, wrote


async def put(memory: Memory, text: str, conversation_id: int | None = None) -> None:
    await memory.outbox.put(
        key=f"note:{text}",
        channel="telegram",
        address="1",
        text=text,
        correlation_id="c1",
        conversation_id=conversation_id,
    )


async def leased(memory: Memory) -> Outgoing:
    outgoing = await memory.outbox.lease()
    assert outgoing is not None
    return outgoing


async def only(memory: Memory, conversation_id: int) -> Outgoing:
    [outgoing] = await memory.outbox.of_conversation(conversation_id)
    return outgoing


class OutboxContract(MemoryContract):
    async def test_nothing_is_leased_from_an_empty_outbox(self, memory: Memory) -> None:
        assert await memory.outbox.lease() is None

    async def test_what_is_put_twice_with_one_key_is_there_once(
        self, memory: Memory
    ) -> None:
        conversation = await begin(memory)

        for _ in range(2):
            await put(memory, "Bonjour", conversation.id)

        outgoing = await only(memory, conversation.id)
        assert outgoing.text == "Bonjour"
        assert outgoing.state is OutgoingState.WAITING
        assert outgoing.attempts == 0

    async def test_a_lease_hands_over_the_oldest(
        self, memory: Memory, clock: Clock
    ) -> None:
        await put(memory, "premier")
        await put(memory, "second")

        first, second = await leased(memory), await leased(memory)

        assert [first.text, second.text] == ["premier", "second"]
        assert first.created_at == clock.now
        assert not first.is_in_doubt
        assert await memory.outbox.lease() is None

    async def test_of_many_who_lease_at_once_one_gets_the_message(
        self, memory: Memory, neighbour: Memory
    ) -> None:
        await put(memory, "Bonjour")

        got = await asyncio.gather(
            *(each.outbox.lease() for each in [memory, neighbour] * 10)
        )

        assert len([outgoing for outgoing in got if outgoing]) == 1

    async def test_many_who_lease_at_once_share_the_messages_out(
        self, memory: Memory, neighbour: Memory
    ) -> None:
        for number in range(6):
            await put(memory, str(number))

        got = await asyncio.gather(
            *(each.outbox.lease() for each in [memory, neighbour] * 3)
        )
        rest = [await memory.outbox.lease() for _ in range(6)]

        texts = [outgoing.text for outgoing in [*got, *rest] if outgoing]
        assert sorted(texts) == ["0", "1", "2", "3", "4", "5"]

    async def test_a_conversation_waits_for_its_earlier_reply(
        self, memory: Memory
    ) -> None:
        conversation = await begin(memory)
        await put(memory, "premier", conversation.id)
        await put(memory, "second", conversation.id)

        first = await leased(memory)
        assert await memory.outbox.lease() is None
        await memory.outbox.mark_sent(first.id, "p1")

        assert (await leased(memory)).text == "second"

    async def test_a_postponed_reply_holds_back_the_later_ones(
        self, memory: Memory, clock: Clock
    ) -> None:
        conversation = await begin(memory)
        await put(memory, "premier", conversation.id)
        await put(memory, "second", conversation.id)
        first = await leased(memory)

        await memory.outbox.postpone(first.id, retry_after_s=60, problem="429")

        assert await memory.outbox.lease() is None
        clock.forward(seconds=61)
        assert (await leased(memory)).text == "premier"
        assert await memory.outbox.lease() is None

    async def test_one_conversation_does_not_wait_for_another(
        self, memory: Memory
    ) -> None:
        slow = await begin(memory, wrote(by="telegram:1"))
        quick = await begin(memory, wrote(by="telegram:2"))
        await put(memory, "lent", slow.id)
        await put(memory, "rapide", quick.id)

        assert {(await leased(memory)).text for _ in range(2)} == {"lent", "rapide"}

    async def test_a_parked_reply_lets_the_next_one_go(self, memory: Memory) -> None:
        conversation = await begin(memory)
        await put(memory, "premier", conversation.id)
        await put(memory, "second", conversation.id)
        first = await leased(memory)

        await memory.outbox.park(first.id, "telegram: 403")

        assert (await leased(memory)).text == "second"
        [parked] = await memory.outbox.parked()
        assert parked.text == "premier"
        assert parked.problem == "telegram: 403"
        assert parked.state is OutgoingState.PARKED

    async def test_a_parked_reply_that_somebody_has_seen_to_is_not_shown_again(
        self, memory: Memory
    ) -> None:
        await put(memory, "Bonjour")
        first = await leased(memory)
        assert not await memory.outbox.settle(first.id)
        await memory.outbox.park(first.id, "telegram: 403")

        assert await memory.outbox.settle(first.id)
        assert not await memory.outbox.settle(first.id)

        assert list(await memory.outbox.parked()) == []
        assert await memory.outbox.lease() is None

    async def test_a_lease_that_ends_unconfirmed_leaves_doubt(
        self, memory: Memory, clock: Clock
    ) -> None:
        await put(memory, "Bonjour")
        first = await leased(memory)

        clock.forward(seconds=LEASE.total_seconds() - 1)
        assert await memory.outbox.lease() is None
        clock.forward(seconds=2)
        again = await leased(memory)

        assert again.id == first.id
        assert again.is_in_doubt
        assert again.attempts == 1  # one sending was begun before this one

    async def test_leases_released_at_a_start_are_in_doubt_at_once(
        self, memory: Memory
    ) -> None:
        await put(memory, "Bonjour")
        await leased(memory)

        await memory.outbox.release_leases()

        assert (await leased(memory)).is_in_doubt

    async def test_what_is_postponed_was_not_sent_so_there_is_no_doubt(
        self, memory: Memory, clock: Clock
    ) -> None:
        await put(memory, "Bonjour")
        first = await leased(memory)
        await memory.outbox.postpone(first.id, retry_after_s=5, problem="away")

        clock.forward(minutes=5)
        again = await leased(memory)

        assert not again.is_in_doubt
        assert again.problem == "away"

    async def test_a_sent_reply_is_never_leased_again(
        self, memory: Memory, clock: Clock
    ) -> None:
        conversation = await begin(memory)
        await put(memory, "Bonjour", conversation.id)
        first = await leased(memory)

        await memory.outbox.mark_sent(first.id, "p7")
        clock.forward(days=1)
        await memory.outbox.release_leases()

        assert await memory.outbox.lease() is None
        sent = await only(memory, conversation.id)
        assert sent.state is OutgoingState.SENT
        assert sent.platform_id == "p7"
        assert sent.sent_at == first.created_at

    async def test_a_platform_id_noted_before_sending_is_kept(
        self, memory: Memory
    ) -> None:
        conversation = await begin(memory)
        await put(memory, "Bonjour", conversation.id)
        first = await leased(memory)
        await memory.outbox.note_platform_id(first.id, "ours")

        await memory.outbox.mark_sent(first.id, None)

        assert (await only(memory, conversation.id)).platform_id == "ours"
        assert await memory.outbox.knows_platform_id("ours")
        assert not await memory.outbox.knows_platform_id("theirs")

    async def test_only_what_comes_after_a_position_is_listed(
        self, memory: Memory
    ) -> None:
        conversation = await begin(memory)
        for text in ("un", "deux", "trois"):
            await put(memory, text, conversation.id)
        await put(memory, "carte")

        first, *rest = await memory.outbox.of_conversation(conversation.id)
        later = await memory.outbox.of_conversation(conversation.id, after=first.id)

        assert [outgoing.text for outgoing in later] == ["deux", "trois"]
        assert list(later) == rest


class TestOutboxOnSqlite(OnSqlite, OutboxContract):
    """One process, one file."""


class TestOutboxOnPostgres(OnPostgres, OutboxContract):
    """Several machines, one server."""
