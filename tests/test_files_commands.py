"""`main.py files …`: what a maintainer types to put a file on a page, and off it."""

import asyncio
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
import structlog
from typer.testing import CliRunner, Result

from main import app, utc_now
from memory import open_memory
from memory.files import MAX_BYTES
from memory.records import NewPage
from tests.memory.file_samples import PDF

LINK = "https://gust.test/p/token-of-a-page"
NOTHING_KEPT = "none\n"


@pytest.fixture
def environment(tmp_path: Path) -> Iterator[dict[str, str]]:
    yield {
        "DATABASE_URL": f"sqlite:///{tmp_path}/gust.db",
        "FILES_FOLDER": f"{tmp_path}/files",
        "LOG_LEVEL": "error",
    }
    structlog.reset_defaults()


@pytest.fixture
def fiche(tmp_path: Path) -> Path:
    (tmp_path / "Fiche d'été.pdf").write_bytes(PDF)
    return tmp_path / "Fiche d'été.pdf"


def typed(environment: dict[str, str], *words: str | Path) -> Result:
    arguments = ["files", *(str(word) for word in words)]
    return CliRunner().invoke(app, arguments, env=environment)


def a_page(environment: dict[str, str], *, is_revoked: bool = False) -> None:
    """A page that can be read at LINK, or no more."""

    async def make() -> None:
        async with open_memory(environment["DATABASE_URL"], now=utc_now) as memory:
            await memory.pages.add(
                NewPage(
                    key="k",
                    token=LINK.rpartition("/")[2],
                    title="Inscription",
                    body_markdown="Voici la fiche.",
                    created_by="admin:1",
                    expires_at=utc_now() + timedelta(hours=1),
                )
            )
            [page] = await memory.pages.all()
            if is_revoked:
                await memory.pages.revoke(page.id)

    asyncio.run(make())


def test_a_file_is_put_on_a_page_listed_and_taken_off(
    environment: dict[str, str], fiche: Path
) -> None:
    a_page(environment)

    added = typed(environment, "add", LINK, fiche)
    listed = typed(environment, "list")
    removed = typed(environment, "remove", "1")

    assert added.output == "1  Fiche d'été.pdf is on the page « Inscription »\n"
    assert f"{len(PDF)} bytes  Fiche d'été.pdf  (Inscription)" in listed.output
    assert removed.output == "1 is deleted\n"
    assert typed(environment, "list").output == NOTHING_KEPT
    assert [*Path(environment["FILES_FOLDER"]).iterdir()] == []
    again = typed(environment, "remove", "1")
    assert (again.exit_code, again.output) == (1, "there is no file 1\n")


@pytest.mark.parametrize("link", ["https://gust.test/p/never-was", "", LINK + "x"])
def test_a_page_that_is_not_there_takes_no_file(
    environment: dict[str, str], fiche: Path, link: str
) -> None:
    a_page(environment)

    result = typed(environment, "add", link, fiche)

    assert (result.exit_code, result.output) == (
        1,
        "there is no open page at this link\n",
    )


def test_a_page_that_is_over_takes_no_file(
    environment: dict[str, str], fiche: Path
) -> None:
    a_page(environment, is_revoked=True)

    assert typed(environment, "add", LINK, fiche).exit_code == 1


@pytest.mark.parametrize(
    ("name", "content", "why"),
    [
        ("page.html", b"<p>", "files of this type are not taken"),
        ("fiche.pdf", b"MZ", "called .pdf"),
        ("fiche.pdf", PDF + b"\x00" * MAX_BYTES, "larger than 10 MB"),
    ],
)
def test_a_file_that_is_not_taken_is_refused_with_the_reason(
    environment: dict[str, str], tmp_path: Path, name: str, content: bytes, why: str
) -> None:
    a_page(environment)
    (tmp_path / name).write_bytes(content)

    result = typed(environment, "add", LINK, tmp_path / name)

    assert result.exit_code == 2
    assert why in result.stderr
    assert typed(environment, "list").output == NOTHING_KEPT


def test_a_file_that_is_not_there_is_wrong_use(
    environment: dict[str, str], tmp_path: Path
) -> None:
    result = typed(environment, "add", LINK, tmp_path / "nothing.pdf")

    assert result.exit_code == 2
    assert "does not exist" in result.stderr


def test_what_a_revoked_page_leaves_is_swept(
    environment: dict[str, str], fiche: Path
) -> None:
    a_page(environment)
    typed(environment, "add", LINK, fiche)
    a_page(environment, is_revoked=True)

    assert typed(environment, "sweep").output == "1 deleted\n"
    assert typed(environment, "sweep").output == "0 deleted\n"
