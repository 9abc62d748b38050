"""A life at risk is heard in any spelling; a chronic illness is a question."""

import pytest

from agent.offline.alarms import is_danger

from .school import Writer


@pytest.mark.parametrize(
    "said",
    [
        "mon fils a fai une crise il respire plus aidez moi vite",
        "mon fils s'étouffe",
        "ma fille s'est évanouie pendant le kt, vite",
        "elle est inconsciente, que faire ?",
        "ma fille saigne beaucoup",
        "crise d'asthme vite",
        "mon fils a eu un accident",
        "il s'est noyé",
        "elle s'est brulée",
        "mon enfant s'est empoisonné",
        "je cherche mon enfant il est pas sorti",
        "mon fils est introuvable",
        "au secours",
        "help!",
        "my son cant breathe pls",
        "she is choking",
        "he fainted",
        "my daughter is unconscious",
        "my son is bleeding",
    ],
)
def test_an_emergency_is_heard(said: str) -> None:
    assert is_danger(said)


@pytest.mark.parametrize(
    "said",
    [
        "inscription au secours catholique",
        "il est absent samedi",
        "mon fils a perdu son livret",
        "asthme : comment le signaler ?",
        "mon fils fait souvent des crises d'asthme",
        "le bulletin de ma fille n'est pas sorti",
        "que faire en cas d'accident ?",
        "la salle est étouffante",
        "une formation aux premiers secours",
        "l'évangile selon Luc",
        "help",
        "aidez moi",
    ],
)
def test_everyday_words_are_no_emergency(said: str) -> None:
    assert not is_danger(said)


async def test_an_emergency_goes_to_a_person_as_urgent() -> None:
    reply = await Writer().says("ma fille ne respire plus")

    assert reply.tools == ("hand_off_to_human",)
    assert reply.arguments[0]["urgent"] is True
    assert "secours" in reply.text
