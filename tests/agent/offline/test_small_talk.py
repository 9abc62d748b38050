"""What is said between the questions, misspelt or not."""

import pytest

from agent.offline.questions import is_gratitude
from agent.offline.small_talk import (
    accepts,
    choices_in,
    chosen_number,
    is_marker,
    is_voice,
    small_talk,
    without_markers,
    without_small_talk,
)


@pytest.mark.parametrize(
    ("said", "kind"),
    [
        ("Bonjour", "greetings"),
        ("Bonjour 👋🏾", "greetings"),
        ("slt", "greetings"),
        ("salamaleikoum", "greetings"),
        ("Nanga def", "greetings"),
        ("Bonjour, comment allez vous ?", "greetings"),
        ("helo", "greetings"),
        ("Bonsoir le Secrétariat", "greetings"),
        ("bonjour à toute l'équipe", "greetings"),
        ("Good morning dear team", "greetings"),
        ("merci bcp", "thanks"),
        ("mersi bocou", "thanks"),
        ("ok merci, bonne soirée", "thanks"),
        ("jërejëf bonne soirée", "thanks"),
        ("au revoir", "goodbyes"),
        ("bone nuit", "goodbyes"),
        ("ok", "acks"),
        ("👍", "acks"),
        ("oui svp", "yes"),
        ("non merci", "no"),
        ("menu", "menu"),
        ("mneu", "menu"),
        ("mennu", "menu"),
        ("aide", "menu"),
        ("stop", "stop"),
    ],
)
def test_small_talk_is_known_by_its_kind(said: str, kind: str) -> None:
    assert small_talk(said) == kind


@pytest.mark.parametrize(
    ("said", "is_all"),
    [
        ("Merci beaucoup pour tout ce que vous faites, bonne soirée !", True),
        ("merci bcp pr tt ske vs faite pr nos enfan, ke dieu vs benisse", True),
        ("Thank you so much for everything", True),
        ("merci de me donner les horaires", False),
        ("merci, c'est combien le livret", False),
        ("merci, les notes de Grace", False),
        ("merci pour la réponse, et le samedi ?", False),
    ],
)
def test_thanks_at_length_ask_for_nothing(said: str, is_all: bool) -> None:
    assert is_gratitude(said) is is_all


@pytest.mark.parametrize(
    "said",
    [
        "notes",
        "les notes",
        "parking",
        "bonjour le parking ?",
        "samedi",
        "bonjour, le bureau ?",
    ],
)
def test_a_question_is_no_small_talk(said: str) -> None:
    assert small_talk(said) is None


@pytest.mark.parametrize(
    ("said", "asked"),
    [
        ("Bonjour, c koi les horaires", "c koi les horaires"),
        ("slt c a kel heure", "c a kel heure"),
        ("Merci ! Je voudrais voir les notes", "Je voudrais voir les notes"),
        ("Asalaa maalekum, ban waxtu ?", "ban waxtu ?"),
        ("bonjour", ""),
    ],
)
def test_a_greeting_is_taken_off_the_question(said: str, asked: str) -> None:
    assert without_small_talk(said) == asked


@pytest.mark.parametrize(
    ("said", "number"),
    [
        ("2", 2),
        ("2.", 2),
        ("le 2", 2),
        ("n°2", 2),
        ("choix 3", 3),
        ("deuxième", 2),
        ("le premier", 1),
        ("the second", 2),
        ("le dernier", -1),
        ("4417", None),
        ("oui", None),
        ("combien", None),
        ("la 2e année", None),
    ],
)
def test_a_choice_is_a_number_or_a_rank(said: str, number: int | None) -> None:
    assert chosen_number(said) == number


def test_the_choices_of_a_reply_are_its_numbered_lines() -> None:
    reply = "Voici :\n1. Les horaires\n2) Les prix\n*3.* Une personne\net 4 autres"

    assert choices_in(reply) == {1: "Les horaires", 2: "Les prix", 3: "Une personne"}


def test_yes_and_ok_accept_an_offer() -> None:
    assert accepts("oui svp")
    assert accepts("ok")
    assert not accepts("non")
    assert not accepts("les horaires")


def test_what_cannot_be_read_is_known_by_its_mark() -> None:
    assert is_marker("[message vocal]")
    assert is_voice("[message vocal]")
    assert is_marker("[photo] c'est quoi ?")
    assert not is_voice("[photo]")
    assert without_markers("[photo] c'est quoi ?") == "c'est quoi ?"
