"""What in a question is no veto: an aside, a courtesy, a word of no subject."""

from pathlib import Path

import pytest

from tools.backends.documents import Documents
from tools.backends.folder import FolderDocuments

from .test_folder import best, evident, on

LOANS = """# Prêts et retards

## Prix de location par mois

- monocycle : 12 €
- échasses : 5 €

## Vol ou casse

Prévenez le bureau dans les deux jours.

## Retards

Un enfant en retard entre jusqu'à la fermeture de la porte, 15 minutes après le début.

## Garde des petits

Il n'y a pas de garderie le soir.

## Tarifs

| Stage | Prix |
| --- | --- |
| Échasses | 30 € |
"""


@pytest.fixture
async def loans(tmp_path: Path) -> Documents:
    folder = tmp_path / "loans"
    folder.mkdir()
    (folder / "prets.md").write_text(LOANS, encoding="utf-8")
    return await FolderDocuments.open(folder, now=on(2026, 11))


@pytest.mark.parametrize(
    ("question", "fact"),
    [
        (
            "avec les embouteillages si mon fils arrive en retard la porte ferme kan",
            "15 minutes",
        ),
        ("On vient de rentrer de croisière, le stage d'échasses coûte combien ?", "30"),
        ("Is there childcare in the evening while I study?", "pas de garderie"),
    ],
)
async def test_an_aside_is_no_veto(loans: Documents, question: str, fact: str) -> None:
    assert fact in await best(loans, question)


@pytest.mark.parametrize(
    "question",
    [
        "Avec le forfait, combien coûtent les échasses ?",
        "Mon fils fait du trampoline, combien coûte le stage ?",
        "On vient de déménager, y a-t-il un trampoline ?",
    ],
)
async def test_what_is_asked_for_is_no_aside(loans: Documents, question: str) -> None:
    assert await evident(loans, question) == []


async def test_what_to_do_after_a_mishap_is_told_with_our_doubt(
    loans: Documents,
) -> None:
    found = await loans.search(
        "on a volé le monocycle loué à mon fils dans le taxi, que faut-il faire ?"
    )

    assert not any(p.is_evident for p in found)
    assert next(p.heading for p in found if p.is_near) == "Vol ou casse"


SEA = """# Sorties

## Mer

La sortie en mer part de la plage.

## Cours

Les cours reprennent le lundi 12 octobre.

## Rentrée

La réunion de rentrée a lieu le mercredi 7 octobre.

## Cours du soir

Le cours du soir est ouvert à tous.

## Essai

Un essai gratuit est possible.

## Dossier

Il faut déposer le dossier au bureau.

## Repas

Le pique-nique est tiré du sac.

## Fratrie

Les frères et sœurs attendent au bord : nous n'avons pas de garderie.
"""


@pytest.fixture
async def sea(tmp_path: Path) -> Documents:
    folder = tmp_path / "sea"
    folder.mkdir()
    (folder / "sorties.md").write_text(SEA, encoding="utf-8")
    return await FolderDocuments.open(folder, now=on(2026, 11))


async def test_a_word_of_the_documents_is_no_hurried_spelling(sea: Documents) -> None:
    assert "plage" in await best(sea, "la sortie en mer, d'où part-elle ?")


@pytest.mark.parametrize(
    ("question", "fact"),
    [
        ("mon fils pourra sûrement faire un essai avant de décider ?", "gratuit"),
        ("Is there a daycare for the little baby?", "pas de garderie"),
        ("keskil y a comme essai", "gratuit"),
    ],
)
async def test_words_of_no_subject_are_no_veto(
    sea: Documents, question: str, fact: str
) -> None:
    assert fact in await best(sea, question)


async def test_one_common_noun_without_its_verb_answers_nothing(
    sea: Documents,
) -> None:
    assert not await evident(sea, "La tante peut-elle surveiller le cours ?")
    assert "12 octobre" in await best(sea, "quand reprennent les cours ?")
