"""The turns: finished all or nothing, and only while nothing changed."""

import asyncio
from dataclasses import replace
from datetime import timedelta

from memory import Memory
from memory.records import (
    Conversation,
    MessageState,
    NewTurn,
    OutgoingState,
    Service,
    ToolCall,
    ToolOutcome,
)
from tests.conftest import Clock

from .contract import MemoryContract, OnPostgres, OnSqlite
from .letters import MORNING, answer, begin, receive, wrote


async def human_takes_over(memory: Memory, conversation: Conversation) -> int:
    handoff, _ = await memory.handoffs.request(
        conversation.id, key="h", reason="?", urgent=False, card=None
    )
    assert await memory.handoffs.claim(handoff.id, staff="Awa")
    return handoff.id


async def replies(memory: Memory, conversation: Conversation) -> list[str]:
    kept = await memory.outbox.of_conversation(conversation.id)
    return [outgoing.text for outgoing in kept]


async def nothing_was_kept(memory: Memory, conversation: Conversation) -> bool:
    turns = await memory.turns.recent(conversation.id, at_most=9)
    return not turns and not await replies(memory, conversation)


class TurnsContract(MemoryContract):
    async def test_a_finished_turn_answers_its_messages(self, memory: Memory) -> None:
        conversation = await begin(memory, wrote("Bonjour"))
        await receive(memory, wrote("les horaires ?"))
        taken = await memory.inbox.take(conversation.id)

        turn_id = await memory.turns.finish(
            conversation, taken, answer("Le samedi.", "À 16 h.")
        )

        assert turn_id is not None
        for message in taken:
            settled = await memory.inbox.message(message.id)
            assert settled == replace(
                message, state=MessageState.ANSWERED, turn_id=turn_id
            )
        out = await memory.outbox.of_turn(turn_id)
        assert [outgoing.text for outgoing in out] == ["Le samedi.", "À 16 h."]
        assert {outgoing.state for outgoing in out} == {OutgoingState.WAITING}
        assert {outgoing.address for outgoing in out} == {conversation.address}
        assert len({outgoing.key for outgoing in out}) == 2

    async def test_a_turn_comes_back_as_it_was_kept(
        self, memory: Memory, clock: Clock
    ) -> None:
        conversation = await begin(memory, wrote("mes notes"))
        taken = await memory.inbox.take(conversation.id)
        clock.forward(seconds=3)
        new = NewTurn(
            started_at=MORNING,
            provider="offline",
            service=Service.CATECHESE,
            correlation_id="c9",
            model_calls=2,
            tools=(
                ToolCall(
                    name="verify_parent_code",
                    arguments={"code": "•••", "n": [1, "é"]},
                    outcome=ToolOutcome.REFUSED,
                    duration_ms=7,
                ),
            ),
            findings=("removed a claim",),
            history="[]",
            replies=("Voici.",),
        )

        turn_id = await memory.turns.finish(conversation, taken, new)

        assert turn_id is not None
        kept = await memory.turns.turn(turn_id)
        assert kept is not None
        assert kept.said == ("mes notes",)
        assert kept.started_at == MORNING
        assert kept.ended_at - kept.started_at == timedelta(seconds=3)
        assert kept.ended_at.utcoffset() == timedelta(0)
        for field in ("provider", "service", "tools", "findings", "history"):
            assert getattr(kept, field) == getattr(new, field)
        assert kept.model_calls == 2
        assert kept.replies == new.replies
        assert await memory.turns.turn(turn_id + 1) is None

    async def test_nothing_is_kept_when_a_human_took_over_meanwhile(
        self, memory: Memory
    ) -> None:
        conversation = await begin(memory)
        taken = await memory.inbox.take(conversation.id)
        await human_takes_over(memory, conversation)

        assert await memory.turns.finish(conversation, taken, answer()) is None

        assert await nothing_was_kept(memory, conversation)
        assert await memory.inbox.waiting(conversation.id) == taken

    async def test_nothing_is_kept_when_a_human_came_and_went_meanwhile(
        self, memory: Memory
    ) -> None:
        conversation = await begin(memory)
        taken = await memory.inbox.take(conversation.id)
        handoff_id = await human_takes_over(memory, conversation)
        await memory.handoffs.give_back(handoff_id)

        assert await memory.turns.finish(conversation, taken, answer()) is None

        assert await nothing_was_kept(memory, conversation)

    async def test_asking_for_a_human_does_not_stop_the_reply(
        self, memory: Memory
    ) -> None:
        conversation = await begin(memory)
        taken = await memory.inbox.take(conversation.id)
        await memory.handoffs.request(
            conversation.id, key="h", reason="?", urgent=False, card=None
        )

        assert await memory.turns.finish(conversation, taken, answer("Je transmets."))

        assert await replies(memory, conversation) == ["Je transmets."]

    async def test_a_turn_over_a_message_that_was_answered_keeps_nothing(
        self, memory: Memory
    ) -> None:
        conversation = await begin(memory)
        first = await memory.inbox.take(conversation.id)
        await memory.turns.finish(conversation, first, answer("Une fois."))
        await receive(memory, wrote("Autre chose"))
        both = [*first, *await memory.inbox.take(conversation.id)]

        assert await memory.turns.finish(conversation, both, answer("Deux.")) is None

        assert await replies(memory, conversation) == ["Une fois."]
        assert len(await memory.turns.recent(conversation.id, at_most=9)) == 1
        assert len(await memory.inbox.waiting(conversation.id)) == 1

    async def test_of_turns_that_finish_at_once_one_is_kept(
        self, memory: Memory, neighbour: Memory
    ) -> None:
        conversation = await begin(memory)
        taken = await memory.inbox.take(conversation.id)

        ids = await asyncio.gather(
            *(
                each.turns.finish(conversation, taken, answer(f"Réponse {number}"))
                for number, each in enumerate([memory, neighbour] * 5)
            )
        )

        assert len([turn_id for turn_id in ids if turn_id]) == 1
        assert len(await replies(memory, conversation)) == 1
        assert len(await memory.turns.recent(conversation.id, at_most=99)) == 1

    async def test_of_a_claim_and_a_finish_at_once_only_one_wins(
        self, memory: Memory, neighbour: Memory
    ) -> None:
        conversation = await begin(memory)
        taken = await memory.inbox.take(conversation.id)
        handoff, _ = await memory.handoffs.request(
            conversation.id, key="h", reason="?", urgent=False, card=None
        )

        turn_id, claimed = await asyncio.gather(
            memory.turns.finish(conversation, taken, answer("Oui.")),
            neighbour.handoffs.claim(handoff.id, staff="Awa"),
        )

        assert claimed
        said = await replies(memory, conversation)
        assert said == (["Oui."] if turn_id else [])

    async def test_a_parked_message_is_shown_and_apologised_for(
        self, memory: Memory
    ) -> None:
        conversation = await begin(memory, wrote("Bonjour"))
        taken = await memory.inbox.take(conversation.id)

        turn_id = await memory.turns.park(conversation, taken, answer("Désolé."))

        [parked] = await memory.inbox.parked()
        assert parked.state is MessageState.PARKED
        assert parked.turn_id == turn_id
        assert await replies(memory, conversation) == ["Désolé."]
        await memory.inbox.settle(parked.id)
        assert list(await memory.inbox.parked()) == []

    async def test_nobody_is_apologised_to_while_a_human_answers(
        self, memory: Memory
    ) -> None:
        conversation = await begin(memory)
        taken = await memory.inbox.take(conversation.id)
        await human_takes_over(memory, conversation)

        assert await memory.turns.park(conversation, taken, answer("Désolé.")) is None

        assert await nothing_was_kept(memory, conversation)
        assert await memory.inbox.waiting(conversation.id) == taken

    async def test_an_answered_message_is_never_parked(self, memory: Memory) -> None:
        conversation = await begin(memory)
        taken = await memory.inbox.take(conversation.id)
        await memory.turns.finish(conversation, taken, answer("Voilà."))

        assert await memory.turns.park(conversation, taken, answer("Désolé.")) is None

        assert list(await memory.inbox.parked()) == []
        assert await replies(memory, conversation) == ["Voilà."]


class HistoryContract(MemoryContract):
    async def test_the_last_turns_come_oldest_first(self, memory: Memory) -> None:
        conversation = await begin(memory)
        for text in ("un", "deux", "trois"):
            await _say(memory, conversation, text)

        last = await memory.turns.recent(conversation.id, at_most=2)

        assert [turn.replies for turn in last] == [("deux",), ("trois",)]

    async def test_turns_that_ended_before_are_left_out(
        self, memory: Memory, clock: Clock
    ) -> None:
        conversation = await begin(memory)
        await _say(memory, conversation, "avant")
        moment = clock.now
        clock.forward(seconds=1)
        await _say(memory, conversation, "après")

        found = await memory.turns.recent(conversation.id, at_most=9, since=moment)

        assert [turn.replies for turn in found] == [("après",)]

    async def test_each_conversation_has_turns_of_its_own(self, memory: Memory) -> None:
        one = await begin(memory, wrote(by="telegram:1"))
        other = await begin(memory, wrote(by="telegram:2"))
        await _say(memory, one, "pour l'un")

        assert list(await memory.turns.recent(other.id, at_most=9)) == []
        assert await memory.turns.count_since(other.contact_id, MORNING) == 0

    async def test_turns_of_humans_do_not_count_against_a_contact(
        self, memory: Memory
    ) -> None:
        conversation = await begin(memory)
        await _say(memory, conversation, "un")
        await memory.turns.answer_as_human(
            conversation, staff_id=1, text="deux", key="staff:1"
        )
        before = MORNING - timedelta(seconds=1)

        assert await memory.turns.count_since(conversation.contact_id, before) == 1
        assert await memory.turns.count_since(conversation.contact_id, MORNING) == 0


class HumanAnswersContract(MemoryContract):
    async def test_a_human_answer_is_sent_kept_and_settles_what_was_held(
        self, memory: Memory
    ) -> None:
        conversation = await begin(memory, wrote("Allô ?"))
        await memory.inbox.hold(conversation)
        await receive(memory, wrote("Vous êtes là ?"))

        await memory.turns.answer_as_human(
            conversation, staff_id=1, text="Oui, bonjour !", key="staff:1"
        )

        assert await replies(memory, conversation) == ["Oui, bonjour !"]
        [turn] = await memory.turns.recent(conversation.id, at_most=9)
        assert turn.said == ("Allô ?", "Vous êtes là ?")
        assert turn.provider == "human"
        assert turn.service is Service.CONTACT_HUMAIN
        settled = await memory.inbox.since(
            conversation.id, MORNING - timedelta(seconds=1)
        )
        assert {message.turn_id for message in settled} == {turn.id}
        assert {message.state for message in settled} == {MessageState.ANSWERED}

    async def test_what_a_human_answered_is_not_answered_again_after_give_back(
        self, memory: Memory
    ) -> None:
        conversation = await begin(memory, wrote("Allô ?"))
        handoff_id = await human_takes_over(memory, conversation)
        held = await memory.inbox.conversation(conversation.id)
        await memory.turns.answer_as_human(held, staff_id=1, text="Oui !", key="s:1")

        await memory.handoffs.give_back(handoff_id)

        assert list(await memory.inbox.waiting(conversation.id)) == []

    async def test_the_same_form_sent_many_times_is_sent_once(
        self, memory: Memory, neighbour: Memory
    ) -> None:
        conversation = await begin(memory)

        await asyncio.gather(
            *(
                each.turns.answer_as_human(
                    conversation, staff_id=1, text="Oui !", key="staff:1"
                )
                for each in [memory, neighbour] * 4
            )
        )

        assert await replies(memory, conversation) == ["Oui !"]
        assert len(await memory.turns.recent(conversation.id, at_most=99)) == 1

    async def test_each_answer_tells_only_what_was_said_since_the_last(
        self, memory: Memory
    ) -> None:
        conversation = await begin(memory, wrote("un"))
        await memory.turns.answer_as_human(conversation, staff_id=1, text="1", key="a")
        await receive(memory, wrote("deux"))
        await memory.turns.answer_as_human(conversation, staff_id=1, text="2", key="b")

        turns = await memory.turns.recent(conversation.id, at_most=9)

        assert [turn.said for turn in turns] == [("un",), ("deux",)]


async def _say(memory: Memory, conversation: Conversation, text: str) -> None:
    contact = await memory.inbox.contact(conversation.contact_id)
    await receive(memory, wrote(by=contact.aliases))
    taken = await memory.inbox.take(conversation.id)
    assert await memory.turns.finish(conversation, taken, answer(text))


class TestTurnsOnSqlite(OnSqlite, TurnsContract):
    """One process, one file."""


class TestTurnsOnPostgres(OnPostgres, TurnsContract):
    """Several machines, one server."""


class TestHistoryOnSqlite(OnSqlite, HistoryContract):
    """What was said before."""


class TestHistoryOnPostgres(OnPostgres, HistoryContract):
    """What was said before."""


class TestHumanAnswersOnSqlite(OnSqlite, HumanAnswersContract):
    """A person of the service answers."""


class TestHumanAnswersOnPostgres(OnPostgres, HumanAnswersContract):
    """A person of the service answers."""
