"""Without a sign that it is one's own, a question is for the documents."""

import numpy as np
import pytest

from agent.offline.lexicon import subjects_of
from agent.offline.ownership import general_points
from agent.offline.subjects import Subjects
from tests.one_piece import OnePiece
from tools.backends.encoder import Vectors

from .school import CODE, PROFILES, School, Writer, verified

ASKS_CODE = "code parent"


@pytest.mark.parametrize(
    "said",
    [
        "How much is the deposit for the Spring Concert robe?",
        "How much extra do we pay for a late lesson?",
        "À quelle heure commence la leçon du Groupe 2 ?",
        "c koi les lessons de Chorale a kel heure",
        "quand sont les examens",
        "quels sont les résultats",
        "combien de tranches pour le paiement",
        "c cmbien la chorale de grand popo",
    ],
)
@pytest.mark.parametrize("writer", [Writer, verified])
async def test_an_open_question_goes_to_the_documents_with_or_without_a_code(
    said: str, writer: type[Writer]
) -> None:
    assert (await writer().says(said)).tools == ("search_documents",)


def test_a_slip_keeps_the_first_letter() -> None:
    assert "money" in subjects_of("tuittion")
    assert not subjects_of("munition")  # one letter from "punition"
    assert subjects_of("dabsences") == subjects_of("absences")
    assert not subjects_of("lecole")


@pytest.mark.parametrize(
    ("said", "tool"),
    [
        ("quelles sont mes factures ?", "open_invoices"),
        ("quand est mon cours ?", "lesson_times"),
        ("je dois encor cmb ?", "open_invoices"),
        ("quelles sont les notes de ma fille", "exam_results"),
        ("combien il reste à payer pour moi", "open_invoices"),
        ("absences svp", "consult_absences"),
        ("le paiement", "open_invoices"),
        ("est-ce que Basile a été absent ?", "consult_absences"),
        ("est-ce que mon fils a des absences ?", "consult_absences"),
        ("c'est quoi le reste pour Basile", "open_invoices"),
    ],
)
async def test_a_sign_of_ownership_asks_for_the_code_and_then_shows(
    said: str, tool: str
) -> None:
    before = await Writer().says(said)

    assert before.tools == ()
    assert ASKS_CODE in before.text
    assert (await verified().says(said)).tools == (tool,)


@pytest.mark.parametrize("writer", [Writer, verified])
async def test_a_follow_up_of_a_document_question_stays_one(
    writer: type[Writer],
) -> None:
    parent = writer()
    await parent.says("combien coûte une année de cours ?")

    assert (await parent.says("et l'acompte ?")).tools == ("search_documents",)


@pytest.mark.parametrize(
    ("said", "tool"),
    [
        ("et ma facture ?", "open_invoices"),
        ("et les notes de Basile ?", "exam_results"),
        ("les absences", "consult_absences"),
    ],
)
async def test_unless_it_is_about_the_writers_own(said: str, tool: str) -> None:
    parent = verified()
    await parent.says("combien coûte une année de cours ?")

    assert (await parent.says(said)).tools == (tool,)


async def test_the_children_of_a_code_are_known_in_the_same_message() -> None:
    reply = await Writer().says(f"code {CODE}, les notes d'ombelinne")

    assert reply.tools == ("verify_parent_code", "exam_results")
    assert reply.arguments[1] == {"pupil": "Ombeline"}


async def test_a_name_that_is_none_of_the_children_may_be_a_group() -> None:
    parent = Writer()
    await parent.says(CODE)

    group = await parent.says("à quelle heure est le cours d'Éveil ?")
    child = await parent.says("à quelle heure est le cours de Basile ?")

    assert group.tools == ("search_documents",)
    assert child.tools == ("lesson_times",)


async def test_rows_that_were_offered_may_be_asked_for_in_other_words() -> None:
    parent = Writer()
    await parent.says("les leçons de Basile")
    await parent.says(CODE)
    reply = await parent.says("alors la leçon, à quelle heure ?")

    assert reply.tools == ("lesson_times",)


@pytest.mark.parametrize("said", ["droit", "solidarite", "emmanuel"])
def test_a_word_that_only_looks_alike_names_no_subject(said: str) -> None:
    assert subjects_of(said) == ()


@pytest.mark.parametrize("said", ["repa", "abscences", "paimants", "nottes"])
def test_a_slip_of_the_finger_still_names_it(said: str) -> None:
    assert subjects_of(said) != ()


class OfTeachers(OnePiece):
    """A text is near another when both speak of a teacher, or neither."""

    def direction(self, text: str) -> Vectors:
        is_of_teachers = "teach" in text or "lehr" in text
        return np.array([is_of_teachers, not is_of_teachers], dtype=np.float32)


def test_what_words_do_not_tell_apart_is_told_by_meaning() -> None:
    subjects = Subjects(PROFILES, OfTeachers())
    tied = [m for m in subjects.ranked("les enfants, montant, jour") if m.known.is_own]

    assert len(tied) > 1
    assert subjects.nearer("der lehrer", tied).known.action.name == "lesson_times"
    assert Subjects(PROFILES).nearer("der lehrer", tied) is tied[0]


def test_a_rule_is_none_where_the_rows_tell_it() -> None:
    asked = "qui est autorisé à le prendre ?"

    assert general_points(asked) > 0
    assert general_points(asked, but={"#collecting"}) == 0


def test_what_a_parameter_is_for_belongs_to_its_action() -> None:
    best = Subjects(PROFILES).ranked("le trimestre")[0]

    assert best.known.action.name == "exam_results"


async def test_what_is_to_be_brought_back_is_one_s_own() -> None:
    reply = await Writer(School(is_verified=True)).says(
        "Which invoices does Basile still have to bring back?"
    )

    assert reply.tools == ("open_invoices",)


async def test_a_word_of_the_table_behind_my_is_one_s_own() -> None:
    reply = await verified().says("il y a combien dans mon objet")

    assert reply.tools == ("open_invoices",)


@pytest.mark.parametrize(
    ("said", "tool"),
    [
        ("quel est l'objet", "open_invoices"),
        ("when must we return the left amount?", "open_invoices"),
        ("quand ouvre le bureau ?", "search_documents"),
        ("quels papiers faut-il ?", "search_documents"),
        ("c'est quand la rentrée ?", "search_documents"),
    ],
)
async def test_a_code_in_the_message_says_whose(said: str, tool: str) -> None:
    reply = await Writer().says(f"{CODE}, {said}")

    assert reply.tools == ("verify_parent_code", tool)


async def test_when_is_asked_of_what_stands_before_it() -> None:
    reply = await verified().says("mes factures, je les paie quand ?")

    assert reply.tools == ("open_invoices",)


def test_a_question_word_comes_after_a_word_of_the_subject() -> None:
    ranked = Subjects(PROFILES).ranked("le concert de printemps, quand")

    assert ranked[0].known.action.name == "coming_concerts"
    assert not Subjects(PROFILES).ranked("le titre, quand")[-1].has_content


async def test_what_the_house_pays_needs_no_code() -> None:
    house = await Writer().says("vous payez combien les orchestres ?")

    assert house.tools == ("search_documents",)
    assert ASKS_CODE not in house.text


def test_a_refund_is_a_rule_for_everybody() -> None:
    assert general_points("mon fils est plâtré, vous remboursez ?") > 0
    assert "certificates" in subjects_of("brevet")
