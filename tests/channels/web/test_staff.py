"""The staff inbox: seeing who waits, claiming, answering, giving back."""

import httpx
import pytest

from memory.records import (
    Handoff,
    Message,
    MessageState,
    Mode,
    NewTurn,
    OutgoingState,
    Service,
    ToolCall,
    ToolOutcome,
)
from tests.conftest import Clock
from tools.code_shapes import shapes_of

from .site import BABACAR, Site

LIST = "/staff/handoffs"
JSON = {"accept": "application/json"}


@pytest.fixture
async def aida(site: Site) -> httpx.AsyncClient:
    return await site.signed_in("Aïda")


@pytest.fixture
async def message(site: Site) -> Message:
    return await site.wrote("Je veux parler à <quelqu'un>")


@pytest.fixture
async def handoff(site: Site, message: Message) -> Handoff:
    return await site.asked_for_human(message)


def path(handoff: Handoff, action: str = "") -> str:
    return f"{LIST}/{handoff.id}{action}"


async def test_an_empty_list_says_so(aida: httpx.AsyncClient) -> None:
    assert "Personne n'attend." in (await aida.get(LIST)).text


async def test_the_short_address_leads_to_the_list(aida: httpx.AsyncClient) -> None:
    answer = await aida.get("/staff")

    assert answer.headers["location"] == LIST


async def test_the_list_says_who_waits_since_when_and_why(
    aida: httpx.AsyncClient, handoff: Handoff, clock: Clock
) -> None:
    clock.forward(minutes=5)

    page = (await aida.get(LIST)).text

    assert "<title>(1) Demandes" in page
    assert "Une personne attend une réponse." in page
    assert "Ndèye, une visiteuse" in page
    assert "Chat web" in page
    assert "il y a 5\N{NO-BREAK SPACE}min" in page
    assert "Demande à parler à quelqu&#39;un." in page
    assert "« Je veux parler à &lt;quelqu&#39;un&gt; »" in page


async def test_urgent_ones_come_first_and_claimed_ones_last(
    site: Site, aida: httpx.AsyncClient, handoff: Handoff
) -> None:
    urgent = await site.asked_for_human(
        await site.wrote("au secours", by=BABACAR), urgent=True
    )

    async def order() -> list[int]:
        listed = (await aida.get(LIST, headers=JSON)).json()["handoffs"]
        return [each["id"] for each in listed]

    assert await order() == [urgent.id, handoff.id]
    await aida.post(path(urgent, "/claim"))
    assert await order() == [handoff.id, urgent.id]


async def test_a_handoff_shows_what_was_said(
    site: Site, aida: httpx.AsyncClient, message: Message, handoff: Handoff
) -> None:
    await site.answered(message, "C'est **transmis**.")

    page = (await aida.get(path(handoff))).text

    assert "Je veux parler à &lt;quelqu&#39;un&gt;" in page
    assert "C'est <strong>transmis</strong>." in page
    assert "en route" in page
    assert "lundi 23 novembre" in page


async def test_whoever_claims_first_holds_the_conversation(
    site: Site, aida: httpx.AsyncClient, handoff: Handoff
) -> None:
    answer = await aida.post(path(handoff, "/claim"))

    assert answer.status_code == 303
    assert answer.headers["location"] == path(handoff)
    conversation = await site.memory.inbox.conversation(handoff.conversation_id)
    assert conversation.mode is Mode.HUMAN
    assert site.woken == [handoff.conversation_id]


async def test_the_second_to_claim_is_told_who_was_first(
    site: Site, aida: httpx.AsyncClient, handoff: Handoff
) -> None:
    modou = await site.signed_in("Modou")
    await aida.post(path(handoff, "/claim"))

    answer = await modou.post(path(handoff, "/claim"), headers=JSON)

    assert answer.status_code == 409
    assert answer.json() == {"detail": "Cette conversation est déjà prise par Aïda."}
    on_screen = await modou.post(path(handoff, "/claim"))
    assert "déjà prise par Aïda" in on_screen.text
    assert f'href="{LIST}"' in on_screen.text


async def test_claiming_twice_is_no_mistake(
    aida: httpx.AsyncClient, handoff: Handoff
) -> None:
    await aida.post(path(handoff, "/claim"))

    answer = await aida.post(path(handoff, "/claim"), headers=JSON)

    assert answer.status_code == 200
    assert answer.json()["state"] == "claimed"
    assert answer.json()["claimed_by"] == "Aïda"


async def test_a_reply_leaves_by_the_channel_under_the_persons_name(
    site: Site, aida: httpx.AsyncClient, handoff: Handoff
) -> None:
    await aida.post(path(handoff, "/claim"))

    with site.memory.live.listen() as news:
        answer = await aida.post(path(handoff, "/reply"), data={"text": " Me voici. "})

    assert answer.headers["location"] == f"{path(handoff)}#sent"
    [sent] = await site.memory.outbox.of_conversation(handoff.conversation_id)
    assert (sent.text, sent.channel, sent.address) == ("Me voici.", "web", "ndeye")
    assert sent.state is OutgoingState.WAITING
    assert {news.get_nowait().kind, news.get_nowait().kind} == {"outgoing", "handoff"}
    assert "Me voici." in (await aida.get(path(handoff))).text


async def test_the_same_form_sent_twice_is_sent_once(
    site: Site, aida: httpx.AsyncClient, handoff: Handoff
) -> None:
    await aida.post(path(handoff, "/claim"))
    form = {"text": "Me voici.", "form_id": "f1"}

    for _ in range(2):
        assert (await aida.post(path(handoff, "/reply"), data=form)).status_code == 303

    conversation_id = handoff.conversation_id
    assert len(await site.memory.outbox.of_conversation(conversation_id)) == 1
    assert len(await site.memory.turns.recent(conversation_id, at_most=9)) == 1


async def test_each_form_has_its_own_number(
    aida: httpx.AsyncClient, handoff: Handoff
) -> None:
    await aida.post(path(handoff, "/claim"))

    first, second = [(await aida.get(path(handoff))).text for _ in range(2)]

    assert first.count('name="form_id"') == 1
    assert first != second


async def test_a_script_may_reply_in_json(
    site: Site, aida: httpx.AsyncClient, handoff: Handoff
) -> None:
    await aida.post(path(handoff, "/claim"))
    reply = path(handoff, "/reply")

    sent = await aida.post(reply, json={"text": "Me voici."}, headers=JSON)
    broken = await aida.post(
        reply, content=b"{", headers={"content-type": "application/json"}
    )
    listed = await aida.post(reply, json=["Me voici."])

    assert sent.json()["id"] == handoff.id
    assert broken.status_code == listed.status_code == 422


@pytest.mark.parametrize("text", ["", "   ", "x" * 4001])
async def test_nothing_and_too_much_are_no_reply(
    site: Site, aida: httpx.AsyncClient, handoff: Handoff, text: str
) -> None:
    await aida.post(path(handoff, "/claim"))

    answer = await aida.post(path(handoff, "/reply"), data={"text": text})

    assert answer.status_code == 422
    assert not await site.memory.outbox.of_conversation(handoff.conversation_id)


async def test_the_end_of_a_line_counts_once(
    site: Site, aida: httpx.AsyncClient, handoff: Handoff
) -> None:
    await aida.post(path(handoff, "/claim"))

    await aida.post(path(handoff, "/reply"), data={"text": "x\r\n" * 1999 + "x"})

    [sent] = await site.memory.outbox.of_conversation(handoff.conversation_id)
    assert sent.text == "x\n" * 1999 + "x"


async def test_only_the_one_who_claimed_may_reply(
    site: Site, aida: httpx.AsyncClient, handoff: Handoff
) -> None:
    modou = await site.signed_in("Modou")
    form = {"text": "Me voici."}

    too_early = await modou.post(path(handoff, "/reply"), data=form, headers=JSON)
    await aida.post(path(handoff, "/claim"))
    others = await modou.post(path(handoff, "/reply"), data=form, headers=JSON)
    await aida.post(path(handoff, "/return"))
    too_late = await aida.post(path(handoff, "/reply"), data=form, headers=JSON)

    assert too_early.json() == {"detail": "Prenez d'abord cette conversation."}
    assert others.json() == {"detail": "Cette conversation est déjà prise par Aïda."}
    assert too_late.json() == {"detail": "Cette conversation a déjà été rendue."}
    assert not await site.memory.outbox.of_conversation(handoff.conversation_id)


async def test_given_back_the_agent_answers_again(
    site: Site, aida: httpx.AsyncClient, handoff: Handoff
) -> None:
    await aida.post(path(handoff, "/claim"))

    answer = await aida.post(path(handoff, "/return"))

    assert answer.headers["location"] == LIST
    conversation = await site.memory.inbox.conversation(handoff.conversation_id)
    assert conversation.mode is Mode.BOT
    assert "Personne n'attend." in (await aida.get(LIST)).text
    assert "Rendue à Gust-IA" in (await aida.get(path(handoff))).text
    again = await aida.post(path(handoff, "/return"), headers=JSON)
    assert again.status_code == 409


async def test_a_colleague_may_give_back_what_somebody_left(
    site: Site, aida: httpx.AsyncClient, handoff: Handoff
) -> None:
    modou = await site.signed_in("Modou")
    await aida.post(path(handoff, "/claim"))

    assert "Rendre à Gust-IA à sa place" in (await modou.get(path(handoff))).text
    assert (await modou.post(path(handoff, "/return"))).status_code == 303


async def test_a_handoff_for_scripts_has_its_transcript(
    aida: httpx.AsyncClient, handoff: Handoff
) -> None:
    shown = (await aida.get(path(handoff), headers=JSON)).json()

    assert shown["state"] == "waiting"
    assert [said["by"] for said in shown["transcript"]] == ["contact"]


@pytest.mark.parametrize("number", ["999", "0", "-1", "9" * 30, "nope", "²"])
async def test_there_is_no_other_handoff(aida: httpx.AsyncClient, number: str) -> None:
    assert (await aida.get(f"{LIST}/{number}")).status_code == 404
    assert (await aida.post(f"{LIST}/{number}/claim")).status_code == 404


async def test_an_address_that_never_was_is_no_riddle_for_strangers(
    site: Site,
) -> None:
    assert (await site.browser().get(f"{LIST}/nope")).status_code == 404


async def test_a_reason_that_is_the_last_words_is_said_once(
    site: Site, aida: httpx.AsyncClient
) -> None:
    await site.asked_for_human(await site.wrote("Demande à parler à quelqu'un. "))

    page = (await aida.get(LIST)).text

    assert page.count("Demande à parler à quelqu&#39;un.") == 1


async def park(site: Site, message: Message) -> None:
    turn = NewTurn(
        started_at=site.now(),
        provider="code",
        service=Service.RENSEIGNEMENT,
        correlation_id=message.correlation_id,
    )
    await site.memory.turns.park(await site.conversation(message), [message], turn)


async def test_a_message_nobody_could_answer_is_shown_until_it_is_seen(
    site: Site, aida: httpx.AsyncClient, message: Message
) -> None:
    await park(site, message)
    page = (await aida.get(LIST)).text
    listed = (await aida.get(LIST, headers=JSON)).json()["parked_messages"]

    answer = await aida.post(f"/staff/parked/{message.id}/settle")

    assert "À regarder" in page
    assert "Message resté sans réponse" in page
    assert [each["id"] for each in listed] == [message.id]
    assert answer.headers["location"] == LIST
    settled = await site.memory.inbox.message(message.id)
    assert settled
    assert settled.state is not MessageState.PARKED
    assert "À regarder" not in (await aida.get(LIST)).text


async def test_a_script_may_settle_and_learns_what_does_not_exist(
    site: Site, aida: httpx.AsyncClient, message: Message
) -> None:
    await park(site, message)

    settled = await aida.post(f"/staff/parked/{message.id}/settle", headers=JSON)
    unknown = await aida.post("/staff/parked/999/settle", headers=JSON)

    assert settled.json() == {"id": message.id, "state": "held"}
    assert unknown.status_code == 404


async def test_what_no_platform_would_take_is_shown(
    site: Site, aida: httpx.AsyncClient, message: Message
) -> None:
    await site.answered(message, "Bonjour Ndèye !")
    await site.memory.outbox.put(
        key="card:1",
        channel="telegram",
        address="-100",
        text="Nouvelle demande",
        correlation_id="c1",
    )
    while outgoing := await site.memory.outbox.lease():
        await site.memory.outbox.park(outgoing.id, "refused")

    listed = (await aida.get(LIST, headers=JSON)).json()["parked_deliveries"]

    assert [(each["contact"], each["channel"]) for each in listed] == [
        ("Ndèye, une visiteuse", "Chat web"),
        ("L'équipe", "Telegram"),
    ]
    assert "Réponse qui n'a pas pu être remise" in (await aida.get(LIST)).text


async def test_staff_do_not_read_the_code_that_proves_who_a_parent_is(
    site: Site, aida: httpx.AsyncClient
) -> None:
    message = await site.wrote("mon code : QX-7310 merci")
    call = ToolCall(
        name="verify_parent_code", arguments={"code": "•••"}, outcome=ToolOutcome.OK
    )
    await site.answered(message, "Merci.", tools=[call])
    handoff = await site.asked_for_human(message)

    transcript = (await aida.get(path(handoff))).text

    assert "mon code : •••• merci" in transcript
    assert "7310" not in transcript + (await aida.get(LIST)).text


async def test_a_code_that_nobody_checked_is_not_read_either(site: Site) -> None:
    message = await site.wrote("QX-7310")
    handoff = await site.asked_for_human(message)
    aida = await site.signed_in("Aïda", code_shapes=shapes_of(["AB-1234"]))

    transcript = (await aida.get(path(handoff))).text

    assert "••••" in transcript
    assert "7310" not in transcript + (await aida.get(LIST)).text


async def test_a_reply_that_no_platform_took_can_be_seen_to(
    site: Site, aida: httpx.AsyncClient, message: Message
) -> None:
    await site.answered(message, "Voici les horaires.")
    outgoing = await site.memory.outbox.lease()
    assert outgoing
    await site.memory.outbox.park(outgoing.id, "whatsapp: 400")

    assert "Voici les horaires." in (await aida.get(LIST)).text
    answer = await aida.post(f"/staff/undelivered/{outgoing.id}/settle")

    assert answer.status_code == 303
    assert "Voici les horaires." not in (await aida.get(LIST)).text
    again = await aida.post(f"/staff/undelivered/{outgoing.id}/settle")
    assert again.status_code == 404
