"""`main.py check` on files: the folder or the S3, its links, and what to mend."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from typer.testing import CliRunner

from channels.files_state import state_of_files
from main import app
from memory import FilesSettings
from memory.files import S3Bucket

from .s3_server import BUCKET, BUCKET_FOR_ALL, environment_of


async def details(
    settings: FilesSettings, *, broken: tuple[str, ...]
) -> dict[str, str]:
    """What is said of each part, of which only those named are not well."""
    found = await state_of_files(settings)
    assert tuple(part for part, is_well, _ in found if not is_well) == broken
    return {part: detail for part, _, detail in found}


async def test_a_folder_is_made_and_tried(tmp_path: Path) -> None:
    folder = tmp_path / "var" / "files"

    told = await details(FilesSettings(folder=folder), broken=())

    assert told == {"files": f"the folder {folder}: written, read, deleted"}
    folder.rmdir()  # nothing is left in it


async def test_a_folder_that_cannot_be_written_is_told_with_its_variable(
    tmp_path: Path,
) -> None:
    (tmp_path / "files").write_text("this is no folder")

    told = await details(FilesSettings(folder=tmp_path / "files"), broken=("files",))

    assert "cannot be written" in told["files"]
    assert "FILES_FOLDER" in told["files"]


async def test_an_s3_is_tried_and_its_links_as_a_reader_would(s3: S3Bucket) -> None:
    told = await details(FilesSettings(s3=s3), broken=())

    assert told == {
        "files": f"the bucket {BUCKET} at {s3.endpoint}: written, read, deleted",
        "links to files": f"{s3.endpoint} gives a file to a signed link only",
    }


@pytest.mark.parametrize(
    ("changes", "cure"),
    [
        ({"bucket": "misspelt"}, "does not exist: create it, or mend S3_BUCKET"),
        ({"access_key": "hunter2"}, "mend S3_ACCESS_KEY"),
        ({"secret_key": "hunter2"}, "mend S3_SECRET_KEY or S3_REGION"),
        ({"endpoint": "http://127.0.0.1:1"}, "is S3_ENDPOINT right"),
    ],
)
async def test_what_is_wrong_with_an_s3_is_told_with_its_variable(
    s3: S3Bucket, changes: dict[str, str], cure: str
) -> None:
    told = await details(FilesSettings(s3=replace(s3, **changes)), broken=("files",))

    assert cure in told["files"]
    assert "hunter2" not in told["files"]


async def test_readers_who_cannot_reach_the_s3_are_told_of(s3: S3Bucket) -> None:
    nowhere = replace(s3, public_endpoint="http://127.0.0.1:1")

    told = await details(FilesSettings(s3=nowhere), broken=("links to files",))

    assert "written, read, deleted" in told["files"]
    assert "no answer at http://127.0.0.1:1 from this machine" in told["links to files"]


async def test_an_address_that_gives_readers_something_else_is_told_of(
    s3: S3Bucket,
) -> None:
    async with not_an_s3() as address:
        elsewhere = replace(s3, public_endpoint=address)

        told = await details(FilesSettings(s3=elsewhere), broken=("links to files",))

    assert f"{address} answers 403 to a link that we signed" in told["links to files"]
    assert "S3_PUBLIC_ENDPOINT" in told["links to files"]


async def test_a_bucket_that_everybody_may_read_is_told_of(s3: S3Bucket) -> None:
    for_all = replace(s3, bucket=BUCKET_FOR_ALL)

    told = await details(FilesSettings(s3=for_all), broken=("links to files",))

    assert "make it private" in told["links to files"]


def test_check_shows_both_rows_and_fails_when_one_is_not_well(
    tmp_path: Path, s3: S3Bucket
) -> None:
    (tmp_path / "documents").mkdir()
    (tmp_path / "documents" / "horaires.md").write_text("# Horaires", "utf-8")
    environment = {
        "WORLD": str(tmp_path),
        "DATABASE_URL": f"sqlite:///{tmp_path}/gust.db",
        "SESSION_SECRET": "s" * 32,
        "LOG_LEVEL": "error",
        "COLUMNS": "200",
        **environment_of(s3),
    }

    well = CliRunner().invoke(app, ["check"], env=environment)
    nobody = {"S3_ENDPOINT": "http://127.0.0.1:1"}
    broken = CliRunner().invoke(app, ["check"], env={**environment, **nobody})

    assert (well.exit_code, broken.exit_code) == (0, 1)
    assert "links to files" in well.output
    assert "cannot be reached" in broken.output
    assert s3.secret_key not in well.output + broken.output


@asynccontextmanager
async def not_an_s3() -> AsyncGenerator[str]:
    """Something that refuses everything, as a proxy does that changes the host."""

    async def refuse(_: asyncio.StreamReader, out: asyncio.StreamWriter) -> None:
        out.write(b"HTTP/1.1 403 Forbidden\r\ncontent-length: 0\r\n\r\n")
        await out.drain()
        out.close()

    async with await asyncio.start_server(refuse, "127.0.0.1", 0) as server:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
