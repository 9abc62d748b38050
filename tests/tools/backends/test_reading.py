from pathlib import Path

import pytest

from tools.backends.extract_docx import extract as extract_docx
from tools.backends.extract_pdf import extract as extract_pdf
from tools.backends.reading import Limits, Unreadable, read_text

from . import files


def test_a_table_of_a_pdf_is_seen_in_its_positions(tmp_path: Path) -> None:
    path = files.pdf(
        tmp_path / "x.pdf",
        (20, 50, 750, "Calendrier"),
        (10, 50, 720, "Un texte assez long pour donner la taille du corps."),
        (10, 50, 690, "Date"),
        (10, 200, 690, "Heure"),
        (10, 50, 672, "samedi 5 juin, avec"),
        (10, 200, 672, "9 h 00"),
        (10, 50, 661, "les parents"),
        (10, 50, 640, "dimanche 6 juin"),
        (10, 200, 640, "10 h 00"),
        (10, 50, 600, "\225 une gourde"),
    )

    lines = [line for line in extract_pdf(path, 9)["text"].splitlines() if line]

    assert lines == [
        "# Calendrier",
        "Un texte assez long pour donner la taille du corps.",
        "| Date | Heure |",
        "| --- | --- |",
        "| samedi 5 juin, avec les parents | 9 h 00 |",
        "| dimanche 6 juin | 10 h 00 |",
        "- une gourde",
    ]


def test_a_pdf_whose_letters_stand_each_by_itself_is_read_in_words(
    tmp_path: Path,
) -> None:
    """So does a browser write, and the office suites that live in one."""
    drawn: list[tuple[int, int, int, str]] = []
    x = 40
    for letter in "une bande de bonne":
        if letter != " ":
            drawn.append((50, x, 700, letter))
        # Each of these letters is 0.556 of the size wide, a space 0.278 (Helvetica).
        x += 14 if letter == " " else 28

    path = files.pdf(tmp_path / "x.pdf", *drawn)

    assert extract_pdf(path, 9)["text"].split("\n") == ["", "une bande de bonne"]


def test_a_title_of_two_lines_is_one_title(tmp_path: Path) -> None:
    path = files.pdf(
        tmp_path / "x.pdf",
        (20, 50, 750, "Le calendrier"),
        (20, 50, 727, "de la maison"),
        (10, 50, 690, "Un texte assez long pour donner la taille du corps."),
    )

    lines = [line for line in extract_pdf(path, 9)["text"].splitlines() if line]

    assert lines[0] == "# Le calendrier de la maison"


def test_a_docx_keeps_its_tables_and_lists_in_order(tmp_path: Path) -> None:
    text = extract_docx(files.word(tmp_path / "x.docx"))["text"]

    assert [line for line in text.splitlines() if line] == [
        "# Le règlement",
        "Avant le tableau.",
        "| Retard | Suite |",
        "| --- | --- |",
        "| 15 minutes | la porte ferme |",
        "## Tenue",
        "- une gourde",
        "- un chapeau",
    ]


def test_what_was_read_once_is_not_read_again(tmp_path: Path) -> None:
    path, cache = files.word(tmp_path / "x.docx"), tmp_path / "cache"
    first = read_text(path, cache=cache)
    (kept,) = (cache / "text").iterdir()
    kept.write_text('{"status": "ok", "text": "remembered"}')

    assert "15 minutes" in first
    assert read_text(path, cache=cache) == "remembered"


@pytest.mark.parametrize("damage", ["", "{", "[]", '{"status": "ok"}'])
def test_a_damaged_cache_is_passed_over(tmp_path: Path, damage: str) -> None:
    path, cache = files.word(tmp_path / "x.docx"), tmp_path / "cache"
    read_text(path, cache=cache)
    (kept,) = (cache / "text").iterdir()
    kept.write_text(damage)

    assert "15 minutes" in read_text(path, cache=cache)


def test_text_of_an_older_windows_is_read(tmp_path: Path) -> None:
    (tmp_path / "x.txt").write_bytes("Été".encode("cp1252"))
    (tmp_path / "y.md").write_bytes("﻿Été".encode())

    assert read_text(tmp_path / "x.txt") == "Été"
    assert read_text(tmp_path / "y.md") == "Été"


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("a.pdf", b"no pdf at all", "damaged"),
        ("b.docx", b"PK\3\4 no zip", "damaged"),
        ("c.docx", b"\xd0\xcf\x11\xe0 locked", "password"),
        ("d.txt", b"  \n", "no text"),
        ("e.txt", b"\0\1\2", "no text"),
        ("f.pptx", b"x", "this kind"),
        ("g.md", b"x" * 101, "too big"),
    ],
)
def test_what_cannot_be_read_says_why(
    tmp_path: Path, name: str, content: bytes, reason: str
) -> None:
    (tmp_path / name).write_bytes(content)

    with pytest.raises(Unreadable, match=reason):
        read_text(tmp_path / name, limits=Limits(max_bytes=100))


def test_a_pdf_that_cannot_be_read_says_why(tmp_path: Path) -> None:
    scan = files.pdf(tmp_path / "scan.pdf")
    locked = files.locked_pdf(tmp_path / "locked.pdf")

    with pytest.raises(Unreadable, match="scan"):
        read_text(scan)
    with pytest.raises(Unreadable, match="password"):
        read_text(locked)
    with pytest.raises(Unreadable, match="too big"):
        read_text(scan, limits=Limits(max_pages=0))


def test_a_file_that_hangs_its_reader_is_given_up(tmp_path: Path) -> None:
    path, cache = files.word(tmp_path / "x.docx"), tmp_path / "cache"

    with pytest.raises(Unreadable, match="too long"):
        read_text(path, cache=cache, limits=Limits(seconds=0.001))

    assert "15 minutes" in read_text(path, cache=cache)


def test_a_file_that_is_gone_cannot_be_opened(tmp_path: Path) -> None:
    with pytest.raises(Unreadable, match="opened"):
        read_text(tmp_path / "gone.md")
