"""The files of a temporary page: as long as the page, and by its link only."""

from collections.abc import AsyncGenerator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import httpx
import pytest

from memory import FilesSettings, Memory, Stores, open_memory
from memory.files import S3Bucket
from memory.records import Attachment, NewPage
from tests.conftest import Clock
from tests.memory.file_samples import PDF, TEXT

from .site import ORIGIN, Site

NAME = 'Reçu <b>"été".pdf'


@pytest.fixture
def files(tmp_path: Path) -> FilesSettings:
    return FilesSettings(
        folder=tmp_path / "files", public_url=ORIGIN, secret="of-this-test"
    )


@pytest.fixture
async def memory(
    tmp_path: Path, clock: Clock, files: FilesSettings
) -> AsyncGenerator[Memory]:
    url = f"sqlite:///{tmp_path}/gust.db"
    async with open_memory(url, now=clock, stores=Stores(files=files)) as opened:
        yield opened


@dataclass(frozen=True)
class Kept:
    """A page and its file."""

    path: str
    page_id: int
    file: Attachment

    @property
    def file_path(self) -> str:
        return f"{self.path}/files/{self.file.id}"


async def a_page(site: Site, token: str = "token-a", *, name: str = NAME) -> Kept:
    await site.memory.pages.add(
        NewPage(
            key=token,
            token=token,
            title="Inscription",
            body_markdown="Voici la fiche.",
            created_by="parent:1",
            expires_at=site.now() + timedelta(hours=72),
        )
    )
    page = await site.memory.pages.by_token(token)
    assert page
    content = PDF if name.endswith("pdf") else TEXT
    file = await site.memory.attachments.add(name, content, page_id=page.id)
    return Kept(f"/p/{token}", page.id, file)


async def followed(browser: httpx.AsyncClient, path: str) -> httpx.Response:
    """What a reader gets who clicks."""
    return await browser.get(path, follow_redirects=True)


async def test_a_page_shows_its_files_below_its_text(site: Site) -> None:
    kept = await a_page(site)

    shown = (await site.browser().get(kept.path)).text

    assert "Document joint</h2>" in shown
    assert f'<a href="{kept.file_path}">Reçu &lt;b&gt;&#34;été&#34;.pdf</a>' in shown
    assert "1\N{NO-BREAK SPACE}ko" in shown
    assert "signature" not in shown  # a signed link would outlive a revocation


async def test_a_page_without_files_says_nothing_of_them(site: Site) -> None:
    kept = await a_page(site)
    await site.memory.attachments.forget(kept.file.id)

    assert "joint" not in (await site.browser().get(kept.path)).text


async def test_a_click_gives_the_file(site: Site) -> None:
    kept = await a_page(site)
    browser = site.browser()

    sent_on = await browser.get(kept.file_path)
    answer = await followed(browser, kept.file_path)

    assert sent_on.status_code == 302
    assert sent_on.headers["cache-control"] == "private, no-store"
    assert sent_on.headers["referrer-policy"] == "no-referrer"
    assert sent_on.headers["location"].startswith(f"{ORIGIN}/files/{kept.file.key}?")
    assert answer.status_code == 200
    assert answer.content == PDF
    assert answer.headers["content-type"] == "application/pdf"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert "default-src 'none'" in answer.headers["content-security-policy"]
    assert "script-src" not in answer.headers["content-security-policy"]
    assert answer.headers["content-disposition"].startswith("inline; ")


async def test_a_file_that_a_browser_should_not_open_is_saved(site: Site) -> None:
    kept = await a_page(site, name="liste.txt")

    answer = await followed(site.browser(), kept.file_path)

    assert answer.headers["content-disposition"].startswith("attachment; ")


async def test_a_previewer_may_ask_with_head(site: Site) -> None:
    kept = await a_page(site)
    browser = site.browser()

    answer = await browser.head(kept.file_path, follow_redirects=True)

    assert answer.status_code == 200
    assert answer.content == b""


async def test_the_way_to_a_file_is_open_for_a_moment_only(
    site: Site, clock: Clock
) -> None:
    kept = await a_page(site)
    browser = site.browser()
    link = (await browser.get(kept.file_path)).headers["location"]

    clock.forward(seconds=60)
    in_time = await browser.get(link)
    clock.forward(seconds=60)
    too_late = await browser.get(link)

    assert (in_time.status_code, too_late.status_code) == (200, 410)
    assert "Ce lien n&#39;est plus valable" in too_late.text


async def test_a_page_that_is_over_gives_no_file(site: Site, clock: Clock) -> None:
    expired, revoked = await a_page(site, "token-a"), await a_page(site, "token-b")
    await site.memory.pages.revoke(revoked.page_id)
    browser = site.browser()
    revoked_answer = await followed(browser, revoked.file_path)
    clock.forward(hours=72)
    expired_answer = await followed(browser, expired.file_path)

    assert revoked_answer.status_code == expired_answer.status_code == 410
    assert revoked_answer.text == expired_answer.text
    assert "n&#39;est plus disponible" in expired_answer.text


async def test_a_link_from_before_its_page_was_revoked_is_over_at_once(
    site: Site,
) -> None:
    kept = await a_page(site)
    async with site.browser() as browser:
        link = (await browser.get(kept.file_path)).headers["location"]
        assert (await browser.get(link)).status_code == 200

        await site.memory.pages.revoke(kept.page_id)

        assert (await browser.get(link)).status_code == 410


async def test_what_was_revoked_and_swept_is_not_given_by_a_link_from_before(
    site: Site,
) -> None:
    kept = await a_page(site)
    browser = site.browser()
    link = (await browser.get(kept.file_path)).headers["location"]
    await site.memory.pages.revoke(kept.page_id)

    assert await site.memory.attachments.sweep() == 1

    assert (await browser.get(link)).status_code == 410


async def test_a_page_gives_no_file_of_another(site: Site) -> None:
    one, other = await a_page(site, "token-a"), await a_page(site, "token-b")
    browser = site.browser()

    theirs = await followed(browser, f"{one.path}/files/{other.file.id}")
    nobodys = await followed(browser, f"/p/never-was/files/{other.file.id}")
    no_number = await followed(browser, f"{one.path}/files/{other.file.key}")

    assert theirs.status_code == nobodys.status_code == 404
    assert no_number.status_code == 422
    for answer in (theirs, nobodys, no_number):
        assert PDF not in answer.content


async def test_a_forged_link_finds_nothing(site: Site) -> None:
    kept = await a_page(site)
    link = f"/files/{kept.file.key}?until=9999999999&signature="

    for signature in ("", "0" * 64, "é"):
        answer = await site.browser().get(link + signature)
        assert answer.status_code == 404
        assert PDF not in answer.content


async def test_a_folder_that_is_away_is_said_as_such(
    site: Site, files: FilesSettings
) -> None:
    kept = await a_page(site)
    at = files.folder / kept.file.key
    at.unlink()
    at.mkdir()

    answer = await followed(site.browser(), kept.file_path)

    assert answer.status_code == 503
    assert answer.headers["retry-after"]
    assert str(files.folder) not in answer.text


async def test_a_reader_is_sent_to_the_s3_where_there_is_one(
    tmp_path: Path, clock: Clock, s3: S3Bucket
) -> None:
    url = f"sqlite:///{tmp_path}/s3.db"
    async with open_memory(
        url, now=clock, stores=Stores(files=FilesSettings(s3=s3))
    ) as memory:
        site = Site(memory=memory, now=clock)
        kept = await a_page(site)
        browser = site.browser()
        sent_on = await browser.get(kept.file_path)
        ours = await browser.get(f"/files/{kept.file.key}?until=1&signature=1")
        async with httpx.AsyncClient() as reader:
            answer = await reader.get(sent_on.headers["location"])

    assert sent_on.headers["location"].startswith(f"{s3.public_endpoint}/gust/")
    assert answer.content == PDF
    assert ours.status_code == 404
