from dataclasses import replace

from memory.records import Mode, Service
from tools.context import Receipt

from .school import School, call, canary


async def cards(school: School) -> list[str]:
    found: list[str] = []
    while outgoing := await school.desk.memory.outbox.lease():
        assert (outgoing.channel, outgoing.address) == ("telegram", "-100")
        found.append(outgoing.text)
    return found


async def test_a_request_is_kept_and_staff_get_a_card(school: School) -> None:
    context = await school.wrote("je veux parler à quelqu'un")

    answer = await call(
        context, "hand_off_to_human", reason="Inscription", urgent=False
    )

    number = answer["handoff"]
    assert answer == {
        "handoff": number,
        "state": "waiting",
        "urgent": False,
        "already_open": False,
    }
    assert context.receipts == [Receipt("handoff", str(number))]
    assert context.services == {Service.CONTACT_HUMAIN}
    assert context.is_waiting_for_human
    kept = await school.desk.memory.handoffs.handoff(number)
    assert kept is not None
    assert kept.reason == "Inscription"
    (card,) = await cards(school)
    assert f"n° {number}" in card
    assert "Telegram" in card
    assert "23/11/2026 à 10 h 00" in card
    assert "https://example.test/staff/handoffs" in card


async def test_the_card_holds_nothing_that_anybody_wrote(school: School) -> None:
    context = await school.parent()
    secret = canary()
    context.said = (secret,)

    await call(context, "hand_off_to_human", reason=secret, urgent=True)

    (card,) = await cards(school)
    assert "URGENT" in card
    assert secret not in card
    assert "Seck" not in card


async def test_a_turn_that_runs_again_asks_once(school: School) -> None:
    first_run = await school.wrote("humain")
    second_run = replace(first_run, receipts=[])

    for context in (first_run, second_run):
        await call(context, "hand_off_to_human", reason="x", urgent=False)

    assert second_run.receipts == first_run.receipts
    assert await school.desk.memory.handoffs.count(first_run.conversation.id) == 1
    assert len(await cards(school)) == 1


async def test_an_open_request_is_not_made_twice(school: School) -> None:
    first = await call(
        await school.wrote("humain"), "hand_off_to_human", reason="a", urgent=False
    )
    context = await school.wrote("alors ?")
    second = await call(context, "hand_off_to_human", reason="b", urgent=False)

    assert second["already_open"]
    assert second["handoff"] == first["handoff"]
    assert context.receipts
    assert len(await cards(school)) == 1


async def test_an_open_request_may_become_urgent(school: School) -> None:
    await call(
        await school.wrote("humain"), "hand_off_to_human", reason="a", urgent=False
    )
    answer = await call(
        await school.wrote("danger"), "hand_off_to_human", reason="b", urgent=True
    )

    assert answer["urgent"]
    assert answer["already_open"]
    assert "URGENT" in (await cards(school))[1]


async def test_without_a_staff_chat_the_request_waits_in_the_inbox(
    school: School,
) -> None:
    context = await school.wrote("humain")
    context.desk = replace(context.desk, staff_chat=None)

    answer = await call(context, "hand_off_to_human", reason="a", urgent=False)

    assert len(await school.desk.memory.handoffs.open()) == 1
    assert answer["state"] == "waiting"
    assert await cards(school) == []


async def test_those_who_watch_are_told_at_once(school: School) -> None:
    context = await school.wrote("humain")
    with school.desk.memory.live.listen() as news:
        await call(context, "hand_off_to_human", reason="a", urgent=False)

        kinds = {news.get_nowait().kind for _ in range(news.qsize())}

    assert kinds == {"handoff", "outgoing"}


async def test_a_conversation_held_by_a_human_stays_so(school: School) -> None:
    context = await school.wrote("humain")
    context.conversation = replace(context.conversation, mode=Mode.HUMAN)

    await call(context, "hand_off_to_human", reason="a", urgent=False)

    assert context.conversation.mode is Mode.HUMAN
