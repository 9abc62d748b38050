"""Offers are taken up, people are fetched, and the rest of a conversation."""

import pytest

from .school import Writer, verified


async def test_a_number_chooses_a_topic_and_the_last_one_a_person() -> None:
    parent = Writer()
    await parent.says("il y a un parking ?")
    topic = await parent.says("2")
    person = await parent.says("le 3")

    assert topic.tools == ("search_documents",)
    assert topic.arguments == ({"query": "Accueil de l'école – Prix"},)
    assert person.tools == ("hand_off_to_human",)
    assert person.arguments[0]["urgent"] is False


async def test_a_number_outside_the_choices_is_asked_again() -> None:
    parent = Writer()
    await parent.says("il y a un parking ?")
    reply = await parent.says("9")

    assert reply.tools == ()
    assert "Lequel" in reply.text


async def test_yes_to_several_choices_asks_which() -> None:
    parent = Writer()
    await parent.says("il y a un parking ?")

    assert "Lequel" in (await parent.says("oui")).text


async def test_a_number_without_choices_is_no_search() -> None:
    assert (await Writer().says("2")).tools == ()


async def test_yes_to_the_offer_of_a_person_fetches_one() -> None:
    parent = Writer()
    parent.hears("?", "Souhaitez-vous parler à une personne de l'équipe ?")
    accepted = await parent.says("oui svp")

    assert accepted.tools == ("hand_off_to_human",)


async def test_no_to_an_offer_does_nothing() -> None:
    parent = Writer()
    parent.hears("?", "Souhaitez-vous parler à une personne de l'équipe ?")

    assert (await parent.says("non merci")).tools == ()


async def test_the_menu_leads_to_each_of_its_choices() -> None:
    parent = Writer()
    menu = await parent.says("menu")
    question = await parent.says("1")
    children = await parent.says("2")

    assert "3. Parler à une personne" in menu.text
    assert "posez votre question" in question.text
    assert "code parent" in children.text


async def test_a_proved_parent_chooses_among_their_own_subjects() -> None:
    parent = verified()
    await parent.says("menu")
    subjects = await parent.says("2")
    shown = await parent.says("2")

    assert "2. Les notes" in subjects.text
    assert shown.tools == ("exam_results",)


@pytest.mark.parametrize("said", ["humain", "je veux parler à quelqu'un", "agent"])
async def test_a_person_is_fetched_and_the_receipt_is_told(said: str) -> None:
    reply = await Writer().says(said)

    assert reply.tools == ("hand_off_to_human",)
    assert "n° 41" in reply.text


async def test_a_second_request_makes_no_promise_about_when() -> None:
    parent = Writer()
    await parent.says("humain")
    reply = await parent.says("allo ?? je veux parler a qqn")

    assert "bien connue" in reply.text


async def test_danger_goes_first_and_is_urgent() -> None:
    reply = await Writer().says("bonjour\nles horaires ?\nmon fils a disparu")

    assert reply.tools == ("hand_off_to_human",)
    assert reply.arguments[0]["urgent"] is True
    assert "secours" in reply.text


async def test_nothing_is_claimed_when_nobody_could_be_told() -> None:
    parent = Writer()
    parent.school.is_down = True
    calm = await parent.says("humain")
    urgent = await parent.says("mon fils a disparu")

    assert "transmis" not in calm.text
    assert "transmis" not in urgent.text
    assert "secours" in urgent.text


async def test_an_insult_is_answered_calmly_with_the_offer_of_a_person() -> None:
    reply = await Writer().says("vous êtes nuls")

    assert reply.tools == ()
    assert "humain" in reply.text


@pytest.mark.parametrize("said", ["[message vocal]", "[photo]", "[position]"])
async def test_what_cannot_be_read_is_said_honestly(said: str) -> None:
    reply = await Writer().says(said)

    assert reply.tools == ()
    assert "ne peux pas encore" in reply.text


async def test_words_beside_a_photo_are_answered() -> None:
    reply = await Writer().says("[photo] les horaires du bureau ?")

    assert reply.tools == ("search_documents",)


@pytest.mark.parametrize(
    ("said", "word"),
    [
        ("hello good evening", "Hello"),
        ("thank you", "welcome"),
        ("bonjour", "Bonjour"),
        ("merci", "plaisir"),
        ("au revoir", "bientôt"),
        ("👍", "disposition"),
        ("???", "écoute"),
        ("stop", "m'arrête"),
        ("t'es un robot ?", "assistant automatique"),
    ],
)
async def test_small_talk_is_answered_in_its_language(said: str, word: str) -> None:
    reply = await Writer().says(said)

    assert reply.tools == ()
    assert word in reply.text


async def test_the_answer_to_a_bare_code_keeps_the_language_before_it() -> None:
    parent = Writer()
    await parent.says("can I see my son's exam results please?")
    reply = await parent.says("VN 31X")

    assert "confirmed" in reply.text


@pytest.mark.parametrize(
    "said",
    [
        "allo ?",
        "j'ai une question",
        "je voudrais des renseignements",
        "bonjour c'est madame Adjovi",
        "je suis la maman de Basile",
        "c'est la grand-mère de Basile",
    ],
)
async def test_who_has_not_asked_yet_is_invited_to(said: str) -> None:
    reply = await Writer().says(said)

    assert reply.tools == ()
    assert "posez votre question" in reply.text


async def test_who_leaves_is_told_goodbye() -> None:
    reply = await Writer().says("quitter")

    assert reply.tools == ()
    assert "Au revoir" in reply.text


async def test_beyond_six_questions_the_rest_is_asked_for_again() -> None:
    things = ("la tenue", "le repas", "le bus", "le livre", "le camp", "le club")
    six = "\n".join(f"{thing} c'est combien ?" for thing in things)
    answered = await Writer().says(six)
    too_many = await Writer().says(f"{six}\nle bureau ouvre quand ?")

    assert "à nouveau" not in answered.text
    assert "à nouveau" in too_many.text
    assert len(too_many.tools) == 6


async def test_where_the_house_is_is_a_question_of_its_own() -> None:
    parent = Writer()
    await parent.says("combien coute la chorale ?")

    assert (await parent.says("vs etes ou svp")).arguments == ({"query": "adresse"},)


async def test_a_follow_up_stays_in_the_table_that_is_open_to_all() -> None:
    parent = Writer()
    await parent.says("quels sont les prochains concerts ?")
    again = await parent.says("et celui de décembre ?")

    assert again.tools == ("coming_concerts",)
