"""What the documents say is quoted with its source; what they do not is not said."""

from datetime import date

import pytest

from agent.offline.compose import compose
from agent.offline.outlook import Outlook
from agent.offline.passages import past_year, write_answer, write_near
from agent.offline.small_talk import choices_in
from agent.offline.steps import Call
from agent.offline.subjects import Subjects
from agent.offline.talk import Talk

from .school import PROFILES, School, Writer

TODAY = date(2026, 11, 22)


def _outlook() -> Outlook:
    talk = Talk(past=(), said="c'est combien", done=())
    return Outlook(talk=talk, tools={}, subjects=Subjects(PROFILES), today=TODAY)


def _passage(text: str, title: str = "Prix", **more: object) -> dict[str, object]:
    return {"title": title, "heading": None, "text": text, "evident": True, **more}


async def test_an_answer_ends_with_its_title_and_date() -> None:
    reply = await Writer().says("quels sont les horaires du bureau ?")

    assert reply.tools == ("search_documents",)
    assert reply.model_calls == 2
    last = reply.text.splitlines()[-1]
    assert last == "— Accueil de l'école, mis à jour le 1er septembre 2026"


async def test_an_english_question_gets_an_english_frame() -> None:
    reply = await Writer().says("when is the bureau open please?")

    assert "updated on 1 September 2026" in reply.text


async def test_what_is_not_written_is_not_said() -> None:
    reply = await Writer().says("il y a un parking ?")

    assert "pas trouvé" in reply.text
    assert "45 000" not in reply.text
    assert "9 h" not in reply.text
    assert "3. Parler à une personne de l'équipe" in reply.text


async def test_several_questions_are_answered_in_order() -> None:
    reply = await Writer().says("le bureau est ouvert quand ?\nla chorale c combien ?")

    assert reply.tools == ("search_documents", "search_documents")
    assert reply.model_calls == 2
    assert reply.text.index("9 h") < reply.text.index("12 000")


async def test_bold_is_left_to_the_dialect_of_the_channel() -> None:
    reply = await Writer().says("combien coute la chorale")

    assert "**12 000 F CFA**" in reply.text


async def test_a_visitor_is_told_what_a_code_would_show() -> None:
    reply = await Writer().says("notes basile")

    assert reply.tools == ("search_documents",)
    assert "S'il s'agit de votre enfant, envoyez-moi votre code parent" in reply.text


async def test_when_the_documents_are_away_it_is_said() -> None:
    reply = await Writer(School(is_down=True)).says("les horaires du bureau ?")

    assert "en ce moment" in reply.text


@pytest.mark.parametrize(
    ("title", "year"),
    [
        ("Tarifs 2025-2026", "2025-2026"),
        ("Camp 2025", "2025"),
        ("Tarifs 2026-2027", None),
        ("Camp 2026", None),
        ("Règlement", None),
    ],
)
def test_a_past_year_is_known_by_the_title(title: str, year: str | None) -> None:
    assert past_year(title, TODAY) == year


def test_a_document_of_a_past_year_is_marked_as_such() -> None:
    passages = [_passage("Le livret coûte 2 500 F.", "Tarifs 2025-2026")]

    assert "année passée (2025-2026)" in write_answer(passages, "le livret", _outlook())


def test_this_year_comes_before_the_past_one() -> None:
    passages = [
        _passage("Le livret coûte 2 500 F.", "Tarifs 2025-2026"),
        _passage("Le livret coûte 3 000 F.", "Tarifs 2026-2027"),
    ]

    answer = write_answer(passages, "le livret coûte combien", _outlook())

    assert "3 000" in answer
    assert "2 500" not in answer


def test_a_past_year_that_is_asked_for_is_quoted() -> None:
    passages = [_passage("Le livret coûte 2 500 F.", "Tarifs 2025-2026")]

    assert "2 500" in write_answer(passages, "le livret en 2025-2026", _outlook())


def test_what_the_best_passage_lacks_of_what_is_asked_is_added() -> None:
    passages = [
        _passage("Le livret sert toute l'année."),
        _passage("Le livret coûte 3 000 F."),
    ]

    assert write_answer(passages, "le livret c'est combien", _outlook()).startswith(
        "Le livret sert toute l'année.\n\nLe livret coûte 3 000 F."
    )


def test_a_date_and_a_price_may_come_from_two_passages() -> None:
    passages = [
        _passage("Retraite : 7 500 F.", heading="Frais"),
        _passage("La retraite a lieu le samedi 29 mai.", heading="Dates"),
    ]

    answer = write_answer(passages, "la retraite c'est quand et combien", _outlook())

    assert "7 500" in answer
    assert "29 mai" in answer


def test_a_passage_that_is_not_evident_is_never_quoted() -> None:
    passages = [
        _passage("Le livret coûte 3 000 F."),
        _passage("Le livret coûte 9 999 F.", evident=False),
    ]

    assert "9 999" not in write_answer(passages, "le livret combien", _outlook())


def test_a_second_passage_is_quoted_from_another_section_with_its_source() -> None:
    passages = [
        _passage("Le livret coûte 3 000 F.", "Tarifs", heading="Prix"),
        _passage("Livret : 1 000 F à la commande.", "Achats", heading="Payer"),
        _passage("Livret : 2 000 F à la remise.", "Achats", heading="Remise"),
    ]

    answer = write_answer(passages, "le livret c'est combien", _outlook())

    assert "1 000" in answer
    assert "2 000" not in answer
    assert answer.endswith("— Tarifs\n— Achats")


def test_a_second_passage_is_of_the_kind_that_was_asked() -> None:
    passages = [
        _passage("Le livret coûte 3 000 F.", "Tarifs"),
        _passage("Le livret est vert.", "Remarques"),
    ]

    assert "vert" not in write_answer(passages, "le livret combien", _outlook())


def test_the_nearest_passage_is_quoted_with_our_doubt_and_a_person() -> None:
    near = {**_passage("Le livret est vert.", evident=False), "near": True}

    answer = write_near([near], "fr")

    assert answer
    assert "pas trouvé de réponse certaine" in answer
    assert "Le livret est vert." in answer
    assert "« humain »" in answer
    assert write_near([_passage("Le livret.", evident=False)], "fr") is None


def _unsure(at: int) -> Call:
    return Call(
        tool="search_documents",
        purpose="search",
        arguments={"query": f"question {at}"},
        question=f"question {at}",
        is_alone=False,
    )


def test_several_near_passages_are_numbered_with_a_person_last() -> None:
    near = [
        {
            **_passage(f"1. Le livret {n} est vert.\n- Et neuf.", evident=False),
            "near": 1,
        }
        for n in ("A", "B")
    ]

    answer = write_near(near, "fr") or ""

    assert choices_in(answer) == {
        1: "Prix",
        2: "Prix",
        3: "Parler à une personne de l'équipe",
    }
    assert "« 1. Le livret A est vert ; Et neuf »" in answer


def test_two_unsure_questions_never_give_two_lists_of_numbers() -> None:
    near = [
        {**_passage(f"Le livret {n} est vert.", evident=False), "near": True}
        for n in ("A", "B")
    ]
    results = {0: {"passages": near}, 1: {"passages": near[::-1]}}

    answer = compose([_unsure(0), _unsure(1)], results, _outlook())

    assert "Le livret A" in answer
    assert "Le livret B" in answer
    assert not choices_in(answer)


def test_a_source_that_can_be_opened_is_given_with_its_section_and_link() -> None:
    passage = _passage(
        "12 000 F",
        heading="Montants",
        updated="2026-09-01",
        link="https://docs.google.com/document/d/1",
    )

    last = write_answer([passage], "c'est combien", _outlook()).splitlines()[-1]

    assert last == (
        "— Prix › Montants, mis à jour le 1er septembre 2026 :"
        " https://docs.google.com/document/d/1"
    )


def test_a_passage_that_the_search_knows_to_be_past_is_marked_as_such() -> None:
    passage = _passage("12 000 F", valid_for="2024-2025", past_year=True)

    reply = write_answer([passage], "c'est combien", _outlook())

    assert reply.startswith("Attention, ce document concerne une année passée")
    assert "2024-2025" in reply.splitlines()[0]


def test_this_years_passage_goes_before_one_that_is_past() -> None:
    past = _passage("12 000 F", valid_for="2024-2025", past_year=True)

    reply = write_answer([past, _passage("15 000 F")], "c'est combien", _outlook())

    assert reply.startswith("15 000 F")
    assert "12 000 F" not in reply
