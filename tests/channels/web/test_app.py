"""What holds for every route: headers, refusals, small bodies, foreign pages."""

import pytest
from fastapi import APIRouter, Request

from memory.errors import Unkept

from .site import ORIGIN, Site

JSON = {"accept": "application/json"}


@pytest.mark.parametrize("path", ["/", "/health", "/nowhere", "/staff/sign-in", "/p/x"])
async def test_every_answer_carries_the_headers(site: Site, path: str) -> None:
    answer = await site.browser().get(path)

    policy = answer.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["cache-control"] == "private, no-store"
    assert answer.headers["strict-transport-security"]


async def test_nothing_tells_other_sites_where_a_reader_comes_from(site: Site) -> None:
    browser = site.browser()

    assert (await browser.get("/")).headers["referrer-policy"] == "no-referrer"
    sign_in = await browser.get("/staff/sign-in")
    assert sign_in.headers["referrer-policy"] == "same-origin"


async def test_over_plain_http_no_header_promises_https(site: Site) -> None:
    answer = await site.browser(public_url="http://127.0.0.1:8000").get("/")

    assert "strict-transport-security" not in answer.headers
    assert "cross-origin-opener-policy" not in answer.headers


async def test_all_assets_are_ours_and_may_be_kept_if_asked_again(site: Site) -> None:
    browser = site.browser()
    page = (await browser.get("/")).text

    assert "http" not in page.replace("http-equiv", "")
    style = await browser.get("/static/style.css")
    assert style.headers["cache-control"] == "no-cache"
    assert style.headers["content-encoding"] == "gzip"


async def test_a_person_reads_a_refusal_and_a_script_parses_it(site: Site) -> None:
    browser = site.browser()

    for_people = await browser.get("/nowhere")
    for_scripts = await browser.get("/nowhere", headers=JSON)

    assert for_people.status_code == for_scripts.status_code == 404
    assert "Il n&#39;y a rien à cette adresse." in for_people.text
    assert for_scripts.json() == {"detail": "Il n'y a rien à cette adresse."}


async def test_a_refusal_does_not_repeat_what_was_sent(site: Site) -> None:
    sent = {"text": {"code": "ZX-1234"}}

    answer = await site.browser().post("/chat/ndeye/messages", json=sent, headers=JSON)

    assert answer.status_code == 422
    assert "ZX-1234" not in answer.text


async def test_a_fault_of_ours_says_sorry_and_nothing_else(site: Site) -> None:
    def broken(_: int) -> None:
        raise RuntimeError("ZX-1234")

    answer = await site.browser(wake=broken).post(
        "/chat/ndeye/messages", json={"text": "Bonjour"}
    )

    assert answer.status_code == 500
    assert "Une erreur s&#39;est produite de notre côté" in answer.text
    assert "ZX-1234" not in answer.text
    assert "default-src 'none'" in answer.headers["content-security-policy"]


async def test_a_database_away_means_later(site: Site) -> None:
    def away(_: int) -> None:
        raise Unkept("OperationalError")

    answer = await site.browser(wake=away).post(
        "/chat/ndeye/messages", json={"text": "Bonjour"}, headers=JSON
    )

    assert answer.status_code == 503
    assert answer.headers["retry-after"] == "5"


async def test_a_large_body_is_refused_before_it_is_read(site: Site) -> None:
    answer = await site.browser().post("/chat/ndeye/messages", content=b"x" * 70_000)

    assert answer.status_code == 413


async def test_a_body_of_unknown_length_is_refused(site: Site) -> None:
    async def endless():
        yield b"x"

    answer = await site.browser().post("/chat/ndeye/messages", content=endless())

    assert answer.status_code == 411


async def test_the_served_house_names_itself_in_one_line(site: Site) -> None:
    browser = site.browser(demo_contacts=None)

    answer = await browser.get("/")

    assert answer.text.count("\n") == 1
    assert "Gust-IA" in answer.text
    assert (await browser.get("/chat/ndeye/events")).status_code == 404


async def test_the_doors_of_platforms_have_their_own_limit(site: Site) -> None:
    webhooks = APIRouter()

    async def receive(request: Request) -> int:
        return len(await request.body())

    webhooks.add_api_route("/api/v1/webhook", receive, methods=["POST"])
    browser = site.browser(webhooks=webhooks)

    answer = await browser.post("/api/v1/webhook", content=b"x" * 70_000)

    assert answer.json() == 70_000


async def test_the_documentation_of_the_framework_is_not_served(site: Site) -> None:
    browser = site.browser()

    for path in ("/docs", "/redoc", "/openapi.json"):
        assert (await browser.get(path)).status_code == 404


async def test_only_a_named_origin_may_call_from_elsewhere(site: Site) -> None:
    friend = "https://ami.test"
    browser = site.browser(cors_origins=(friend,))
    asked = {"access-control-request-method": "POST"}

    allowed = await browser.options("/", headers={"origin": friend, **asked})
    refused = await browser.options(
        "/", headers={"origin": "https://autre.test", **asked}
    )
    default = await site.browser().options("/", headers={"origin": friend, **asked})

    assert allowed.headers["access-control-allow-origin"] == friend
    assert "access-control-allow-origin" not in refused.headers
    assert "access-control-allow-origin" not in default.headers


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"sec-fetch-site": "same-origin"}, 202),
        ({"sec-fetch-site": "cross-site"}, 403),
        ({"sec-fetch-site": "same-site"}, 403),
        ({"origin": ORIGIN}, 202),
        ({"origin": "https://ami.test", "sec-fetch-site": "cross-site"}, 202),
        ({"origin": "https://autre.test"}, 403),
        ({"origin": "null"}, 403),
        ({}, 202),  # no browser: nobody's cookie is at stake
    ],
)
async def test_only_our_own_pages_may_write(
    site: Site, headers: dict[str, str], status: int
) -> None:
    browser = site.browser(cors_origins=("https://ami.test",))
    del browser.headers["sec-fetch-site"]

    answer = await browser.post(
        "/chat/ndeye/messages", json={"text": "Bonjour"}, headers=headers
    )

    assert answer.status_code == status
