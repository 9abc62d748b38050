"""Temporary pages: who may read them, until when, and nothing that harms."""

from datetime import timedelta
from html.parser import HTMLParser

import pytest

from channels.web.markdown import to_safe_html
from memory.records import NewPage
from tests.conftest import Clock

from .site import Site


class TagReader(HTMLParser):
    """What a browser would see of a text: its tags and their attributes."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += attrs


TOKEN = "a-token-that-nobody-can-guess"


@pytest.fixture
async def page(site: Site, clock: Clock) -> str:
    await site.memory.pages.add(
        NewPage(
            key="page:1",
            token=TOKEN,
            title="Réunion <des> parents",
            body_markdown="Venez **nombreux**.\n\n| Salle | Heure |\n| --- | --- |\n"
            "| 2 | 16 h |\n",
            created_by="telegram:1",
            expires_at=clock.now + timedelta(days=5, hours=6, minutes=30),
        )
    )
    return f"/p/{TOKEN}"


async def test_a_page_shows_its_text_and_its_end(site: Site, page: str) -> None:
    answer = await site.browser().get(page)

    assert answer.status_code == 200
    assert "<h1>Réunion &lt;des&gt; parents</h1>" in answer.text
    assert "<strong>nombreux</strong>" in answer.text
    assert "<td>16\N{NO-BREAK SPACE}h</td>" in answer.text
    shown = answer.text.replace("\N{NO-BREAK SPACE}", " ")
    assert "samedi 28 novembre à 16 h 30" in shown


async def test_a_page_runs_no_script_and_is_not_found_by_search(
    site: Site, page: str
) -> None:
    answer = await site.browser().get(page)

    assert "script-src" not in answer.headers["content-security-policy"]
    assert "default-src 'none'" in answer.headers["content-security-policy"]
    assert answer.headers["x-robots-tag"] == "noindex, nofollow, noarchive"
    assert answer.headers["referrer-policy"] == "no-referrer"
    assert "no-store" in answer.headers["cache-control"]
    assert "<script" not in answer.text


async def test_the_preview_of_a_link_says_nothing_of_the_page(
    site: Site, page: str
) -> None:
    answer = await site.browser().get(page)

    assert 'property="og:title" content="Une page pour vous"' in answer.text


async def test_a_previewer_may_ask_with_head(site: Site, page: str) -> None:
    answer = await site.browser().head(page)

    assert answer.status_code == 200
    assert answer.content == b""


async def test_an_unknown_link_is_not_found(site: Site) -> None:
    answer = await site.browser().get("/p/never-was")

    assert answer.status_code == 404
    assert "n&#39;existe pas" in answer.text


async def test_an_expired_and_a_revoked_page_look_the_same(
    site: Site, clock: Clock, page: str
) -> None:
    browser = site.browser()
    kept = await site.memory.pages.by_token(TOKEN)
    assert kept
    clock.forward(days=6)
    expired = await browser.get(page)
    clock.forward(days=-6)
    await site.memory.pages.revoke(kept.id)
    revoked = await browser.get(page)

    assert expired.status_code == revoked.status_code == 410
    assert expired.text == revoked.text
    assert "Réunion" not in revoked.text


@pytest.mark.parametrize(
    "harm",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "![suivi](https://ailleurs.test/pixel.png)",
        "[clic](javascript:alert(1))",
        "[clic](data:text/html,x)",
        "[clic](http://ailleurs.test)",
        '<a href="https://x.test" onclick="alert(1)">x</a>',
        "<iframe src=https://x.test></iframe>",
    ],
)
def test_what_could_harm_a_reader_is_taken_out(harm: str) -> None:
    reader = TagReader()
    reader.feed(to_safe_html(harm))

    assert set(reader.tags) <= {"p", "a"}
    assert {name for name, _ in reader.attributes} <= {"rel"}


def test_a_link_to_the_outside_gives_nothing_away() -> None:
    html = to_safe_html("[le site](https://service.test/a) et <tel:+221>")

    assert 'href="https://service.test/a"' in html
    assert 'rel="noopener noreferrer nofollow"' in html


def test_a_list_keeps_the_numbers_that_were_written() -> None:
    assert '<ol start="3">' in to_safe_html("3. trois\n4. quatre")
