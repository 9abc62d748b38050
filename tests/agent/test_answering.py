"""The worker: every waiting message ends answered, held, or parked and shown."""

import asyncio
from datetime import UTC, datetime
from pathlib import Path

import pytest
from pydantic_ai.exceptions import ModelHTTPError, UnexpectedModelBehavior

from agent.texts import ENGLISH, FRENCH
from memory import Memory, open_memory
from memory.records import MessageState, Mode, Service
from tests.conftest import Clock

from .house import House, build_house
from .scripted import Step, call


async def state(house: House, message_id: int) -> MessageState:
    message = await house.memory.inbox.message(message_id)
    assert message is not None
    return message.state


async def test_a_question_is_answered(memory: Memory, clock: Clock) -> None:
    house = build_house(memory, clock, "Le samedi à 16 h.")

    message = await house.hears("Les horaires ?")
    await house.answering.drain(message.conversation_id)

    assert await house.replies(message.conversation_id) == ["Le samedi à 16 h."]
    assert await state(house, message.id) is MessageState.ANSWERED
    turn = await house.last_turn()
    assert turn.said == ("Les horaires ?",)
    assert turn.replies == ("Le samedi à 16 h.",)
    assert turn.model_calls == 1
    assert turn.service is Service.RENSEIGNEMENT
    assert turn.correlation_id == message.correlation_id
    assert turn.started_at == clock.now


async def test_a_burst_is_answered_once(memory: Memory, clock: Clock) -> None:
    house = build_house(memory, clock, "Le samedi.")
    for text in ("Bonjour", "c koi", "lé horaire"):
        await house.hears(text)

    await house.answering.drain(1)

    assert await house.replies(1) == ["Le samedi."]
    assert house.script.past() == ["Bonjour\nc koi\nlé horaire"]
    assert house.ends[0].messages == 3


async def test_a_drained_conversation_has_nothing_left_to_answer(
    memory: Memory, clock: Clock
) -> None:
    house = build_house(memory, clock, "Le samedi.")
    await house.hears("Les horaires ?")

    for _ in range(3):
        await house.answering.drain(1)

    assert house.script.requests == 1
    assert await house.replies(1) == ["Le samedi."]


async def test_what_comes_during_a_turn_is_answered_after_it(
    memory: Memory, clock: Clock
) -> None:
    async def interrupted() -> str:
        clock.forward(seconds=2)
        await house.hears("et le tarif ?")
        return "Le samedi."

    house = build_house(memory, clock, interrupted, "5 000 F.")
    await house.hears("Les horaires ?")

    await house.answering.drain(1)

    assert await house.replies(1) == ["Le samedi.", "5 000 F."]
    assert house.script.past() == ["Les horaires ?", "et le tarif ?"]


async def test_a_burst_is_waited_for_until_it_is_quiet(tmp_path: Path) -> None:
    def now() -> datetime:
        return datetime.now(UTC)

    async with open_memory(f"sqlite:///{tmp_path}/gust.db", now=now) as memory:
        house = build_house(memory, now, "Le samedi.", debounce_s=0.3)
        await house.hears("Bonjour")

        draining = asyncio.create_task(house.answering.drain(1))
        await asyncio.sleep(0.02)
        await house.hears("les horaires ?")
        await draining

        assert house.script.past() == ["Bonjour\nles horaires ?"]


async def test_who_writes_without_a_pause_is_answered_all_the_same(
    memory: Memory, clock: Clock
) -> None:
    house = build_house(memory, clock, "Le samedi.", debounce_s=1.5)
    for _ in range(6):
        await house.hears("et encore")
        clock.forward(seconds=1)

    async with asyncio.timeout(5):  # it would wait for quiet, for ever
        await house.answering.drain(1)

    assert await house.replies(1) == ["Le samedi."]


async def test_a_human_who_claims_during_the_turn_silences_the_agent(
    memory: Memory, clock: Clock
) -> None:
    async def claimed() -> str:
        await house.claimed()
        return "Trop tard."

    house = build_house(memory, clock, claimed)
    message = await house.hears("Bonjour")

    await house.answering.drain(1)

    assert await house.replies(1) == []
    assert await state(house, message.id) is MessageState.HELD
    assert [end.outcome for end in house.ends] == ["dropped", "held"]


async def test_a_human_who_claims_while_the_model_hangs_is_not_talked_over(
    memory: Memory, clock: Clock
) -> None:
    async def claimed_and_hung() -> str:
        await house.claimed()
        await asyncio.sleep(60)
        return "Trop tard."

    house = build_house(memory, clock, claimed_and_hung, timeout_s=0.5)
    message = await house.hears("Bonjour")

    await house.answering.drain(1)

    assert await house.replies(1) == []
    assert await state(house, message.id) is MessageState.HELD


async def test_what_is_said_to_a_human_is_left_to_the_human(
    memory: Memory, clock: Clock
) -> None:
    house = build_house(memory, clock)
    await house.answers("Bonjour")
    await house.claimed()
    requests = house.script.requests

    message = await house.hears("Vous êtes là ?")
    await house.answering.drain(1)

    assert house.script.requests == requests
    assert await state(house, message.id) is MessageState.HELD
    assert house.ends[-1].outcome == "held"
    assert house.ends[-1].service is Service.CONTACT_HUMAIN


async def test_after_the_human_has_given_back_the_agent_answers(
    memory: Memory, clock: Clock
) -> None:
    house = build_house(memory, clock, "Re-bonjour.")
    await house.hears("Bonjour")
    handoff = await house.claimed()
    await house.answering.drain(1)
    await memory.handoffs.give_back(handoff)

    assert await house.answers("C'est encore moi") == ["Re-bonjour."]
    assert (await house.conversation()).mode is Mode.BOT


async def test_a_model_that_hangs_is_apologised_for_and_the_message_is_shown(
    memory: Memory, clock: Clock
) -> None:
    async def hung() -> str:
        await asyncio.sleep(60)
        return "Jamais."

    house = build_house(memory, clock, hung, timeout_s=0.05)

    assert await house.answers("Les horaires ?") == [FRENCH.too_slow]

    [parked] = await memory.inbox.parked()
    assert parked.text == "Les horaires ?"
    assert house.script.requests == 1
    assert [end.outcome for end in house.ends] == ["parked"]
    assert (await house.last_turn()).provider == "timeout"


async def _empty() -> str:
    return ""


async def _blank() -> str:
    return " \n "


@pytest.mark.parametrize(
    "nonsense",
    [
        UnexpectedModelBehavior("what?"),
        ModelHTTPError(500, "scripted", body="les horaires ?"),
        _empty,
        _blank,
        call("search_documents"),
        call("no_such_tool"),
    ],
)
async def test_a_model_without_a_usable_answer_is_tried_three_times_then_parked(
    memory: Memory, clock: Clock, nonsense: Step
) -> None:
    house = build_house(memory, clock, nonsense)
    message = await house.hears("Les horaires ?")

    for attempt in (1, 2, 3):
        await house.answering.drain(1)
        [waiting] = await memory.inbox.waiting(1)
        assert waiting.attempts == attempt
        assert await house.replies(1) == []
    requests = house.script.requests
    await house.answering.drain(1)

    assert house.script.requests == requests
    assert await house.replies(1) == [FRENCH.no_reply]
    assert await state(house, message.id) is MessageState.PARKED
    assert [shown.id for shown in await memory.inbox.parked()] == [message.id]
    assert [end.outcome for end in house.ends] == ["parked"]


async def test_a_model_that_recovers_answers_at_the_next_try(
    memory: Memory, clock: Clock
) -> None:
    house = build_house(memory, clock, UnexpectedModelBehavior("?"), "Le samedi.")
    await house.hears("Les horaires ?")

    await house.answering.drain(1)
    await house.answering.drain(1)

    assert await house.replies(1) == ["Le samedi."]
    assert list(await memory.inbox.parked()) == []


async def test_an_error_nobody_foresaw_is_tried_three_times_then_parked(
    memory: Memory, clock: Clock
) -> None:
    house = build_house(memory, clock, LookupError("a bug of ours"))
    await house.hears("Les horaires ?")

    for _ in range(3):
        with pytest.raises(LookupError):
            await house.answering.drain(1)
    await house.answering.drain(1)

    assert await house.replies(1) == [FRENCH.no_reply]
    assert len(await memory.inbox.parked()) == 1


async def test_the_eleventh_turn_of_a_minute_waits_and_is_answered_later(
    memory: Memory, clock: Clock
) -> None:
    house = build_house(memory, clock, "Oui.")
    for _ in range(10):
        assert await house.answers("Allô ?") == ["Oui."]
        clock.forward(seconds=1)

    assert await house.answers("Encore ?") == []
    assert await house.answers("Et encore ?") == []
    assert len(await memory.inbox.waiting(1)) == 2
    assert {waiting.attempts for waiting in await memory.inbox.waiting(1)} == {0}
    clock.forward(seconds=60)
    await house.answering.drain(1)

    assert (await house.replies(1))[10:] == ["Oui."]
    assert house.script.past()[-1] == "Encore ?\nEt encore ?"
    assert list(await memory.inbox.waiting(1)) == []


async def test_one_fast_writer_does_not_slow_another_down(
    memory: Memory, clock: Clock
) -> None:
    house = build_house(memory, clock, "Oui.")
    for _ in range(11):
        await house.answers("Allô ?", by="telegram:1")

    assert await house.answers("Bonjour", by="telegram:2") == ["Oui."]


async def test_two_workers_on_one_conversation_answer_once(
    memory: Memory, clock: Clock
) -> None:
    async def slow() -> str:
        await asyncio.sleep(0.02)
        return "Oui."

    house = build_house(memory, clock, slow)
    await house.hears("Bonjour")

    await asyncio.gather(*(house.answering.drain(1) for _ in range(3)))

    assert await house.replies(1) == ["Oui."]
    assert [end.outcome for end in house.ends].count("answered") == 1


@pytest.mark.parametrize(
    ("text", "reply"),
    [("STOP", FRENCH.stopped), ("stop please thank you", None)],
)
async def test_only_a_lone_word_is_obeyed_without_the_model(
    memory: Memory, clock: Clock, text: str, reply: str | None
) -> None:
    house = build_house(memory, clock, "Du modèle.")

    assert await house.answers(text) == [reply or "Du modèle."]

    assert house.script.requests == (0 if reply else 1)


async def test_stop_at_the_end_of_a_burst_is_obeyed(
    memory: Memory, clock: Clock
) -> None:
    house = build_house(memory, clock)
    await house.hears("Les horaires ?")
    await house.hears("non rien")

    assert await house.answers("stop") == [FRENCH.stopped]

    assert list(await memory.inbox.waiting(1)) == []
    assert house.script.requests == 0


async def test_a_message_nobody_could_answer_asks_for_a_human(
    memory: Memory, clock: Clock
) -> None:
    house = build_house(memory, clock, UnexpectedModelBehavior("?"))
    await house.hears("Les horaires ?")

    for _ in range(5):
        await house.answering.drain(1)

    [handoff] = await memory.handoffs.open()
    assert handoff.state == "waiting"
    assert "horaires" not in handoff.reason
    assert (await house.conversation()).mode is Mode.WAITING


async def test_news_of_each_step_reach_who_listens(
    memory: Memory, clock: Clock
) -> None:
    house = build_house(memory, clock)
    await house.hears("Bonjour")

    with memory.live.listen() as news:
        await house.answering.drain(1)
        heard = [news.get_nowait() for _ in range(news.qsize())]

    assert [each.kind for each in heard] == ["typing", "answered"]
    assert {each.conversation_id for each in heard} == {1}


@pytest.mark.parametrize("texts", [FRENCH, ENGLISH])
def test_what_the_house_says_itself_offers_a_way_on(texts: object) -> None:
    said = vars(texts)
    assert all(text.strip() for text in said.values())
    assert len(set(said.values())) == len(said)
