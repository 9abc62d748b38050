"""The staff screens in a real browser."""

from playwright.async_api import Dialog, Page, expect

from .site import HASH, PASSWORD, Site
from .windows import Windows


async def test_a_person_takes_over_and_gives_back(site: Site, windows: Windows) -> None:
    await site.memory.staff.add("Aïda", HASH)
    contact = await windows.open("/")
    await contact.get_by_role("button", name="un humain").click()
    await expect(
        contact.get_by_text("Une personne de l'équipe est prév")
    ).to_be_visible()

    staff = await windows.open("/staff/handoffs")
    await staff.get_by_label("Votre nom").fill("Aïda")
    await staff.get_by_label("Votre mot de passe").fill(PASSWORD)
    await staff.keyboard.press("Enter")
    await staff.get_by_role("button", name="Prendre la conversation").click()
    await staff.get_by_role("textbox", name="Votre réponse").fill("Me voici.")
    await staff.get_by_role("button", name="Envoyer").click()

    log = contact.get_by_role("log")
    await expect(log).to_contain_text("Aïda · l'équipe")
    await expect(log).to_contain_text("Me voici.")
    await expect(contact.get_by_role("status")).to_have_text(
        "Aïda, de l'équipe, vous répond"
    )
    await staff.get_by_role("button", name="J'ai fini").click()
    await expect(log).to_contain_text("Gust-IA répond de nouveau.")


async def test_a_draft_of_staff_is_not_lost_unasked(
    site: Site, windows: Windows
) -> None:
    await site.memory.staff.add("Aïda", HASH)
    handoff = await site.asked_for_human(await site.wrote("humain"))
    await site.memory.handoffs.claim(handoff.id, staff="Aïda")
    page = await windows.open(f"/staff/handoffs/{handoff.id}")
    await page.get_by_label("Votre nom").fill("Aïda")
    await page.get_by_label("Votre mot de passe").fill(PASSWORD)
    await page.keyboard.press("Enter")
    answers = iter([False, True])
    asked: list[str] = []

    async def answer(dialog: Dialog) -> None:
        asked.append(dialog.message)
        await (dialog.accept() if next(answers) else dialog.dismiss())

    page.on("dialog", answer)
    field = page.get_by_role("textbox", name="Votre réponse")
    await field.fill("Je regarde et")
    await page.get_by_role("button", name="J'ai fini").click()
    await expect(field).to_have_value("Je regarde et")
    await page.get_by_role("button", name="J'ai fini").click()

    await expect(page.get_by_role("heading", name="Demandes")).to_be_visible()
    assert ["perdue" in each for each in asked] == [True, True]


async def test_a_draft_of_staff_outlives_their_session(
    site: Site, windows: Windows
) -> None:
    await site.memory.staff.add("Aïda", HASH)
    handoff = await site.asked_for_human(await site.wrote("humain"))
    await site.memory.handoffs.claim(handoff.id, staff="Aïda")
    page = await windows.open(f"/staff/handoffs/{handoff.id}")
    await enter(page)
    field = page.get_by_role("textbox", name="Votre réponse")
    await expect(field).to_have_attribute("aria-invalid", "false")  # scripts are there
    await field.fill("Une réponse pesée")

    await page.context.clear_cookies()
    await page.get_by_role("button", name="Envoyer").click()
    await expect(page.get_by_role("alert")).to_contain_text("session est terminée")
    await enter(page)

    await expect(field).to_have_value("Une réponse pesée")
    await page.get_by_role("button", name="Envoyer").click()
    await expect(page.get_by_role("log")).to_contain_text("Une réponse pesée")
    await page.reload()
    await expect(field).to_have_attribute("aria-invalid", "false")
    await expect(field).to_have_value("")


async def enter(page: Page) -> None:
    await page.get_by_label("Votre nom").fill("Aïda")
    await page.get_by_label("Votre mot de passe").fill(PASSWORD)
    await page.keyboard.press("Enter")
