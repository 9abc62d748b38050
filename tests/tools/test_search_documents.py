import pytest

from memory.records import Service
from tools.errors import BackendRefused

from .school import School, call


async def test_a_passage_comes_with_its_title_date_and_source(school: School) -> None:
    context = await school.wrote("bonjour")

    answer = await call(context, "search_documents", query="horaires du bureau")

    assert answer == {
        "passages": [
            {
                "title": "Horaires",
                "heading": "Bureau",
                "text": "Le bureau ouvre à 9 h.",
                "source": "horaires.md",
                "updated": "2026-09-01",
                "evident": True,
                "near": False,
            }
        ],
        "answered": True,
    }
    assert context.services == {Service.RENSEIGNEMENT}


async def test_what_is_only_near_is_not_an_answer(school: School) -> None:
    answer = await call(
        await school.wrote("bonjour"), "search_documents", query="le bureau ?"
    )

    assert answer["passages"]
    assert not answer["answered"]


async def test_nothing_found_is_no_answer(school: School) -> None:
    answer = await call(
        await school.wrote("bonjour"), "search_documents", query="cantine"
    )

    assert answer == {"passages": [], "answered": False}


async def test_an_empty_question_is_refused(school: School) -> None:
    with pytest.raises(BackendRefused, match="empty"):
        await call(await school.wrote("bonjour"), "search_documents", query=" ")
