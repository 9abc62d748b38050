"""A tool that no rule knows is called when it is asked for, and not otherwise."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from pydantic_ai import Agent, FunctionToolset, Tool

from agent.offline import OfflineModel
from agent.offline.added_words import write_added
from tests.one_piece import OnePiece
from tools.backends.encoder import Encoder, Vectors, open_encoder

from .school import PROFILES


class Near(OnePiece):
    """Knows two subjects: the hour and the rain."""

    def direction(self, text: str) -> Vectors:
        subjects = ("heure", "pluie")
        found = np.array([word in text.lower() for word in subjects], np.float32)
        return found / max(float(np.linalg.norm(found)), 1.0)


async def say_the_hour() -> dict[str, Any]:
    """What heure it is."""
    return {"now": "2026-11-25T14:05:00+00:00"}


async def foretell_rain(place: str) -> str:
    """Whether pluie is coming."""
    return f"Rien avant demain ({place})."


async def book_a_room(place: str, hours: int) -> str:
    """Book for an heure."""
    raise AssertionError("its hours cannot be known")


async def ring_the_bell() -> str:
    """Ring at this heure."""
    return "La cloche sonne."


async def search_documents(query: str) -> dict[str, Any]:
    """Passages."""
    return {"passages": [], "query": query}


async def ask(
    text: str,
    *functions: Callable[..., Any],
    encoder: Encoder | None = None,
    **metadata: Any,
) -> str:
    tools = [Tool(each, metadata=metadata) for each in functions]
    agent = Agent(
        OfflineModel(profiles=PROFILES, encoder=encoder),
        toolsets=[FunctionToolset([*tools, Tool(search_documents)])],
    )
    return (await agent.run(text)).output


async def test_a_tool_is_found_by_its_description() -> None:
    reply = await ask("quelle heure est-il ?", say_the_hour, encoder=Near())

    assert reply == "25 novembre 2026 à 14 h 05"


async def test_a_tool_is_found_by_an_example_without_an_encoder() -> None:
    reply = await ask(
        "what time is it", say_the_hour, asked_as=("What time is it?",), writes=False
    )

    assert reply == "25 November 2026 at 14:05"


async def test_another_question_goes_to_the_documents() -> None:
    reply = await ask("il y a un parking ?", say_the_hour, encoder=Near())

    assert "pas trouvé" in reply


async def test_of_two_tools_the_nearer_one_gets_the_question() -> None:
    reply = await ask("la pluie ?", say_the_hour, foretell_rain, encoder=Near())

    assert reply == "Rien avant demain (la pluie ?)."


@pytest.mark.parametrize(
    ("question", "is_asked_for"),
    [
        ("il est quelle heure maintenant svp", True),
        ("what time is it?", True),
        ("à quelle heure commence la messe ?", False),
        ("il y a un parking ?", False),
    ],
)
async def test_the_taught_encoder_knows_an_example_in_other_words(
    question: str, *, is_asked_for: bool
) -> None:
    reply = await ask(
        question,
        say_the_hour,
        encoder=open_encoder(),
        asked_as=("quelle heure est-il ?",),
    )

    assert ("14" in reply) == is_asked_for


async def test_a_tool_whose_arguments_are_not_said_is_not_called() -> None:
    reply = await ask("quelle heure est-il ?", book_a_room, encoder=Near())

    assert "pas trouvé" in reply


async def test_a_tool_that_writes_needs_an_example() -> None:
    vague = await ask("sonne à l'heure !", ring_the_bell, encoder=Near(), writes=True)
    clear = await ask(
        "sonne la cloche", ring_the_bell, writes=True, asked_as=("sonnez la cloche",)
    )

    assert "cloche" not in vague
    assert clear == "La cloche sonne."


@pytest.mark.parametrize(
    ("result", "written"),
    [
        ({"value": "Il pleut."}, "Il pleut."),
        ({"open": True, "note": "for the model"}, "oui"),
        (
            {"salle": "A", "depuis": "2026-09-01"},
            "Salle : A\nDepuis : 1er septembre 2026",
        ),
        ({"places": [{"niveau": "1", "reste": 4}]}, "• Niveau 1, Reste 4"),
        ({"salles": ["A", "B"], "total": 2}, "Salles :\n• A\n• B\nTotal : 2"),
        ({}, "Je n'ai rien trouvé."),
    ],
)
def test_an_answer_is_written_plainly(result: dict[str, Any], written: str) -> None:
    assert write_added(result, "fr") == written


def test_a_refusal_is_no_answer() -> None:
    assert "humain" in write_added({"refused": "not now"}, "fr")
    assert "minutes" in write_added({"unavailable": True}, "fr")
