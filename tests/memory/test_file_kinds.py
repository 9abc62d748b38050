"""Which files are taken, what they are called, how they are shown."""

import pytest

from memory.errors import FileRefused
from memory.files import MAX_BYTES, Label, disposition, new_key
from memory.files.kinds import media_type_of
from memory.files.naming import MAX_NAME_CHARS, clean_name, is_key

from .file_samples import DOCX, JPEG, PDF, PNG, TEXT, WEBP, XLSX, office

RIGHT_TO_LEFT = "\N{RIGHT-TO-LEFT OVERRIDE}"


@pytest.mark.parametrize(
    ("name", "content", "media_type"),
    [
        ("fiche.pdf", PDF, "application/pdf"),
        ("FICHE.PDF", b"\r\n" + PDF, "application/pdf"),
        ("a.jpg", JPEG, "image/jpeg"),
        ("a.jpeg", JPEG, "image/jpeg"),
        ("a.png", PNG, "image/png"),
        ("a.webp", WEBP, "image/webp"),
        ("a.docx", DOCX, "wordprocessingml.document"),
        ("a.xlsx", XLSX, "spreadsheetml.sheet"),
        ("a.txt", TEXT, "text/plain; charset=utf-8"),
        ("a.csv", b"nom;prix\n", "text/csv; charset=utf-8"),
    ],
)
def test_a_file_is_known_by_its_name_and_by_what_is_in_it(
    name: str, content: bytes, media_type: str
) -> None:
    assert media_type_of(name, content).endswith(media_type)


@pytest.mark.parametrize(
    ("name", "content", "why"),
    [
        ("page.html", b"<script>", "not taken: pdf, jpg"),
        ("dessin.svg", b"<svg/>", "not taken"),
        ("programme.exe", b"MZ", "not taken"),
        ("pdf", PDF, "not taken"),
        ("fiche.pdf", b"", "empty"),
        ("fiche.pdf", b"MZ" + b"\x00" * 2000 + PDF, "called .pdf, and what is in it"),
        ("photo.png", JPEG, "called .png"),
        ("photo.jpg", b"<html>", "called .jpg"),
        ("photo.webp", b"RIFF\x10\x00\x00\x00WAVE", "called .webp"),
        ("lettre.docx", XLSX, "called .docx"),
        ("lettre.docx", b"PK\x03\x04 broken", "called .docx"),
        ("lettre.docx", office("word/document.xml", "word/vbaProject.bin"), "called"),
        ("liste.txt", b"\xff\xfe\x00", "called .txt"),
        ("liste.csv", b"a\x00b", "called .csv"),
        ("fiche.pdf", PDF + b"\x00" * MAX_BYTES, "larger than 10 MB"),
    ],
)
def test_what_is_not_taken_is_refused_with_the_reason(
    name: str, content: bytes, why: str
) -> None:
    with pytest.raises(FileRefused, match=why):
        media_type_of(name, content)


def test_a_file_may_be_as_large_as_the_limit() -> None:
    whole = PDF + b"\x00" * (MAX_BYTES - len(PDF))

    assert media_type_of("fiche.pdf", whole) == "application/pdf"


@pytest.mark.parametrize(
    ("given", "cleaned"),
    [
        ("Reçu « été ».pdf", "Reçu « été ».pdf"),
        ("../../etc/passwd.txt", "passwd.txt"),
        (r"C:\Users\Anne\fiche.pdf", "fiche.pdf"),
        (f"facture{RIGHT_TO_LEFT}fdp.exe", "facturefdp.exe"),
        ("deux\r\nlignes\x00.pdf", "deuxlignes.pdf"),
        ("e\N{COMBINING ACUTE ACCENT}te.pdf", "éte.pdf"),
        ("...cache.pdf", "cache.pdf"),
        ("  a   b.pdf ", "a b.pdf"),
        ("\x00", ""),
    ],
)
def test_a_name_loses_what_could_mislead_and_nothing_else(
    given: str, cleaned: str
) -> None:
    assert clean_name(given) == cleaned


def test_a_long_name_keeps_its_ending() -> None:
    assert clean_name("é" * 300 + ".pdf") == "é" * (MAX_NAME_CHARS - 4) + ".pdf"
    assert len(clean_name("é" * 300)) == MAX_NAME_CHARS


def test_a_name_with_accents_and_quotes_is_written_so_that_browsers_keep_it() -> None:
    header = disposition(Label('Reçu "élève" 50 % d\'été.pdf', "application/pdf"))

    assert header == (
        'inline; filename="Recu _eleve_ 50 _ d\'ete.pdf";'
        " filename*=UTF-8''Re%C3%A7u%20%22%C3%A9l%C3%A8ve%22%2050%20%25%20d%27"
        "%C3%A9t%C3%A9.pdf"
    )


@pytest.mark.parametrize(
    ("media_type", "how"),
    [
        ("application/pdf", "inline"),
        ("image/png", "inline"),
        ("text/plain; charset=utf-8", "attachment"),
        ("application/zip", "attachment"),
    ],
)
def test_only_images_and_pdf_are_shown_by_the_browser(
    media_type: str, how: str
) -> None:
    assert disposition(Label("a", media_type)).startswith(f"{how}; ")


def test_a_key_is_random_and_cannot_leave_a_folder() -> None:
    keys = {new_key() for _ in range(100)}

    assert len(keys) == 100
    assert all(is_key(key) for key in keys)
    assert not any(is_key(bad) for bad in ("", "../etc/passwd", "a" * 31, "é" * 32))
