"""When a passage is evidently the answer, rule by rule."""

from pathlib import Path

import pytest

from tools.backends.documents import Documents
from tools.backends.folder import FolderDocuments

from .test_folder import best, evident, on

CLUB = """# Le cirque : inscriptions, trapèze, jonglage

> Feuille pour les familles. Dernière relecture : 20 octobre 2026.

# Trapèze

Le stage de trapèze a lieu du 3 au 5 mai à la halle de Bram, derrière la caserne.
Il coûte 90 € ; on part de la halle à 8 h.

# Jonglage

Le stage de jonglage a lieu du 10 au 12 mai au préau de Lérac. Il coûte 60 €.

# Dates

| Quand | Quoi |
| --- | --- |
| samedi 10 octobre 2026 | Rentrée, à 14 h |
| samedi 19 décembre 2026 | Goûter des familles, à 15 h 30 |
| dimanche 21 février 2027 | Kermesse |

# Pièces à fournir

- un certificat médical
- la copie d'une pièce d'identité

# Emprunter du matériel

- Un enfant emprunte au plus deux massues à la fois.
- Le prêt dure une semaine.

# Prix (€)

| Chapiteau, adulte | 12 |
| --- | --- |
| Maillot du cirque | 18 |

# Santé

L'asthme se déclare sur la fiche sanitaire. Le deuxième enfant paie 10 % de moins.
"""
HALL = """# La salle

Le local se trouve au premier étage, au-dessus du secrétariat. Il ouvre le samedi à 9 h.

## Secrétariat

- Samedi : 10 h à 12 h.
"""


WORKSHOP = """# L'atelier de poterie

## Âges

| Cours | Âge |
| --- | --- |
| Poterie | dès 7 ans |
| Vannerie | dès 9 ans |

## Prix à l'année

| Cours | Habitants de Lérac | Autres |
| --- | --- | --- |
| Poterie | 40 € | 55 € |
| Vannerie | 30 € | 45 € |

L'atelier prend les chèques.

## Prêt

Le tour prêté est à rendre le 12 juin.

## Direction

Mme Lô reçoit les familles le mercredi, sur rendez-vous.

## Accompagner

Un adulte accompagne l'enfant à l'atelier et vient le chercher.
"""


@pytest.fixture
async def documents(tmp_path: Path) -> Documents:
    folder = tmp_path / "documents"
    folder.mkdir()
    (folder / "cirque.md").write_text(CLUB, encoding="utf-8")
    (folder / "les clowns.md").write_text(HALL, encoding="utf-8")
    return await FolderDocuments.open(folder, now=on(2026, 11))


@pytest.mark.parametrize(
    ("question", "fact"),
    [
        ("Combien de massues peut-on emprunter en même temps ?", "deux massues"),
        ("How many clubs can a child borrow? je veux dire les massues", "deux massues"),
        ("Faut-il signaler l'asthme quelque part ?", "fiche sanitaire"),
        ("Mon fils est asthmatique, comment le signaler ?", "fiche sanitaire"),
        ("Where does the trapèze internship take place?", "Bram"),
    ],
)
async def test_a_verb_that_is_not_said_does_not_hide_the_answer(
    documents: Documents, question: str, fact: str
) -> None:
    assert fact in await best(documents, question)


@pytest.mark.parametrize(
    "question",
    [
        "Peut-on emprunter un vélo ?",
        "combien coûte le stage de magie",
        "Is there a swimming pool near the trapèze?",
        "le prix du parking du stage de trapèze",
        "qui surveille le parking pendant le stage de jonglage",
    ],
)
async def test_a_thing_that_no_document_names_is_a_veto(
    documents: Documents, question: str
) -> None:
    assert await evident(documents, question) == []


async def test_a_word_of_the_title_belongs_to_the_section_of_that_name(
    documents: Documents,
) -> None:
    assert "Lérac" in await best(documents, "le stage de jonglage c où")
    assert "Bram" in await best(documents, "le stage de trapèze c où")


async def test_the_name_of_the_file_tells_what_it_is_about(
    documents: Documents,
) -> None:
    assert "étage" in await best(documents, "où est la salle des clowns")


async def test_what_only_says_where_another_thing_is_does_not_answer(
    documents: Documents,
) -> None:
    found = await best(documents, "horaires du secrétariat le samedi")

    assert found == "- Samedi : 10 h à 12 h."


async def test_of_a_table_of_dates_the_row_that_is_asked_answers(
    documents: Documents,
) -> None:
    answer = await best(documents, "quelle est la date de la kermesse ?")

    assert "21 février" in answer
    assert "octobre" not in answer


async def test_a_date_does_not_answer_for_an_hour(documents: Documents) -> None:
    assert await evident(documents, "à quelle heure commence la kermesse ?") == []
    assert "15 h 30" in await best(documents, "à quelle heure est le goûter ?")


async def test_another_day_of_the_month_does_not_answer(documents: Documents) -> None:
    assert "Goûter" in await best(documents, "il y a quoi le samedi 19 décembre ?")
    assert await evident(documents, "il y a quoi le samedi 26 décembre ?") == []


async def test_a_word_of_the_heading_singles_out_no_entry(
    documents: Documents,
) -> None:
    answer = await best(documents, "Quelles pièces faut-il apporter ?")

    assert "certificat" in answer
    assert "identité" in answer


async def test_a_table_without_column_names_keeps_its_first_row(
    documents: Documents,
) -> None:
    assert "18" in await best(documents, "pri du maillo du cirk")
    assert "12" in await best(documents, "combien pour un adulte au chapiteau")


async def test_two_questions_in_one_sentence_have_an_answer_each(
    documents: Documents,
) -> None:
    found = await evident(
        documents, "Où est le stage de jonglage et quelle est la date de la kermesse ?"
    )

    assert "Lérac" in found[0].text
    assert "21 février" in found[1].text


@pytest.fixture
async def workshop(tmp_path: Path) -> Documents:
    folder = tmp_path / "workshop"
    folder.mkdir()
    (folder / "atelier.md").write_text(WORKSHOP, encoding="utf-8")
    return await FolderDocuments.open(folder, now=on(2026, 11))


async def test_a_price_and_an_age_asked_together_are_both_evident(
    workshop: Documents,
) -> None:
    found = await evident(workshop, "c combien la poterie et a partir de quel age")

    texts = "\n".join(passage.text for passage in found)
    assert "7 ans" in texts
    assert "40 €" in texts


async def test_an_appointment_gives_nothing_back(workshop: Documents) -> None:
    found = await evident(workshop, "il faut le rendre kan ?")

    assert ["12 juin" in passage.text for passage in found] == [True]
    assert "mercredi" in await best(workshop, "rdv avec Mme Lô kel jour")


@pytest.mark.parametrize(
    "question",
    [
        "il fait combien à Lérac demain",
        "est-ce que le car de l'atelier ramène les enfants ?",
        "le car nous ramènera à la maison ?",
    ],
)
async def test_what_is_another_thing_is_not_answered(
    workshop: Documents, question: str
) -> None:
    assert not await evident(workshop, question)


async def test_a_hurried_you_is_no_thing_that_is_missing(workshop: Documents) -> None:
    assert "chèques" in await best(workshop, "vs prenez les cheques ?")


@pytest.mark.parametrize(
    "question", ["cmb ltrapeze", "cmb dtrapeze", "ñaata trapèze bi"]
)
async def test_glued_articles_and_other_languages_are_understood(
    documents: Documents, question: str
) -> None:
    assert "90 €" in await best(documents, question)


async def test_a_line_that_only_tells_the_date_answers_nothing(
    documents: Documents,
) -> None:
    found = await documents.search("Dernière relecture de la feuille des familles ?")

    assert all("relecture" not in passage.text for passage in found)
    dates = {passage.source: passage.updated for passage in found}
    assert str(dates.get("cirque.md")) == "2026-10-20"


async def test_a_polite_double_question_has_an_answer_for_each_half(
    documents: Documents,
) -> None:
    found = await evident(
        documents,
        "Auriez-vous la gentillesse de m'indiquer quand est la kermesse, et ce qu'il"
        " faut fournir ?",
    )

    texts = "\n".join(passage.text for passage in found)
    assert "21 février" in texts
    assert "certificat" in texts
