"""The contract of attachments, in a folder and in an S3; what each does besides."""

from pathlib import Path

import pytest

from memory import FilesSettings, Memory
from memory.errors import FileGone, FilesAway
from memory.files import FolderFiles, Label, OwnLinks, new_key
from tests.conftest import Clock

from .attachments_contract import SITE, AttachmentsContract, InAFolder, InS3, Reader
from .contract import OnPostgres, OnSqlite
from .file_samples import PDF

LABEL = Label("un.pdf", "application/pdf")


class TestInAFolder(InAFolder, OnSqlite, AttachmentsContract):
    async def test_a_file_whose_bytes_are_lost_is_not_found(
        self, memory: Memory, files: FilesSettings, read: Reader
    ) -> None:
        kept = await memory.attachments.add("un.pdf", PDF)
        link = await memory.attachments.link(kept, seconds=60)
        (files.folder / kept.key).unlink()

        answer = await read(link)

        assert answer.status_code == 404

    async def test_the_folder_holds_keys_and_no_names(
        self, memory: Memory, files: FilesSettings
    ) -> None:
        kept = await memory.attachments.add("Agnès.pdf", PDF)

        assert names_in(files.folder) == [kept.key]

    async def test_a_link_that_is_over_is_told_from_one_that_never_was(
        self, memory: Memory, read: Reader, clock: Clock
    ) -> None:
        kept = await memory.attachments.add("un.pdf", PDF)
        link = await memory.attachments.link(kept, seconds=60)
        clock.forward(seconds=60)

        over, forged = await read(link), await read(f"{SITE}/files/{kept.key}")

        assert (over.status_code, forged.status_code) == (410, 404)
        assert "n'est plus valable" in over.json()["detail"]

    async def test_a_folder_that_cannot_be_made_is_told_and_nothing_is_found(
        self, memory: Memory, files: FilesSettings, clock: Clock
    ) -> None:
        files.folder.write_text("this is no folder")

        with pytest.raises(
            FilesAway, match=f"{files.folder} cannot be written"
        ) as told:
            await memory.attachments.add("un.pdf", PDF)

        assert "FILES_FOLDER" in str(told.value)
        assert await memory.attachments.all() == []
        files.folder.unlink()
        clock.forward(hours=1)
        assert await memory.attachments.sweep() == 1


class TestInS3(InS3, OnSqlite, AttachmentsContract):
    """A real server, called as a reader's browser calls it."""


class TestOnPostgres(InAFolder, OnPostgres, AttachmentsContract):
    """The rows on several machines."""


def names_in(folder: Path) -> list[str]:
    return [path.name for path in folder.iterdir()]


def links(*, secret: str = "of-this-test") -> OwnLinks:
    return OwnLinks(secret, public_url=SITE, now=Clock())


@pytest.mark.parametrize("key", ["", "..", "../../etc/passwd", "a/b", "\x00"])
async def test_a_key_cannot_leave_the_folder(tmp_path: Path, key: str) -> None:
    (tmp_path / "passwd").write_text("secret")
    folder = FolderFiles(tmp_path / "files", links())

    for refused in (folder.open(key), folder.delete(key), folder.keep(key, PDF, LABEL)):
        with pytest.raises(FileGone):
            await refused


async def test_a_file_that_could_not_be_finished_leaves_nothing(
    tmp_path: Path,
) -> None:
    folder, key = FolderFiles(tmp_path, links()), new_key()
    (tmp_path / key).mkdir()  # nothing can be put in its place

    with pytest.raises(FilesAway):
        await folder.keep(key, PDF, LABEL)

    assert names_in(tmp_path) == [key]
    with pytest.raises(FilesAway, match="cannot be read"):
        await folder.open(key)
    with pytest.raises(FilesAway, match="cannot be emptied"):
        await folder.delete(key)


async def test_what_a_crash_left_of_half_a_file_is_deleted_with_it(
    tmp_path: Path,
) -> None:
    folder, key = FolderFiles(tmp_path, links()), new_key()
    (tmp_path / f".{key}").write_bytes(PDF[:9])

    await folder.delete(key)

    assert names_in(tmp_path) == []


def test_without_a_secret_no_link_is_made_and_none_is_ours() -> None:
    key = new_key()
    unsigned = links(secret="")

    with pytest.raises(FilesAway, match="SESSION_SECRET"):
        unsigned.make(key, seconds=60)
    assert not unsigned.is_ours(key, until="1", signature="")


def test_a_link_of_another_secret_is_not_ours() -> None:
    key = new_key()
    link = links(secret="of-somebody-else").make(key, seconds=60)
    until, signature = link.partition("until=")[2].split("&signature=")

    assert links(secret="of-somebody-else").is_ours(
        key, until=until, signature=signature
    )
    assert not links().is_ours(key, until=until, signature=signature)
    assert not links().is_ours("é\udcff", until="é", signature="é\udcff")
