from datetime import date

import pytest

from tools.backends.written_dates import (
    past_documents,
    school_year_of,
    school_years,
    update_date,
    years,
)


@pytest.mark.parametrize(
    "line",
    [
        "Mis à jour le : 2026-09-01",
        "Mise à jour : 1er septembre 2026",
        "*Dernière mise à jour le 01/09/2026*",
        "Updated: September 1, 2026",
        "Last updated on 1 September 2026",
        "MAJ 1.9.2026",
        "saison 2026-2027        (MAJ 1.9.26)",
        "> Pour les familles. Dernière relecture : 1er septembre 2026.",
        "*(à jour au 1er septembre 2026, remplace la feuille affichée)*",
        "Version du 1er septembre 2026, validée par le bureau",
        "Dernière révision : sept. 2026",
        "Arrêté par le bureau le 01/09/2026.",
    ],
)
def test_the_date_of_an_update_is_read_as_people_write_it(line: str) -> None:
    assert update_date(line) == date(2026, 9, 1)


@pytest.mark.parametrize(
    "line",
    [
        "La fête est le 2026-09-01",
        "Mis à jour le : 2026-13-45",
        "Mis à jour régulièrement",
        "- Version du 1er septembre 2026 du formulaire : à rendre au secrétariat, signée"
        " par les deux parents",
        "| Mise à jour | 1er septembre 2026 |",
    ],
)
def test_another_line_is_no_update(line: str) -> None:
    assert update_date(line) is None


def test_a_school_year_is_two_years_that_follow() -> None:
    assert school_years("Tarifs 2026-2027, voir 2020/2024") == [(2026, 2027)]
    assert years("de 2026 à 2028") == {2026, 2028}


def test_a_school_year_turns_in_august() -> None:
    assert school_year_of(date(2026, 7, 31)) == 2025
    assert school_year_of(date(2026, 8, 1)) == 2026


def test_a_title_of_a_finished_year_is_past() -> None:
    titles = {
        1: "Tarifs 2025-2026",
        2: "Tarifs 2026-2027",
        3: "Règlement",
        4: "Fête 2027",
    }

    assert past_documents(titles, date(2026, 11, 21)) == {1}
    assert past_documents(titles, date(2028, 9, 1)) == {1, 2, 4}


def test_a_newer_document_on_the_same_subject_makes_the_older_past() -> None:
    titles = {1: "Tarifs 2025-2026 (archive)", 2: "Tarifs 2026-2027"}

    assert past_documents(titles, date(2026, 6, 1)) == {1}
