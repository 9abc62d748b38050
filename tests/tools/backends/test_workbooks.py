"""Workbooks are read as they are shown."""

from pathlib import Path

import pytest

from tools.backends.extract_xlsx import extract, shown_number
from tools.backends.folder import FolderDocuments
from tools.backends.reading import Unreadable, read_text

from .workbook import Cell, xlsx

FCFA = '#,##0" F CFA"'
FEES: list[list[Cell]] = [
    ["Tarifs de l'année 2026-2027"],
    [None],
    ["Groupe", "Montant", "Payé avant"],
    ["Têtards", (25000, FCFA), (46305, "dd/mm/yyyy")],
    ["Loutres", (30000, FCFA), (46336, "d mmmm")],
]


def lines_of(path: Path, content: bytes) -> list[str]:
    path.write_bytes(content)
    return [line for line in extract(path)["text"].splitlines() if line]


def test_every_sheet_is_a_table_with_its_name(tmp_path: Path) -> None:
    content = xlsx({"Tarifs": FEES, "Salles": [["Salle", "Places"], ["Baobab", 30.0]]})

    assert lines_of(tmp_path / "x.xlsx", content) == [
        "## Tarifs",
        "Tarifs de l'année 2026-2027",
        "| Groupe | Montant | Payé avant |",
        "| --- | --- | --- |",
        "| Têtards | 25 000 F CFA | 10/10/2026 |",
        "| Loutres | 30 000 F CFA | 10 novembre |",
        "## Salles",
        "| Salle | Places |",
        "| --- | --- |",
        "| Baobab | 30 |",
    ]


def test_what_the_author_hid_stays_hidden(tmp_path: Path) -> None:
    rows: list[list[Cell]] = [["Nom", "Téléphone"], ["Awa", "77"]]
    content = xlsx({"Tarifs": FEES, "Contacts": rows}, hidden=["Contacts"])

    assert "Awa" not in "\n".join(lines_of(tmp_path / "x.xlsx", content))


def test_an_empty_row_parts_two_tables_and_an_empty_column_is_left_out(
    tmp_path: Path,
) -> None:
    rows: list[list[Cell]] = [
        [None, "Jour", "Heure"],
        [None, "lundi", True],
        [],
        [None, "Lieu", "Étage"],
        [None, "Baobab | salle", 1.5],
    ]

    assert lines_of(tmp_path / "x.xlsx", xlsx({"A": rows})) == [
        "| Jour | Heure |",
        "| --- | --- |",
        "| lundi | oui |",
        "| Lieu | Étage |",
        "| --- | --- |",
        "| Baobab / salle | 1.5 |",
    ]


@pytest.mark.parametrize(
    ("value", "code", "shown"),
    [
        (25000, FCFA, "25 000 F CFA"),
        (25000, '#,##0.00\\ "€";-#,##0', "25 000,00 €"),
        (25000, "#,##0 [$F CFA-40C]", "25 000 F CFA"),
        (0.155, "0.0%", "15,5 %"),
        (12, "0", "12"),
        (12.5, "General", "12.5"),
        (12, "", "12"),
        (46305, "yyyy-mm-dd", "10/10/2026"),
        (46305.6875, "dd/mm/yyyy hh:mm", "10/10/2026 16:30"),
        (0.6875, "h:mm", "16:30"),
        (46305, "mmmm yyyy", "octobre 2026"),
        (46305, '[$-40C]dddd" "d" "mmmm', "10 octobre"),
    ],
)
def test_a_number_is_written_as_its_cell_shows_it(
    value: float, code: str, shown: str
) -> None:
    assert shown_number(value, code) == shown


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"no zip", "damaged"),
        (b"\xd0\xcf\x11\xe0 an encrypted one", "password"),
        (xlsx({"A": []}), "no text"),
    ],
)
def test_what_is_no_readable_workbook_is_told(
    tmp_path: Path, content: bytes, reason: str
) -> None:
    (tmp_path / "x.xlsx").write_bytes(content)

    with pytest.raises(Unreadable, match=reason):
        read_text(tmp_path / "x.xlsx")


async def test_a_row_of_a_workbook_answers_with_the_title_of_its_file(
    tmp_path: Path,
) -> None:
    (tmp_path / "Cotisations 2026-2027.xlsx").write_bytes(xlsx({"Tarifs": FEES}))
    documents = await FolderDocuments.open(tmp_path)

    found = (await documents.search("combien pour les loutres ?"))[0]

    assert found.is_evident
    assert found.title == "Cotisations 2026-2027"
    assert "Montant : 30 000 F CFA" in found.text
