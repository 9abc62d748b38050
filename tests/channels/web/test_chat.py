"""Writing in the web chat: the same inbox as any other door."""

from uuid import uuid4

import pytest

from memory.records import MessageState, ParentIdentity

from .site import NDEYE, Site

MESSAGES = "/chat/ndeye/messages"


async def test_the_page_offers_the_contacts_and_first_words(site: Site) -> None:
    page = (await site.browser().get("/")).text

    assert "Ndèye, une visiteuse" in page
    assert "<li>les horaires\N{NO-BREAK SPACE}?</li>" in page
    assert "<li>un humain</li>" in page
    assert 'data-timezone="Africa/Dakar"' in page


async def test_a_message_waits_in_the_inbox_and_wakes_its_conversation(
    site: Site,
) -> None:
    answer = await site.browser().post(MESSAGES, json={"text": " Bonjour ! "})

    assert answer.status_code == 202
    message = await site.memory.inbox.message(answer.json()["id"])
    assert message
    assert message.text == "Bonjour !"
    assert message.state is MessageState.WAITING
    assert site.woken == [message.conversation_id]


async def test_the_conversation_is_the_contacts_own(site: Site) -> None:
    await site.browser().post(MESSAGES, json={"text": "Bonjour"})

    conversation = await site.memory.inbox.conversation_of(NDEYE.alias, "web")
    assert conversation
    assert conversation.address == "ndeye"


async def test_a_message_sent_again_with_its_key_is_kept_once(site: Site) -> None:
    browser, sent = site.browser(), {"text": "Bonjour", "key": str(uuid4())}

    first = await browser.post(MESSAGES, json=sent)
    again = await browser.post(MESSAGES, json=sent)

    assert again.status_code == 202
    assert again.json() == first.json()
    assert len(await site.memory.inbox.waiting(site.woken[0])) == 1


async def test_a_key_of_another_contacts_message_gives_nothing_away(
    site: Site,
) -> None:
    browser, sent = site.browser(), {"text": "Bonjour", "key": str(uuid4())}
    await browser.post(MESSAGES, json=sent)

    answer = await browser.post("/chat/babacar/messages", json=sent)

    assert answer.status_code == 409


@pytest.mark.parametrize(
    "sent",
    [
        {"text": "   "},
        {"text": "x" * 4001},
        {"text": 7},
        {"text": "Bonjour", "key": "1"},
        {"text": "\x00"},
        {},
        [],
    ],
)
async def test_what_is_no_message_is_not_kept(site: Site, sent: object) -> None:
    answer = await site.browser().post(MESSAGES, json=sent)

    assert answer.status_code == 422
    assert site.woken == []


async def test_broken_json_and_half_a_character_are_not_kept(site: Site) -> None:
    browser = site.browser()
    json = {"content-type": "application/json"}

    for body in (b"{", b'{"text": "\\ud800"}'):
        answer = await browser.post(MESSAGES, content=body, headers=json)
        assert answer.status_code == 422


async def test_a_form_of_another_site_cannot_write(site: Site) -> None:
    answer = await site.browser().post(
        MESSAGES, content=b'{"text": "x"}', headers={"content-type": "text/plain"}
    )

    assert answer.status_code == 422


async def test_nobody_writes_as_an_unknown_contact(site: Site) -> None:
    browser = site.browser()

    written = await browser.post("/chat/inconnu/messages", json={"text": "Bonjour"})

    assert written.status_code == 404
    assert (await browser.get("/chat/inconnu/events")).status_code == 404


async def test_a_proved_code_can_be_forgotten(site: Site) -> None:
    message = await site.wrote("ZX-1234")
    contact = (await site.conversation(message)).contact_id
    parent = ParentIdentity(profile="parent", code="ZX-1234", name="Ndèye")
    await site.memory.sessions.prove(contact, parent)

    answer = await site.browser().post("/chat/ndeye/forget")

    assert answer.status_code == 204
    assert (await site.memory.sessions.of(contact)).parent is None


async def test_forgetting_before_writing_is_nothing(site: Site) -> None:
    assert (await site.browser().post("/chat/ndeye/forget")).status_code == 204
