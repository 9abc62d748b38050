"""The screens in a real browser: keyboard, screen reader, a small phone."""

from datetime import timedelta

import pytest
from playwright.async_api import Page, expect

from memory.records import NewPage

from .site import HASH, PASSWORD, Site
from .windows import Windows


async def test_a_message_written_by_keyboard_gets_its_reply(windows: Windows) -> None:
    page = await windows.open("/")

    await page.keyboard.press("Tab")
    await page.keyboard.press("Enter")  # the link that leads to the message
    await page.keyboard.type("C'est quand ?")
    await page.keyboard.press("Enter")

    log = page.get_by_role("log", name="Conversation")
    await expect(log.get_by_text("C'est quand ?")).to_be_visible()
    await expect(log.locator("strong")).to_have_text("samedi")
    await expect(log.locator("ul li")).to_have_text(["salle 2", "salle 4"])
    await expect(log.locator("ol li")).to_have_attribute("value", "3")
    price = log.locator("ol li").get_by_text("trois")
    assert "4\N{NO-BREAK SPACE}500\N{NO-BREAK SPACE}FCFA" in await price.inner_text()
    await expect(page.get_by_role("textbox", name="Votre message")).to_be_focused()


async def test_a_reply_can_not_bring_code_into_the_page(windows: Windows) -> None:
    page = await windows.open("/")

    await page.get_by_role("button", name="les horaires").click()

    log = page.get_by_role("log")
    await expect(log).to_contain_text("<img src=x onerror=alert(1)>")
    await expect(log).to_contain_text("[piège](javascript:alert(1))")
    await expect(log.locator("img, a")).to_have_count(0)


async def test_behind_the_conversation_a_code_is_masked(windows: Windows) -> None:
    page = await windows.open("/")

    await page.get_by_role("textbox").fill("ZX-1234")
    await page.get_by_role("button", name="Envoyer").click()

    backstage = page.get_by_role("complementary", name="Ce qui s'est passé")
    await expect(backstage).to_contain_text("verify_parent_code")
    await expect(backstage).to_contain_text("refusé")
    await expect(backstage).to_contain_text("••••")
    await expect(backstage).not_to_contain_text("ZX-1234")


async def test_another_contact_has_another_conversation(windows: Windows) -> None:
    page = await windows.open("/")
    log = page.get_by_role("log")
    await page.get_by_role("textbox").fill("Bonjour")
    await page.keyboard.press("Enter")
    await expect(log.locator("strong")).to_be_visible()

    await page.get_by_role("radio", name="Babacar").check()
    await expect(log).not_to_contain_text("Bonjour")
    await page.get_by_role("radio", name="Ndèye").check()

    await expect(log).to_contain_text("Bonjour")
    await expect(log.locator(".bubble")).to_have_count(2)


async def test_nothing_is_wider_than_a_small_phone(
    site: Site, windows: Windows
) -> None:
    await site.memory.staff.add("Aïda", HASH)
    word = "anticonstitutionnellement" * 4
    handoff = await site.asked_for_human(await site.wrote(f"{word} humain"))
    await site.memory.pages.add(
        NewPage(
            key="p",
            token="t",
            title=word,
            body_markdown=f"| {word} | b |\n| --- | --- |\n| c | {word} |",
            created_by="x",
            expires_at=site.now() + timedelta(days=1),
        )
    )
    phone = await windows.open("/staff/sign-in", width=360)
    widths = {"sign-in": await width_of(phone)}
    await phone.get_by_label("Votre nom").fill("Aïda")
    await phone.get_by_label("Votre mot de passe").fill(PASSWORD)
    await phone.keyboard.press("Enter")
    await expect(phone.get_by_role("heading", name="Demandes")).to_be_visible()

    for path in ("/", "/staff/handoffs", f"/staff/handoffs/{handoff.id}", "/p/t"):
        await phone.goto(windows.address + path)
        widths[path] = await width_of(phone)
    await phone.goto(windows.address + "/")
    await phone.get_by_role("button", name="Coulisses").click()
    await expect(phone.get_by_role("complementary")).to_be_visible()
    widths["backstage"] = await width_of(phone)

    assert {path: width for path, width in widths.items() if width > 360} == {}


@pytest.mark.parametrize("width", [360, 768])
async def test_the_contacts_fold_once_one_is_chosen_or_written_to(
    windows: Windows, width: int
) -> None:
    phone = await windows.open("/", width=width)
    who = phone.locator("summary")
    babacar = phone.get_by_role("radio", name="Babacar")

    await who.click()
    await babacar.click()
    await expect(babacar).to_be_hidden()

    await who.click()
    await expect(babacar).to_be_visible()
    await phone.get_by_role("textbox").fill("Bonjour")
    await phone.keyboard.press("Enter")
    await expect(babacar).to_be_hidden()
    await expect(phone.get_by_role("link", name="Équipe")).to_be_visible()


async def test_what_could_not_be_sent_stays_with_its_contact(windows: Windows) -> None:
    page = await windows.open("/")
    log = page.get_by_role("log")
    again = log.get_by_role("button", name="Non envoyé. Réessayer")
    await page.route("**/messages", lambda route: route.abort())
    await page.get_by_role("textbox").fill("Perdue ?")
    await page.keyboard.press("Enter")
    await expect(again).to_be_visible()

    await page.get_by_role("radio", name="Babacar").check()
    await expect(log).to_have_attribute("aria-busy", "false")
    await expect(again).to_be_hidden()
    await page.get_by_role("radio", name="Ndèye").check()
    await page.unroute("**/messages")
    await again.click()

    await expect(log.locator("strong")).to_have_text("samedi")
    await expect(log.get_by_text("Perdue")).to_have_count(1)
    assert all("ERR_FAILED" in each for each in windows.complaints)
    windows.complaints.clear()


async def test_what_was_written_without_a_network_leaves_when_it_is_back(
    windows: Windows,
) -> None:
    page = await windows.open("/")
    status = page.get_by_role("status")
    await expect(status).to_have_text("répond tout de suite")

    await page.context.set_offline(True)
    await expect(status).to_have_text("connexion perdue, nouvel essai…")
    for text in ("Première", "Seconde"):
        await page.get_by_role("textbox").fill(text)
        await page.keyboard.press("Enter")
    log = page.get_by_role("log")
    await expect(log.get_by_role("button", name="Non envoyé")).to_have_count(2)
    await page.context.set_offline(False)

    await expect(log.locator(".bubble-mine .tick")).to_have_count(2)
    sent = log.locator(".bubble-mine .bubble-text")
    await expect(sent).to_have_text(["Première", "Seconde"])
    await expect(status).to_have_text("répond tout de suite")
    assert all("ERR_INTERNET" in each for each in windows.complaints)
    windows.complaints.clear()


@pytest.mark.parametrize("width", [320, 360, 390])
async def test_on_a_phone_the_top_is_one_line(windows: Windows, width: int) -> None:
    phone = await windows.open("/", width=width)

    team = await phone.get_by_role("link", name="Équipe").bounding_box()
    views = await phone.get_by_role("button", name="Coulisses").bounding_box()

    assert team
    assert views
    assert team["y"] < views["y"] + views["height"] / 2 < team["y"] + team["height"]


async def test_a_draft_stays_with_its_contact(windows: Windows) -> None:
    page = await windows.open("/")
    field = page.get_by_role("textbox")
    await field.fill("Pour Ndèye")

    await page.get_by_role("radio", name="Babacar").check()
    await expect(field).to_have_value("")
    await field.fill("Pour Babacar")
    await page.get_by_role("radio", name="Ndèye").check()
    await expect(field).to_have_value("Pour Ndèye")


async def test_what_is_too_long_is_neither_cut_nor_sent(windows: Windows) -> None:
    page = await windows.open("/")
    field = page.get_by_role("textbox")

    await field.fill("é" * 10_000)
    await page.keyboard.press("Enter")

    warning = page.get_by_text("raccourcissez")
    await expect(warning).to_contain_text("sur 4")
    await expect(field).to_have_value("é" * 10_000)
    await field.fill("é" * 3_700)
    await expect(warning).to_be_hidden()
    await expect(page.get_by_text("caractères sur")).to_be_visible()
    await field.fill("court")
    await expect(page.get_by_text("caractères sur")).to_be_hidden()


async def test_who_waits_long_is_told_that_nothing_is_lost(
    site: Site, unanswered: Windows
) -> None:
    page = await unanswered.open("/")
    await page.clock.install(time=0)
    await page.clock.pause_at(1_000)  # on a busy machine no second may pass by itself
    message = await site.wrote("Bonjour")
    site.memory.live.publish("received", message.conversation_id)
    await expect(page.get_by_text("écrit…").first).to_be_attached()
    promise = page.get_by_text("Vos messages sont bien reçus")

    await page.clock.fast_forward(7_000)
    await expect(promise).to_be_hidden()
    await page.clock.fast_forward(2_000)
    await expect(promise).to_be_visible()

    await site.answered(message, "Me voici.")
    await site.delivered()
    site.memory.live.publish("outgoing", message.conversation_id)
    await expect(page.get_by_role("log")).to_contain_text("Me voici.")
    await expect(promise).to_be_hidden()


async def width_of(page: Page) -> int:
    return await page.locator("html").evaluate("page => page.scrollWidth")
