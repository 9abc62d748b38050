"""A house at work deletes the files of pages that are over, by itself."""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from pathlib import Path

from pydantic_ai.models.test import TestModel
from structlog.testing import capture_logs

from main import utc_now, working
from memory import FilesSettings, Memory, Stores, open_memory
from memory.records import NewPage
from tests.memory.file_samples import PDF
from tests.whole_house import PATIENCE_S, settings_in, whole_house


async def add_file_of_revoked_page(memory: Memory) -> None:
    new = NewPage(
        key="k",
        token="token",
        title="Inscription",
        body_markdown="Voici la fiche.",
        created_by="admin:1",
        expires_at=utc_now() + timedelta(hours=1),
    )
    await memory.pages.add(new)
    page = await memory.pages.by_token("token")
    assert page
    await memory.attachments.add("fiche.pdf", PDF, page_id=page.id)
    await memory.pages.revoke(page.id)


async def until(is_so: Callable[[], bool]) -> None:
    async with asyncio.timeout(PATIENCE_S):
        while not is_so():  # noqa: ASYNC110  (a folder tells in no other way)
            await asyncio.sleep(0.01)


def is_empty(folder: Path) -> bool:
    return not [*folder.iterdir()]


async def test_at_work_a_revoked_page_loses_its_files(tmp_path: Path) -> None:
    folder = tmp_path / "files"
    settings = settings_in(tmp_path, FILES_FOLDER=str(folder))
    settings = settings.model_copy(
        update={"environment": {"FILES_FOLDER": str(folder)}}
    )
    async with whole_house(settings, model=TestModel(), channels={}) as house:
        await add_file_of_revoked_page(house.memory)
        assert not is_empty(folder)

        async with working(house):
            await until(lambda: is_empty(folder))

        assert await house.memory.attachments.all() == []


async def test_an_outage_is_told_and_the_next_sweep_does_it(tmp_path: Path) -> None:
    folder, away = tmp_path / "files", tmp_path / "away"
    url = f"sqlite:///{tmp_path}/gust.db"
    files = FilesSettings(folder=folder)
    async with open_memory(url, now=utc_now, stores=Stores(files=files)) as memory:
        await add_file_of_revoked_page(memory)
        folder.rename(away)
        folder.write_text("this is no folder")
        with capture_logs() as log:
            sweeping = asyncio.create_task(memory.attachments.sweep_forever(every_s=0))
            await until(lambda: bool(log))
            folder.unlink()
            away.rename(folder)
            await until(lambda: is_empty(folder))
            await until(lambda: log[-1]["event"] == "files_swept")
            sweeping.cancel()
            with suppress(asyncio.CancelledError):
                await sweeping

    assert log[0]["event"] == "files_not_swept"
    assert log[-1]["deleted"] == 1
