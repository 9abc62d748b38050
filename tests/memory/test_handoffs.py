"""Handoffs: `bot` → `waiting` → `human` → `bot`, one at a time."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace

import pytest

from memory import Memory
from memory.records import Conversation, Handoff, Mode, Outgoing
from memory.sql.handoffs import Card
from tests.conftest import Clock

from .contract import MemoryContract, OnPostgres, OnSqlite
from .letters import begin, receive, wrote

CARD = Card(
    channel="telegram",
    address="-100",
    text=lambda number: f"n° {number}",
    correlation_id="c1",
)


@pytest.fixture
async def conversation(memory: Memory) -> Conversation:
    return await begin(memory)


async def ask(
    memory: Memory,
    conversation: Conversation,
    *,
    key: str = "m1:handoff",
    reason: str = "Veut parler à quelqu'un",
    urgent: bool = False,
) -> tuple[Handoff, bool]:
    return await memory.handoffs.request(
        conversation.id, key=key, reason=reason, urgent=urgent, card=CARD
    )


async def mode(memory: Memory, conversation: Conversation) -> Mode:
    return (await memory.inbox.conversation(conversation.id)).mode


async def cards(memory: Memory) -> Sequence[Outgoing]:
    """What would be sent to staff now."""
    found: list[Outgoing] = []
    while outgoing := await memory.outbox.lease():
        found.append(outgoing)
    return found


class HandoffContract(MemoryContract):
    async def test_asking_opens_a_handoff_and_tells_staff(
        self, memory: Memory, conversation: Conversation, clock: Clock
    ) -> None:
        handoff, is_new = await ask(memory, conversation)

        assert is_new
        assert handoff.state == "waiting"
        assert handoff.requested_at == clock.now
        assert await mode(memory, conversation) is Mode.WAITING
        assert await memory.handoffs.open() == [handoff]
        assert await memory.handoffs.handoff(handoff.id) == handoff
        [card] = await cards(memory)
        assert card.text == f"n° {handoff.id}"
        assert card.address == "-100"
        assert card.correlation_id == "c1"
        assert card.conversation_id is None

    async def test_without_a_staff_chat_no_card_is_sent(
        self, memory: Memory, conversation: Conversation
    ) -> None:
        await memory.handoffs.request(
            conversation.id, key="k", reason="?", urgent=False, card=None
        )

        assert await cards(memory) == []
        assert await memory.handoffs.count(conversation.id) == 1

    async def test_a_card_that_cannot_be_written_opens_no_handoff(
        self, memory: Memory, conversation: Conversation
    ) -> None:
        def torn(number: int) -> str:
            raise LookupError(number)

        with pytest.raises(LookupError):
            await memory.handoffs.request(
                conversation.id,
                key="k",
                reason="?",
                urgent=False,
                card=replace(CARD, text=torn),
            )

        assert await memory.handoffs.count(conversation.id) == 0
        assert await mode(memory, conversation) is Mode.BOT

    async def test_asking_again_makes_no_second_handoff_and_no_second_card(
        self, memory: Memory, conversation: Conversation
    ) -> None:
        first, _ = await ask(memory, conversation)

        again, is_new = await ask(memory, conversation, key="m2:handoff")

        assert again == first
        assert not is_new
        assert await memory.handoffs.count(conversation.id) == 1
        assert len(await cards(memory)) == 1

    async def test_of_many_requests_at_once_one_opens_the_handoff(
        self, memory: Memory, neighbour: Memory, conversation: Conversation
    ) -> None:
        asked = await asyncio.gather(
            *(
                ask(each, conversation, key=f"m{number}:handoff")
                for number, each in enumerate([memory, neighbour] * 5)
            )
        )

        assert len([handoff for handoff, is_new in asked if is_new]) == 1
        assert len({handoff.id for handoff, _ in asked}) == 1
        assert len(await cards(memory)) == 1

    async def test_an_urgent_request_makes_an_open_handoff_urgent(
        self, memory: Memory, conversation: Conversation
    ) -> None:
        first, _ = await ask(memory, conversation)
        await cards(memory)

        urgent, is_new = await ask(
            memory, conversation, key="m2", reason="Danger", urgent=True
        )

        assert urgent.id == first.id
        assert urgent.urgent
        assert urgent.reason == "Danger"
        assert not is_new
        assert len(await cards(memory)) == 1  # staff are told that it became urgent

    async def test_an_urgent_handoff_stays_urgent(
        self, memory: Memory, conversation: Conversation
    ) -> None:
        urgent, _ = await ask(memory, conversation, urgent=True)

        again, _ = await ask(memory, conversation, key="m2")

        assert again == urgent
        assert len(await cards(memory)) == 1

    async def test_the_request_of_a_turn_that_runs_again_is_found(
        self, memory: Memory, conversation: Conversation
    ) -> None:
        first, _ = await ask(memory, conversation)

        again, is_new = await ask(memory, conversation)

        assert again.id == first.id
        assert not is_new
        assert await memory.handoffs.count(conversation.id) == 1

    async def test_a_request_that_was_given_back_meanwhile_is_made_anew(
        self, memory: Memory, conversation: Conversation
    ) -> None:
        first, _ = await ask(memory, conversation)
        await memory.handoffs.give_back(first.id)

        again, is_new = await ask(memory, conversation)

        assert is_new
        assert again.id != first.id
        assert await memory.handoffs.open() == [again]

    async def test_after_the_return_a_new_request_opens_a_new_handoff(
        self, memory: Memory, conversation: Conversation
    ) -> None:
        first, _ = await ask(memory, conversation)
        await memory.handoffs.give_back(first.id)

        second, is_new = await ask(memory, conversation, key="m2")

        assert is_new
        assert second.id != first.id
        assert await memory.handoffs.open() == [second]
        assert await memory.handoffs.count(conversation.id) == 2

    async def test_urgent_ones_come_first_then_the_oldest(self, memory: Memory) -> None:
        asked: list[int] = []
        for number in range(4):
            conversation = await begin(memory, wrote(by=f"telegram:{number}"))
            handoff, _ = await ask(
                memory, conversation, key=f"k{number}", urgent=number == 2
            )
            asked.append(handoff.id)

        order = [handoff.id for handoff in await memory.handoffs.open()]

        assert order == [asked[2], asked[0], asked[1], asked[3]]
        assert await memory.handoffs.count_open() == 4


class ClaimContract(MemoryContract):
    async def test_who_claims_holds_the_conversation(
        self, memory: Memory, conversation: Conversation, clock: Clock
    ) -> None:
        handoff, _ = await ask(memory, conversation)

        assert await memory.handoffs.claim(handoff.id, staff="Awa")

        claimed = await memory.handoffs.handoff(handoff.id)
        assert claimed is not None
        assert claimed.state == "claimed"
        assert claimed.claimed_by == "Awa"
        assert claimed.claimed_at == clock.now
        assert await mode(memory, conversation) is Mode.HUMAN
        assert await memory.handoffs.count_open() == 1

    async def test_of_many_who_claim_at_once_the_first_wins(
        self, memory: Memory, neighbour: Memory, conversation: Conversation
    ) -> None:
        handoff, _ = await ask(memory, conversation)

        won = await asyncio.gather(
            *(
                each.handoffs.claim(handoff.id, staff=f"staff {number}")
                for number, each in enumerate([memory, neighbour] * 5)
            )
        )

        assert won.count(True) == 1
        claimed = await memory.handoffs.handoff(handoff.id)
        assert claimed is not None
        assert claimed.claimed_by == f"staff {won.index(True)}"
        now = await memory.inbox.conversation(conversation.id)
        assert now.version == conversation.version + 1

    async def test_giving_back_lets_the_agent_answer_again(
        self, memory: Memory, conversation: Conversation
    ) -> None:
        handoff, _ = await ask(memory, conversation)
        await memory.handoffs.claim(handoff.id, staff="Awa")

        assert await memory.handoffs.give_back(handoff.id)
        assert not await memory.handoffs.give_back(handoff.id)

        returned = await memory.handoffs.handoff(handoff.id)
        assert returned is not None
        assert returned.state == "returned"
        assert await mode(memory, conversation) is Mode.BOT
        assert list(await memory.handoffs.open()) == []
        assert await memory.handoffs.count_open() == 0

    async def test_what_the_human_did_not_answer_waits_again_for_the_agent(
        self, memory: Memory, conversation: Conversation
    ) -> None:
        handoff, _ = await ask(memory, conversation)
        await memory.handoffs.claim(handoff.id, staff="Awa")
        held = await memory.inbox.conversation(conversation.id)
        await memory.inbox.hold(held)
        await memory.turns.answer_as_human(held, staff_id=1, text="Oui.", key="s:1")
        await receive(memory, wrote("Et demain ?"))
        await memory.inbox.hold(held)

        await memory.handoffs.give_back(handoff.id)

        waiting = await memory.inbox.waiting(conversation.id)
        assert [message.text for message in waiting] == ["Et demain ?"]

    async def test_what_is_held_too_late_still_waits_for_the_agent(
        self, memory: Memory, conversation: Conversation
    ) -> None:
        handoff, _ = await ask(memory, conversation)
        await memory.handoffs.claim(handoff.id, staff="Awa")
        seen = await memory.inbox.conversation(conversation.id)
        await memory.handoffs.give_back(handoff.id)

        assert await memory.inbox.hold(seen) == 0

        assert len(await memory.inbox.waiting(conversation.id)) == 1

    async def test_each_change_of_hands_makes_a_new_version(
        self, memory: Memory, conversation: Conversation
    ) -> None:
        handoff, _ = await ask(memory, conversation)
        asked = await memory.inbox.conversation(conversation.id)
        await memory.handoffs.claim(handoff.id, staff="Awa")
        await memory.handoffs.give_back(handoff.id)

        after = await memory.inbox.conversation(conversation.id)

        assert asked.version == conversation.version
        assert after.version == conversation.version + 2

    async def test_a_returned_handoff_cannot_be_claimed(
        self, memory: Memory, conversation: Conversation
    ) -> None:
        handoff, _ = await ask(memory, conversation)
        await memory.handoffs.give_back(handoff.id)

        assert not await memory.handoffs.claim(handoff.id, staff="Awa")
        assert await mode(memory, conversation) is Mode.BOT

    async def test_a_request_while_a_human_holds_changes_nothing(
        self, memory: Memory, conversation: Conversation
    ) -> None:
        handoff, _ = await ask(memory, conversation)
        await memory.handoffs.claim(handoff.id, staff="Awa")

        again, is_new = await ask(memory, conversation, key="m2", urgent=True)

        assert again.id == handoff.id
        assert not is_new
        assert again.state == "claimed"
        assert await mode(memory, conversation) is Mode.HUMAN

    async def test_a_handoff_that_never_was_cannot_be_claimed_or_returned(
        self, memory: Memory
    ) -> None:
        assert not await memory.handoffs.claim(99, staff="Awa")
        assert not await memory.handoffs.give_back(99)
        assert await memory.handoffs.handoff(99) is None


class TestHandoffsOnSqlite(OnSqlite, HandoffContract):
    """One process, one file."""


class TestHandoffsOnPostgres(OnPostgres, HandoffContract):
    """Several machines, one server."""


class TestClaimsOnSqlite(OnSqlite, ClaimContract):
    """Who holds the conversation."""


class TestClaimsOnPostgres(OnPostgres, ClaimContract):
    """Who holds the conversation."""
