"""First names are found in what parents write; places and feasts are not names."""

import pytest

from agent.offline.children import known_children, name_in, names_allowed
from agent.offline.subjects import Subjects
from agent.offline.talk import Done, Exchange

from .school import PROFILES


@pytest.mark.parametrize(
    ("said", "name"),
    [
        ("le solde de mon fils Césaire", "Césaire"),
        ("how much is left for Firmin's camp?", "Firmin"),
        ("Combien il reste pour Hyacinthe ?", "Hyacinthe"),
        ("les notes d'Agathe svp", "Agathe"),
        ("c le papa de Anne-Lise", "Anne-Lise"),
        ("et pour mon 2e enfant, Gaspard ?", "Gaspard"),
        ("les notes d'Emmanuel", "Emmanuel"),
    ],
)
def test_a_name_with_a_capital_is_sure(said: str, name: str) -> None:
    found = name_in(said, ())

    assert found is not None
    assert found.written == name
    assert found.is_sure


@pytest.mark.parametrize(
    ("said", "name"),
    [
        ("les absences de gaspard", "gaspard"),
        ("les notes dagathe", "agathe"),
        ("combien d'absences a jean noel", "jean noel"),
        ("gaspard a cours quel jour", "gaspard"),
        ("et aurèle ?", "aurèle"),
        ("les notes de mon fils Noel", "Noel"),
        ("les notes à olivier", "olivier"),
        ("combien d'absences a amir", "amir"),
        ("les absences a andré", "andré"),
    ],
)
def test_a_name_that_may_be_another_word_is_only_likely(said: str, name: str) -> None:
    found = name_in(said, ())

    assert found is not None
    assert found.written == name
    assert not found.is_sure


@pytest.mark.parametrize(
    "said",
    [
        "les notes de ma fille",
        "les absences svp",
        "les vacances de Noël",
        "je paie par Wave",
        "ses notes du 1er trimestre",
        "ma fille a réussi ?",
        "Bonjour Madame",
        "le professeur de la Chorale",
        "the deposit for the First Communion robe",
        "how much do we pay for a late lesson?",
        "l'heure de la leçon de Solfège 2",
    ],
)
def test_other_words_are_no_names(said: str) -> None:
    assert name_in(said, ()) is None


@pytest.mark.parametrize(
    "said",
    [
        "livres à rendre",
        "quels livres a rendre ?",
        "les documents a signer",
        "les notes à signer svp",
        "les livres à rapporter avant Noël",
        "les devoirs a finir",
        "des cours à suivre",
        "les absences à vérifier",
        "les notes a transmettre",
        "les cours à prévoir",
        "il reste combien à payer",
    ],
)
def test_what_is_to_be_done_with_a_thing_is_no_name(said: str) -> None:
    assert name_in(said, ()) is None


@pytest.mark.parametrize("said", ["les notes à claire", "les notes à Claire"])
def test_a_name_that_ends_like_a_verb_is_found_when_it_is_known(said: str) -> None:
    found = name_in(said, ("Claire",))

    assert found is not None
    assert found.is_known


def test_a_capital_makes_it_a_name() -> None:
    found = name_in("les notes à Claire", ())

    assert found is not None
    assert found.written == "Claire"


@pytest.mark.parametrize(
    ("said", "is_beside"),
    [("les notes de Zita", True), ("c'est combien pour Zita", False)],
)
def test_a_price_for_a_name_may_be_that_of_a_group(said: str, is_beside: bool) -> None:
    found = name_in(said, ())

    assert found is not None
    assert found.is_beside_subject is is_beside


def test_a_known_child_is_recognised_though_misspelt() -> None:
    found = name_in("et ombelinne alors", ("Basile", "Ombeline"))

    assert found is not None
    assert found.written == "Ombeline"
    assert found.is_sure


def test_children_are_known_from_what_the_tools_have_shown() -> None:
    rows = {"rows": [{"eleve": "Basile"}, {"eleve": "Ombeline"}]}
    refusal = {"refused": "Refused: not one of yours. Theirs are: Zita, Ange."}
    past = [
        Exchange(said="", done=(Done("exam_results", {}, rows),)),
        Exchange(said="", done=(Done("consult_absences", {}, refusal),)),
        Exchange(said="", done=(Done("search_documents", {}, {"passages": []}),)),
    ]

    known = known_children(past, Subjects(PROFILES))

    assert known == ("Basile", "Ombeline", "Zita", "Ange")


def test_a_refusal_without_names_allows_none() -> None:
    assert names_allowed("Refused: ask for the code.") == ()
