"""What every place of files does alike: a folder served by us, and a real S3."""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable
from datetime import timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import httpx
import pytest

from channels.web.app import build_app
from channels.web.parts import WebParts
from memory import FilesSettings, Memory, Stores, open_memory
from memory.attachments import Attachments
from memory.errors import FileGone, FileRefused
from memory.files import Files, Label, S3Bucket, new_key
from memory.records import NewPage
from memory.sql.attachments import AttachmentRows
from tests.conftest import Clock

from .file_samples import DOCX, PDF, PNG, TEXT
from .letters import MORNING, begin

SITE = "https://gust.test"
NAME = 'Reçu "élève" d\'été.pdf'
REFUSED = (403, 404)
OVER = (403, 404, 410)  # an S3 says 403, and 404 once it is deleted

Reader = Callable[[str], Awaitable[httpx.Response]]
PassTime = Callable[[int], Awaitable[None]]


class InAFolder:
    @pytest.fixture
    def files(self, tmp_path: Path) -> FilesSettings:
        return FilesSettings(
            folder=tmp_path / "files", public_url=SITE, secret="of-this-test"
        )

    @pytest.fixture
    async def read(self, memory: Memory, clock: Clock) -> AsyncGenerator[Reader]:
        app = build_app(
            WebParts(
                memory=memory,
                wake=lambda _conversation: None,
                now=clock,
                public_url=SITE,
                secret="of-this-test",
                timezone=ZoneInfo("Africa/Dakar"),
            )
        )
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app)) as http:
            yield http.get

    @pytest.fixture
    def pass_time(self, clock: Clock) -> PassTime:
        async def forward(seconds: int) -> None:
            clock.forward(seconds=seconds)

        return forward


class InS3:
    @pytest.fixture
    def files(self, s3: S3Bucket) -> FilesSettings:
        return FilesSettings(s3=s3)

    @pytest.fixture
    async def read(self) -> AsyncGenerator[Reader]:
        async with httpx.AsyncClient() as http:
            yield http.get

    @pytest.fixture
    def pass_time(self) -> PassTime:
        return asyncio.sleep  # the clock of the S3 is its own


class AttachmentsContract:
    @pytest.fixture
    async def memory(
        self, url: str, clock: Clock, files: FilesSettings
    ) -> AsyncGenerator[Memory]:
        async with open_memory(url, now=clock, stores=Stores(files=files)) as opened:
            yield opened

    async def page(self, memory: Memory, key: str = "a", *, hours: int = 72) -> int:
        await memory.pages.add(
            NewPage(
                key=key,
                token=f"token-{key}",
                title="Inscription",
                body_markdown="Voici la fiche.",
                created_by="parent:1",
                expires_at=MORNING + timedelta(hours=hours),
            )
        )
        found = await memory.pages.by_token(f"token-{key}")
        assert found
        return found.id

    async def test_what_is_kept_is_given_back_whole(self, memory: Memory) -> None:
        page_id = await self.page(memory)

        kept = await memory.attachments.add(NAME, PDF, page_id=page_id)

        [found] = await memory.attachments.of_page(page_id)
        assert found == kept
        assert (found.name, found.media_type) == (NAME, "application/pdf")
        assert (found.size_bytes, found.created_at) == (len(PDF), MORNING)
        assert await memory.attachments.content(found) == PDF

    async def test_a_large_file_is_given_back_whole(self, memory: Memory) -> None:
        large = PDF + bytes(range(256)) * 30_000  # more than one part of an upload

        kept = await memory.attachments.add("a.pdf", large)

        assert await memory.attachments.content(kept) == large

    async def test_a_key_says_nothing_of_the_file(self, memory: Memory) -> None:
        one = await memory.attachments.add(NAME, PDF)
        other = await memory.attachments.add(NAME, PDF)

        assert one.key != other.key
        assert len(one.key) == len(other.key) == 32

    async def test_what_is_refused_leaves_nothing(self, memory: Memory) -> None:
        with pytest.raises(FileRefused):
            await memory.attachments.add("page.html", b"<script>")

        assert await memory.attachments.all() == []
        assert await memory.attachments.sweep() == 0

    async def test_a_link_gives_the_file_with_its_type_and_its_name(
        self, memory: Memory, read: Reader
    ) -> None:
        kept = await memory.attachments.add(NAME, PDF)

        answer = await read(await memory.attachments.link(kept, seconds=60))

        assert answer.status_code == 200
        assert answer.content == PDF
        assert answer.headers["content-type"] == "application/pdf"
        assert answer.headers["content-disposition"] == (
            'inline; filename="Recu _eleve_ d\'ete.pdf";'
            " filename*=UTF-8''Re%C3%A7u%20%22%C3%A9l%C3%A8ve%22%20d%27%C3%A9t%C3%A9.pdf"
        )
        assert "no-store" in answer.headers["cache-control"]

    @pytest.mark.parametrize(
        ("name", "content", "how"),
        [
            ("a.png", PNG, "inline"),
            ("a.docx", DOCX, "attachment"),
            ("a.txt", TEXT, "attachment"),
        ],
    )
    async def test_what_a_browser_should_not_open_is_saved(
        self, memory: Memory, read: Reader, name: str, content: bytes, how: str
    ) -> None:
        kept = await memory.attachments.add(name, content)

        answer = await read(await memory.attachments.link(kept, seconds=60))

        assert answer.content == content
        assert answer.headers["content-disposition"].startswith(f"{how}; ")

    async def test_a_link_opens_no_other_file(
        self, memory: Memory, read: Reader
    ) -> None:
        one = await memory.attachments.add("un.pdf", PDF)
        other = await memory.attachments.add("deux.pdf", PDF)
        link = await memory.attachments.link(one, seconds=60)

        answer = await read(link.replace(one.key, other.key))

        assert answer.status_code in REFUSED
        assert PDF not in answer.content

    async def test_without_its_signature_a_link_opens_nothing(
        self, memory: Memory, read: Reader
    ) -> None:
        kept = await memory.attachments.add("un.pdf", PDF)
        link = await memory.attachments.link(kept, seconds=60)
        last = link[-1]

        bare = await read(link.partition("?")[0])
        forged = await read(link[:-1] + ("0" if last != "0" else "1"))
        longer = await read(
            link.replace("X-Amz-Expires=60", "X-Amz-Expires=99").replace(
                "until=1", "until=2"
            )
        )

        for answer in (bare, forged, longer):
            assert answer.status_code in REFUSED
            assert PDF not in answer.content

    async def test_a_link_is_over_after_its_time(
        self, memory: Memory, read: Reader, pass_time: PassTime
    ) -> None:
        kept = await memory.attachments.add("un.pdf", PDF)
        link = await memory.attachments.link(kept, seconds=5)
        in_time = await read(link)

        await pass_time(7)
        too_late = await read(link)

        assert in_time.content == PDF
        assert too_late.status_code in OVER
        assert PDF not in too_late.content

    async def test_what_is_forgotten_is_gone_bytes_and_row(
        self, memory: Memory, read: Reader
    ) -> None:
        kept = await memory.attachments.add("un.pdf", PDF)
        link = await memory.attachments.link(kept, seconds=60)

        assert await memory.attachments.forget(kept.id)

        assert await memory.attachments.all() == []
        assert await memory.attachments.by_key(kept.key) is None
        with pytest.raises(FileGone):
            await memory.attachments.files.open(kept.key)
        assert (await read(link)).status_code in OVER
        assert not await memory.attachments.forget(kept.id)

    async def test_the_sweep_takes_what_pages_that_are_over_leave(
        self, memory: Memory, clock: Clock
    ) -> None:
        expired, revoked, still_open = [
            await self.page(memory, key, hours=hours)
            for key, hours in (("a", 1), ("b", 72), ("c", 72))
        ]
        for page_id in (expired, revoked, still_open, None):
            await memory.attachments.add(f"{page_id}.pdf", PDF, page_id=page_id)
        lost = [
            *await memory.attachments.of_page(expired),
            *await memory.attachments.of_page(revoked),
        ]
        await memory.pages.revoke(revoked)
        clock.forward(hours=1)

        assert await memory.attachments.sweep() == 2
        assert await memory.attachments.sweep() == 0

        left = [each.name for each in await memory.attachments.all()]
        assert left == [f"{still_open}.pdf", "None.pdf"]
        for each in lost:
            with pytest.raises(FileGone):
                await memory.attachments.files.open(each.key)

    async def test_the_sweep_takes_what_a_crash_left_half_kept(
        self, memory: Memory, clock: Clock
    ) -> None:
        key, files = new_key(), memory.attachments.files
        await AttachmentRows(memory.database, clock).begin(
            key,
            name="un.pdf",
            media_type="application/pdf",
            size_bytes=len(PDF),
            page_id=None,
            contact_id=None,
        )
        await files.keep(key, PDF, Label("un.pdf", "application/pdf"))

        assert await memory.attachments.all() == []
        assert await memory.attachments.sweep() == 0  # it may still be arriving
        clock.forward(hours=1)
        assert await memory.attachments.sweep() == 1
        with pytest.raises(FileGone):
            await files.open(key)

    async def test_the_sweep_takes_what_a_crash_left_half_deleted(
        self, memory: Memory, clock: Clock
    ) -> None:
        kept = await memory.attachments.add("un.pdf", PDF)
        await AttachmentRows(memory.database, clock).leave(kept.id)

        assert await memory.attachments.all() == []
        assert await memory.attachments.sweep() == 1
        with pytest.raises(FileGone):
            await memory.attachments.files.open(kept.key)

    async def test_the_sweep_leaves_what_others_keep_in_the_same_place(
        self, memory: Memory
    ) -> None:
        files, theirs = memory.attachments.files, new_key()
        await files.keep(theirs, PDF, Label("leur.pdf", "application/pdf"))

        assert await memory.attachments.sweep() == 0

        assert await files.open(theirs) == PDF

    async def test_deleting_what_is_not_there_is_well(self, memory: Memory) -> None:
        await memory.attachments.files.delete(new_key())

    async def test_the_files_of_a_contact_are_found(self, memory: Memory) -> None:
        conversation = await begin(memory)
        kept = await memory.attachments.add(
            "un.pdf", PDF, contact_id=conversation.contact_id
        )

        assert await memory.attachments.of_contact(conversation.contact_id) == [kept]
        assert await memory.attachments.of_contact(conversation.contact_id + 1) == []

    async def test_who_is_forgotten_while_a_file_arrives_leaves_no_bytes(
        self, memory: Memory, clock: Clock
    ) -> None:
        contact_id = (await begin(memory)).contact_id
        files, keys = memory.attachments.files, list[str]()

        async def meanwhile(key: str) -> None:
            keys.append(key)
            await memory.forgetting.forget(contact_id)
            await memory.attachments.sweep()

        slow = SlowFiles(files, meanwhile)
        arriving = Attachments(AttachmentRows(memory.database, clock), slow)
        with pytest.raises(FileGone, match="forgotten meanwhile"):
            await arriving.add("un.pdf", PDF, contact_id=contact_id)

        assert await memory.attachments.all() == []
        with pytest.raises(FileGone):
            await files.open(keys[0])


class SlowFiles:
    """A place of files to which much happens while a file is on its way."""

    def __init__(
        self, files: Files, meanwhile: Callable[[str], Awaitable[None]]
    ) -> None:
        self.place, self.own_links = files.place, files.own_links
        self.open, self.delete, self.link = files.open, files.delete, files.link
        self._files = files
        self._meanwhile = meanwhile

    async def keep(self, key: str, content: bytes, label: Label) -> None:
        await self._meanwhile(key)
        await self._files.keep(key, content, label)
