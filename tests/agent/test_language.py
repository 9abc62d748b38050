"""Replies follow the message: English when it clearly is, otherwise French."""

import pytest

from agent.language import language_of


@pytest.mark.parametrize(
    "text",
    [
        "hello",
        "thanks",
        "how much is it?",
        "What time is the class on Saturday?",
        "I want to talk to a human please",
        "Hello, when does my daughter have catechism?",
        "How much are the fees for two children?",
        "my son's marks please",
    ],
)
def test_english_is_heard(text: str) -> None:
    assert language_of(text) == "en"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "   ",
        "?!",
        "👍",
        "2",
        "QM-5521",
        "Bonjour",
        "c koi lé horaire",
        "C'est combien l'inscription ?",
        "Je voudrais voir les notes de ma fille",
        "je veux le planning du week-end",
        "Na nga def, naka waa kër gi",
        "stop",
        "menu",
        "\ud83d oups une moitié",
        "mon enfant est malade est-ce que le cours est annulé",
    ],
)
def test_everything_else_is_answered_in_french(text: str) -> None:
    assert language_of(text) == "fr"


@pytest.mark.parametrize("text", ["", "👍", "Na nga def, naka waa kër gi", "QM-5521"])
def test_what_is_neither_is_answered_in_the_language_of_the_place(text: str) -> None:
    assert language_of(text, otherwise="en") == "en"


def test_clear_french_is_answered_in_french_everywhere() -> None:
    text = "Je voudrais voir les notes de ma fille, s'il vous plaît"

    assert language_of(text, otherwise="en") == "fr"
