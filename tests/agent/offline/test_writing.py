"""Rows, dates and numbers as people write them in French and English."""

import pytest

from agent.offline.dates import written_date, written_moment, written_value
from agent.offline.rows import about, column, write_rows
from agent.offline.texts import Language

ROWS = [
    {"eleve": "Zita", "matiere": "Chant", "note": "14.5"},
    {"eleve": "Zita", "matiere": "Rythme", "note": "9"},
    {"eleve": "Ange", "matiere": "Chant", "note": ""},
]
FIELDS = ("eleve", "matiere", "note")


@pytest.mark.parametrize(
    ("language", "written"),
    [("fr", "1er septembre 2026"), ("en", "1 September 2026")],
)
def test_a_date_is_written_out(language: Language, written: str) -> None:
    assert written_date("2026-09-01", language) == written


def test_what_is_no_date_stays_as_it_is() -> None:
    assert written_date("bientôt", "fr") == "bientôt"
    assert written_moment("bientôt", "fr") == "bientôt"


def test_a_moment_has_its_hour() -> None:
    assert written_moment("2027-01-02T09:30:00+00:00", "fr") == (
        "2 janvier 2027 à 09 h 30"
    )
    assert (
        written_moment("2027-01-02T09:30:00+00:00", "en") == "2 January 2027 at 09:30"
    )


@pytest.mark.parametrize(
    ("text", "is_amount", "french", "english"),
    [
        ("14.5", False, "14,5", "14.5"),
        ("14,5", False, "14,5", "14.5"),
        ("15000", False, "15 000", "15,000"),
        ("5850", True, "5 850", "5,850"),
        ("2026", False, "2026", "2026"),
        ("0359123", False, "0359123", "0359123"),
        ("2026-12-15", False, "15 décembre 2026", "15 December 2026"),
        (
            "2026-12-15T09:30",
            False,
            "15 décembre 2026 à 09 h 30",
            "15 December 2026 at 09:30",
        ),
        ("salle B", False, "salle B", "salle B"),
    ],
)
def test_a_cell_is_written_for_people(
    text: str, is_amount: bool, french: str, english: str
) -> None:
    assert written_value(text, "fr", is_amount=is_amount) == french
    assert written_value(text, "en", is_amount=is_amount) == english


def test_rows_stand_under_the_child_they_are_about() -> None:
    written = write_rows(ROWS, FIELDS, minor_field="eleve", language="fr")

    assert written == (
        "**Zita**\n• Chant : 14,5\n• Rythme : 9\n\n**Ange**\nMatière : Chant"
    )


def test_rows_about_nobody_are_lines() -> None:
    written = write_rows(ROWS[:1], FIELDS[1:], minor_field=None, language="en")

    assert written == "• Chant: 14.5"


def test_what_several_rows_share_is_written_once_above_them() -> None:
    fields = ("eleve", "trimestre", "matiere", "note", "remarque")
    cells = [
        ("Zita", "1", "Chant", "14.5", "Une voix juste et beaucoup d'écoute."),
        ("Zita", "1", "Rythme", "9", ""),
        ("Zita", "2", "Chant", "15", ""),
        ("Zita", "2", "Rythme", "absente", ""),
    ]
    rows = [dict[str, str](zip(fields, row, strict=True)) for row in cells]

    assert write_rows(rows, fields, minor_field="eleve", language="fr") == (
        "**Zita**\n"
        "Trimestre 1 :\n"
        "• Chant : 14,5 — Une voix juste et beaucoup d'écoute.\n"
        "• Rythme : 9\n"
        "Trimestre 2 :\n"
        "• Chant : 15\n"
        "• Rythme : note absente"
    )


def test_a_row_that_begins_with_a_number_says_of_what() -> None:
    rows = [{"term": "1", "exam": "Solo"}, {"term": "2", "exam": "Duo"}]

    written = write_rows(rows, ("term", "exam"), minor_field=None, language="en")

    assert written == "• Term 1: exam Solo\n• Term 2: exam Duo"


def test_column_names_are_spelt_out() -> None:
    assert column("reste_a_payer") == "Reste à payer"
    assert column("resultat_sur_20") == "Résultat sur 20"


def test_only_the_rows_that_the_question_names_are_shown() -> None:
    assert about(ROWS, "sa note en rythme", FIELDS[1:]) == [ROWS[1]]
    assert about(ROWS, "ses notes", FIELDS[1:]) == ROWS


def test_a_cell_reads_well_beside_its_column() -> None:
    row = {"date": "2026-10-03", "justifiee": "oui", "salle": "Salle Jean"}
    written = write_rows([row], list(row), minor_field=None, language="fr")

    assert "2026 — justifiée : oui" in written
    assert "· Salle Jean" in written
