"""A message is taken apart into its questions, and a short one is completed."""

import pytest

from agent.offline.questions import (
    asks,
    asks_where_we_are,
    completed,
    completed_beside,
    has_too_many_questions,
    integer_after,
    is_follow_up,
    is_in_last_answer,
    kinds_of,
    questions_in,
)
from agent.offline.talk import Done, Exchange


def _answered(text: str, title: str = "Concerts") -> Exchange:
    passages = [{"title": title, "heading": None, "text": text, "evident": True}]
    return Exchange(
        said="?",
        done=(Done("search_documents", {"query": "?"}, {"passages": passages}),),
    )


@pytest.mark.parametrize(
    ("said", "count"),
    [
        ("le bureau est ouvert samedi ? jusqua kel heure", 1),
        ("Vous fermez le bureau pour Noël ? Vous rouvrez quand", 1),
        ("vous faites du karaté ? c combien par mois", 1),
        ("C'est qui la responsable ? juste son nom", 1),
        ("Bonjour\nc pour ma fille\nelle est en 4e année\nc combien svp", 1),
        ("when does the camp start and when do they come back?", 1),
        ("le stage c kel jour et ca coute combien", 1),
        ("Bjr, 2 kestions : c koi ladresse ? et la garderie c combien ?", 2),
        ("slt\nle bureau ouvre a kel heure\net l'aube c combien", 2),
        ("c koi les horaires du cours et c combien l'inscription", 2),
        ("je veux les notes et aussi ses absences", 2),
        ("combien coute l inscription et c quand la rentrée ?", 2),
        ("ya une cantine a midi ? le repa c cmbien", 1),
        ("ya un parking ? le repa c cmbien", 2),
        ("ya une reduction ? c cmbien pr le 2em", 1),
        ("My daughter is deaf. Is there a person who can sign?", 1),
        ("l'uniforme c combien ?\net la tenue ?\nvous prenez les chèques ?", 3),
    ],
)
def test_a_message_holds_so_many_questions(said: str, count: int) -> None:
    assert len(questions_in(said)) == count


def test_a_telephone_that_is_carried_is_no_number() -> None:
    assert "phone" in kinds_of("le téléphone du secrétariat")
    assert "phone" not in kinds_of("son téléphone a sonné, on le récupère comment")


def test_a_remark_before_a_question_is_left_out() -> None:
    said = "Mon fils est malade. Jusqu'à quelle heure peut-on annuler un repas ?"

    assert [question.text for question in questions_in(said)] == [
        "Jusqu'à quelle heure peut-on annuler un repas ?"
    ]


def test_a_message_without_a_question_is_one_as_a_whole() -> None:
    said = "je viens d'arriver. nous habitons loin."

    assert [question.text for question in questions_in(said)] == [said]
    assert not asks(said)


@pytest.mark.parametrize(
    "said",
    ["et samedi ?", "et pour les grands ?", "and for the 3rd year?", "c'est où ?"],
)
def test_a_short_question_leans_on_the_one_before(said: str) -> None:
    assert is_follow_up(said)


def test_a_full_question_stands_alone() -> None:
    assert not is_follow_up("quels sont les horaires du bureau ?")


@pytest.mark.parametrize(
    ("said", "before", "expected"),
    [
        ("et la 2e ?", "combien coute la 1re année", "combien coute la 2e annee"),
        ("et lundi ?", "le bureau ouvre samedi ?", "le bureau ouvre lundi"),
        ("and for the 3rd year?", "the 1st year fee", "the 3rd year fee"),
    ],
)
def test_another_value_takes_the_place_of_the_one_before(
    said: str, before: str, expected: str
) -> None:
    assert completed(said, before, None) == expected


def test_a_narrower_question_keeps_the_topic() -> None:
    query = completed("et pour les grands ?", "horaires du judo", _answered("…"))

    assert "judo" in query
    assert "grands" in query


def test_another_topic_keeps_only_what_was_asked_of_it() -> None:
    shown = _answered("Le concert a lieu le 6 juin.")
    query = completed("et pour le baptême ?", "c'est quand le concert", shown)

    assert "bapteme" in query
    assert "quand" in query
    assert "concert" not in query


def test_what_is_done_goes_on_about_what_was_asked() -> None:
    shown = _answered("Le concert a lieu le 6 juin. Tenue : haut blanc.")
    before = "c'est quand le concert"

    assert "concert" in completed("et faut s'habiller comment ?", before, shown)
    assert "concert" not in completed("et comment s'inscrire ?", before, shown)


def test_a_word_of_the_last_answer_belongs_to_its_topic() -> None:
    shown = _answered("Entrée du concert : 1 000 F, payante pour tous.")

    assert is_in_last_answer("entrée payante ?", shown)
    assert not is_in_last_answer("combien coûte le concert ?", shown)
    assert not is_in_last_answer("parking ?", shown)


def test_a_neighbour_lends_the_kind_of_answer_it_asks_for() -> None:
    assert "combien" in completed_beside("et la tenue ?", "l'uniforme c'est combien ?")
    assert completed_beside("et la tenue, c'est où ?", "c'est combien ?") == (
        "et la tenue, c'est où ?"
    )


def test_the_kind_of_answer_is_read_from_its_words() -> None:
    assert kinds_of("c'est quand et combien ?") == {"when", "amount"}
    assert kinds_of("le judo") == set()


@pytest.mark.parametrize(
    ("said", "number"),
    [
        ("1er trimestre", 1),
        ("trimestre 2", 2),
        ("the second term", 2),
        ("le bulletin", None),
    ],
)
def test_a_number_beside_its_word_is_an_argument(said: str, number: int | None) -> None:
    assert integer_after(said, frozenset({"trimestre", "term"})) == number


def test_questions_of_two_messages_are_not_joined() -> None:
    said = "c kan le concert\ncombien coute la 5e année\nle prix de la tenue"

    assert [question.text for question in questions_in(said)] == said.split("\n")


def test_more_than_six_questions_are_too_many() -> None:
    things = ("la tenue", "le repas", "le bus", "le livre", "le camp", "le club")
    six = "\n".join(f"{thing} c'est combien ?" for thing in things)

    assert len(questions_in(six)) == 6
    assert not has_too_many_questions(six)
    assert has_too_many_questions(f"{six}\nle bureau ouvre quand ?")


def test_a_question_with_its_own_subject_does_not_lean_on_the_one_before() -> None:
    shown = _answered("Un retard est grave.")

    assert not is_follow_up("vs etes ou svp")
    assert asks_where_we_are("vs etes ou svp")
    assert not is_in_last_answer("je suis en retard demain c grave?", shown)
