from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path

import numpy as np
import pytest

from tests.one_piece import Letters, OnePiece
from tools.backends.documents import Documents, Passage
from tools.backends.encoder import Vectors
from tools.backends.folder import FolderDocuments
from tools.errors import BackendUnavailable

from . import files

FEES = """# Cotisations {year}

Mis à jour le : 2026-09-01

## Montants

| Groupe | Montant |
| --- | --- |
| Têtards | {low} € |
| Loutres | {high} € |
| Espadons | 150 € |
| Phoques | 160 € |

## Payer

Les chèques sont acceptés au bureau.
"""
TIMES = """# Les heures du bassin

Le bassin est ouvert du mardi au vendredi, de 10 h à 12 h.

## Les leçons

- Têtards : 5 à 7 ans, le mercredi à 14 h.
- Loutres : 8 à 11 ans, le samedi à 15 h.

## Nous joindre

Le téléphone du bassin est le 04 67 00 11 22.
"""


def on(year: int, month: int) -> Callable[[], datetime]:
    return lambda: datetime(year, month, 20, tzinfo=UTC)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "documents"
    (folder / "sous-dossier").mkdir(parents=True)
    old = FEES.format(year="2025-2026", low=80, high=90)
    new = FEES.format(year="2026-2027", low=95, high=120)
    (folder / "a-cotisations.md").write_text(old, encoding="utf-8")
    (folder / "cotisations.md").write_text(new, encoding="utf-8")
    (folder / "sous-dossier" / "heures.md").write_text(TIMES, encoding="utf-8")
    return folder


@pytest.fixture
async def documents(folder: Path) -> FolderDocuments:
    return await FolderDocuments.open(folder, now=on(2026, 11))


async def evident(documents: Documents, question: str) -> list[Passage]:
    return [one for one in await documents.search(question) if one.is_evident]


async def best(documents: Documents, question: str) -> str:
    """What a reply would quote first, surely or with a doubt."""
    found = await documents.search(question)
    said = [one for one in found if one.is_evident or one.is_near]
    return said[0].text if said else ""


async def test_a_passage_says_where_it_stands(documents: FolderDocuments) -> None:
    passage = (await evident(documents, "le prix pour les loutres ?"))[0]

    assert passage.title == "Cotisations 2026-2027"
    assert passage.heading == "Montants"
    assert passage.text == "Groupe : Loutres · Montant : 120 €"
    assert (passage.source, passage.updated) == ("cotisations.md", date(2026, 9, 1))


async def test_all_of_a_table_answers_when_no_row_is_named(
    documents: FolderDocuments,
) -> None:
    answer = await best(documents, "c koi les montants des cotisations svp")

    assert answer.count("Groupe :") == 4


async def test_the_rows_that_are_named_answer_together(
    documents: FolderDocuments,
) -> None:
    answer = await best(documents, "combien pour les têtards et les loutres")

    assert "95 €" in answer
    assert "120 €" in answer
    assert "150 €" not in answer


async def test_each_question_of_a_message_has_its_answer(
    documents: FolderDocuments,
) -> None:
    found = await evident(
        documents, "Bonjour ! Vous prenez les chèques ? et le tel du bassin ?"
    )

    assert "chèques" in found[0].text
    assert "04 67" in found[1].text


async def test_an_age_chooses_its_group(documents: FolderDocuments) -> None:
    young = await best(documents, "a kel heure é la leçon, ma fille a 6 ans")
    older = await best(documents, "à quelle heure est la leçon à 9 ans ?")

    assert young.startswith("- Têtards")
    assert older.startswith("- Loutres")


async def test_a_day_within_a_span_is_meant_too(documents: FolderDocuments) -> None:
    assert "du mardi" in await best(documents, "le bassin est ouvert le jeudi ?")


@pytest.mark.parametrize(
    "question",
    [
        "combien coûte le karaté ?",
        "le prix pour les loutres en 2030",
        "c'est combien ?",
        "où est la piscine de Thiès",
        "bonjour",
        "😀",
        "",
        '" OR NEAR( * ^ {body}: NOT',
    ],
)
async def test_what_is_not_there_is_never_evident(
    documents: FolderDocuments, question: str
) -> None:
    assert await evident(documents, question) == []


async def test_a_past_year_answers_only_when_it_is_named(
    documents: FolderDocuments, folder: Path
) -> None:
    later = await FolderDocuments.open(folder, now=on(2028, 1))

    assert "80 €" in await best(documents, "cotisation des têtards en 2025-2026")
    assert "80 €" in await best(documents, "cotisation des têtards l'année dernière")
    assert "95 €" in await best(documents, "cotisation des têtards")
    assert "€" not in await best(later, "cotisation des têtards")
    assert "chèques" in await best(later, "prenez-vous les chèques ?")


async def test_titles_of_all_documents_are_told(documents: FolderDocuments) -> None:
    assert await documents.titles() == [
        "Cotisations 2025-2026",
        "Cotisations 2026-2027",
        "Les heures du bassin",
    ]


async def test_a_bad_document_stops_no_other(folder: Path, tmp_path: Path) -> None:
    (folder / "bad.pdf").write_bytes(b"no pdf")
    (folder / "~$bad.docx").write_bytes(b"a lock file of Word")
    files.word(folder / "good.docx")
    documents = await FolderDocuments.open(folder, cache=tmp_path / "cache")

    assert documents.problems() == ["bad.pdf: the file is damaged"]
    assert "Le règlement" in await documents.titles()


async def test_an_empty_folder_knows_nothing(tmp_path: Path) -> None:
    documents = await FolderDocuments.open(tmp_path, encoder=Letters())
    await documents.warm()

    assert await documents.search("le prix ?") == []


async def test_a_folder_that_is_missing_is_unavailable(tmp_path: Path) -> None:
    with pytest.raises(BackendUnavailable):
        await FolderDocuments.open(tmp_path / "nowhere")


class OfCheques(OnePiece):
    """To it "zoukou" is another word for cheques."""

    def direction(self, text: str) -> Vectors:
        is_of_cheques = "chèque" in text or "zoukou" in text
        return np.array([is_of_cheques, not is_of_cheques], dtype=np.float32)


async def test_what_shares_no_word_is_found_by_its_likeness(folder: Path) -> None:
    documents = await FolderDocuments.open(
        folder, encoder=OfCheques(), now=on(2026, 11)
    )
    before = await best(await FolderDocuments.open(folder), "zoukou ?")
    await documents.warm()
    found = await best(documents, "zoukou ?")
    await documents.close()

    assert before == ""
    assert "chèques" in found


async def test_what_is_like_no_passage_and_shares_no_word_is_not_found(
    folder: Path,
) -> None:
    documents = await FolderDocuments.open(folder, encoder=Letters())
    await documents.warm()
    found = await documents.search("zzz")
    await documents.close()

    assert found == []
