"""Who enters the staff screens, and how nobody else does."""

import asyncio
from http.cookies import SimpleCookie

import httpx
import pytest
from itsdangerous import URLSafeSerializer

from channels.web.attempts import Attempts
from channels.web.auth import COOKIE, hash_password
from tests.conftest import Clock

from .site import HASH, ORIGIN, PASSWORD, Site

LIST, SIGN_IN = "/staff/handoffs", "/staff/sign-in"
JSON = {"accept": "application/json"}
AIDA = {"name": "Aïda", "password": PASSWORD}


@pytest.fixture
async def browser(site: Site) -> httpx.AsyncClient:
    await site.memory.staff.add("Aïda", HASH)
    return site.browser()


async def test_a_stranger_is_sent_to_sign_in(browser: httpx.AsyncClient) -> None:
    answer = await browser.get("/staff/handoffs/7")

    assert answer.status_code == 303
    assert answer.headers["location"] == f"{SIGN_IN}?next=/staff/handoffs/7"


async def test_a_script_without_a_session_is_told_so(
    browser: httpx.AsyncClient,
) -> None:
    assert (await browser.get(LIST, headers=JSON)).status_code == 401
    claimed = await browser.post(f"{LIST}/1/claim", headers={"accept": "*/*"})
    assert claimed.status_code == 401


async def test_the_right_password_opens_what_was_wanted(
    browser: httpx.AsyncClient,
) -> None:
    answer = await browser.post(SIGN_IN, data={**AIDA, "next": "/staff/handoffs/7"})

    assert answer.status_code == 303
    assert answer.headers["location"] == "/staff/handoffs/7"
    assert (await browser.get(LIST)).status_code == 200


async def test_the_cookie_is_hidden_from_scripts_and_other_sites(
    browser: httpx.AsyncClient,
) -> None:
    answer = await browser.post(SIGN_IN, data=AIDA)

    cookie = SimpleCookie(answer.headers["set-cookie"])[COOKIE]
    assert cookie["httponly"]
    assert cookie["secure"]
    assert cookie["samesite"] == "lax"
    assert cookie["max-age"] == str(12 * 3600)


async def test_over_plain_http_the_cookie_still_comes_back(site: Site) -> None:
    browser = await site.signed_in("Aïda", public_url="http://127.0.0.1:8000")

    assert (await browser.get(LIST)).status_code == 200


@pytest.mark.parametrize(
    ("name", "password"),
    [("Aïda", "tamarinier-8"), ("Aïda", ""), ("Personne", PASSWORD), ("", "")],
)
async def test_a_wrong_name_or_password_opens_nothing(
    browser: httpx.AsyncClient, name: str, password: str
) -> None:
    answer = await browser.post(SIGN_IN, data={"name": name, "password": password})

    assert answer.status_code == 401
    assert "ne vont pas ensemble" in answer.text
    assert "set-cookie" not in answer.headers


async def test_a_password_is_kept_as_a_hash_that_opens(site: Site) -> None:
    kept = hash_password(PASSWORD)
    await site.memory.staff.add("Aïda", kept)

    answer = await site.browser().post(SIGN_IN, data=AIDA)

    assert kept.startswith("$argon2id$")
    assert answer.status_code == 303


async def test_a_kept_password_that_is_no_hash_opens_nothing(site: Site) -> None:
    await site.memory.staff.add("Aïda", PASSWORD)

    answer = await site.browser().post(SIGN_IN, data=AIDA)

    assert answer.status_code == 401


async def test_after_five_wrong_passwords_even_the_right_one_waits(
    browser: httpx.AsyncClient, clock: Clock
) -> None:
    for _ in range(5):
        await browser.post(SIGN_IN, data={**AIDA, "password": "x"})

    locked = await browser.post(SIGN_IN, data=AIDA)
    clock.forward(minutes=15)
    later = await browser.post(SIGN_IN, data=AIDA)

    assert locked.status_code == 429
    assert "quart d&#39;heure" in locked.text
    assert later.status_code == 303


async def test_wrong_passwords_that_come_at_once_do_not_slip_past_the_limit(
    browser: httpx.AsyncClient,
) -> None:
    wrong = {**AIDA, "password": "x"}
    answers = await asyncio.gather(
        *(browser.post(SIGN_IN, data=wrong) for _ in range(12))
    )

    assert [answer.status_code for answer in answers].count(401) == 5


async def test_a_revoked_person_is_out_at_the_next_click(site: Site) -> None:
    browser = await site.signed_in("Aïda")
    assert (await browser.get(LIST)).status_code == 200

    await site.memory.staff.revoke("Aïda")

    assert (await browser.get(LIST, headers=JSON)).status_code == 401
    assert (await browser.post(SIGN_IN, data=AIDA)).status_code == 401


async def test_a_session_ends_after_its_hours(site: Site, clock: Clock) -> None:
    browser = await site.signed_in("Aïda")
    clock.forward(hours=12)

    assert (await browser.get(LIST, headers=JSON)).status_code == 401


@pytest.mark.parametrize(
    ("form", "page"),
    [
        ("/staff/handoffs/7/reply", "/staff/handoffs/7"),
        ("/staff/handoffs/7/claim", "/staff/handoffs/7"),
        ("/staff/parked/7/settle", LIST),
    ],
)
async def test_whose_session_ended_is_told_so_and_led_back_to_the_form(
    browser: httpx.AsyncClient, form: str, page: str
) -> None:
    answer = await browser.post(form, data={"text": "Me voici."})

    assert answer.headers["location"] == f"{SIGN_IN}?next={page}&ended=1"
    screen = await browser.get(answer.headers["location"])
    assert "Votre session est terminée." in screen.text
    assert f'name="next" value="{page}"' in screen.text
    assert "terminée" not in (await browser.get(SIGN_IN)).text


async def test_signing_out_forgets_the_session(site: Site) -> None:
    browser = await site.signed_in("Aïda")

    await browser.post("/staff/sign-out")

    assert (await browser.get(LIST, headers=JSON)).status_code == 401


@pytest.mark.parametrize("secret", ["", "another-secret"])
async def test_a_cookie_signed_by_somebody_else_is_nobodys(
    site: Site, browser: httpx.AsyncClient, secret: str
) -> None:
    until = "2099-01-01T00:00:00+00:00"
    forged = URLSafeSerializer(secret, salt="staff-session").dumps(
        {"name": "Aïda", "until": until}
    )

    for cookie in (forged, "x", "Aïda".encode().hex()):
        headers = {**JSON, "cookie": f"{COOKIE}={cookie}"}
        assert (await browser.get(LIST, headers=headers)).status_code == 401


async def test_a_foreign_page_can_neither_sign_in_nor_act(site: Site) -> None:
    browser = await site.signed_in("Aïda")
    handoff = await site.asked_for_human(await site.wrote("un humain"))
    foreign = {"sec-fetch-site": "cross-site", "origin": "https://autre.test"}

    for path in (SIGN_IN, "/staff/sign-out", f"{LIST}/{handoff.id}/claim"):
        answer = await browser.post(path, data=AIDA, headers=foreign)
        assert answer.status_code == 403

    assert await site.memory.handoffs.handoff(handoff.id) == handoff


@pytest.mark.parametrize(
    "elsewhere",
    ["https://autre.test/", "//autre.test", "/\\autre.test", "/staff/\\x", "/p/x", ""],
)
async def test_signing_in_never_leads_elsewhere(
    browser: httpx.AsyncClient, elsewhere: str
) -> None:
    answer = await browser.post(SIGN_IN, data={**AIDA, "next": elsewhere})

    assert answer.headers["location"] == LIST


async def test_the_screen_gives_a_name_back_escaped(
    browser: httpx.AsyncClient,
) -> None:
    answer = await browser.post(
        SIGN_IN,
        data={"name": '"><script>', "password": "x"},
        headers={"origin": ORIGIN},
    )

    assert "<script>" not in answer.text


def test_attempts_forget_the_oldest_when_strangers_try_many_names(
    clock: Clock,
) -> None:
    attempts = Attempts(now=clock, at_most=1)

    for number in range(10_001):
        attempts.fail(number)

    assert not attempts.are_used_up(0)
    assert attempts.are_used_up(10_000)
