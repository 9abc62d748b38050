"""A reply claims only what a receipt proves."""

import pytest

from agent.promises import Checked, check_promises
from agent.texts import ENGLISH, FRENCH
from tools.context import Receipt

LINK = "https://gust.test/p/Zm9vYmFyYmF6cXV4"
HANDOFF, PAGE = Receipt("handoff", "7"), Receipt("page", LINK)


def checked(reply: str, *receipts: Receipt, is_open: bool = False) -> Checked:
    return check_promises(
        reply, receipts, earlier=(), has_open_handoff=is_open, texts=FRENCH
    )


CLAIMS = [
    "J'ai transmis votre demande.",
    "J’ai transmis votre demande.",  # the other apostrophe
    "J'AI BIEN TRANSMIS votre message à l'équipe.",
    "Voilà, je viens de transmettre votre question.",
    "Nous avons prévenu la responsable.",
    "Votre demande a été transmise à l'équipe.",
    "Votre demande est bien transmise.",
    "La demande a bien été transmise, merci.",
    "Votre message a bien été transmis.",
    "Votre question a été envoyée à l'équipe.",
    "L'équipe est prévenue.",
    "J'ai contacté la paroisse pour vous.",
    "J'ai signalé le problème.",
    "J'ai alerté une personne de l'équipe.",
    "Je transmets votre demande à l'équipe.",
    "Je vais prévenir une personne de l'équipe.",
    "I'll pass it on to the team.",
    "I have forwarded your message.",
    "I've just notified the team.",
    "We have already informed them.",
    "I have passed your message on.",
    "Your request has been sent to the team.",
]
HONEST = [
    "Bonjour, que puis-je pour vous ?",
    "Je n'ai encore rien transmis.",
    "Souhaitez-vous que je transmette votre demande ?",
    "Je peux prévenir une personne de l'équipe.",
    "Votre demande n'a pas été transmise.",
    "I have not passed anything on yet.",
    "Vous serez prévenu par la paroisse.",
    "Les notes ont été transmises aux parents le 3 mars.",
    "La demande est à envoyer avant le 3 mars.",
    "L'équipe n'est pas prévenue.",
    FRENCH.not_done,
    ENGLISH.not_done,
]


@pytest.mark.parametrize("claim", CLAIMS)
def test_a_claim_without_a_receipt_is_replaced(claim: str) -> None:
    found = checked(claim)

    assert found.text == FRENCH.not_done
    assert found.findings == ("removed a claim that nothing proves",)


@pytest.mark.parametrize("claim", CLAIMS)
def test_a_claim_with_a_receipt_is_left_alone(claim: str) -> None:
    assert checked(claim, HANDOFF) == Checked(claim)
    assert checked(claim, is_open=True) == Checked(claim)


def test_what_is_true_beside_a_claim_is_kept() -> None:
    found = checked("Le bureau ouvre à 9 h. J'ai transmis votre demande.")

    assert found.text == f"Le bureau ouvre à 9 h.\n\n{FRENCH.not_done}"


def test_a_link_that_was_proved_in_this_session_may_be_given_again() -> None:
    reply = f"Voici de nouveau : {LINK}"
    again = check_promises(
        reply, (), earlier=[f"Voici : {LINK}"], has_open_handoff=False, texts=FRENCH
    )

    assert again == Checked(reply)


@pytest.mark.parametrize("claim", CLAIMS)
def test_a_page_does_not_prove_that_a_human_knows(claim: str) -> None:
    assert checked(claim, PAGE).text == FRENCH.not_done


@pytest.mark.parametrize("reply", HONEST)
def test_what_claims_nothing_is_left_alone(reply: str) -> None:
    assert checked(reply) == Checked(reply)


@pytest.mark.parametrize(
    "invented",
    [
        "https://gust.test/p/aaaabbbbccccdddd",
        "http://elsewhere.test/p/aaaabbbbccccdddd?x=1",
        "gust.test/p/aaaabbbbccccdddd",
        "/p/aaaabbbbccccdddd",
    ],
)
def test_an_invented_link_is_removed(invented: str) -> None:
    found = checked(f"Voici : {invented}", PAGE)

    assert found.text == "Voici :"
    assert found.findings == ("removed a link that no tool made",)


def test_the_link_of_a_page_that_was_made_stays() -> None:
    for reply in (f"Voici : {LINK}", f"[Page]({LINK})", f"{LINK}."):
        assert checked(reply, PAGE) == Checked(reply)


def test_of_two_links_only_the_invented_one_goes() -> None:
    found = checked(f"{LINK} et https://gust.test/p/aaaabbbbccccdddd", PAGE)

    assert found.text == f"{LINK} et"


def test_another_link_is_no_page() -> None:
    reply = "Voyez https://example.org/plan et https://example.org/p/1"

    assert checked(reply) == Checked(reply)


def test_an_invented_link_and_a_claim_are_both_noted() -> None:
    found = checked("J'ai transmis : https://gust.test/p/aaaabbbbccccdddd")

    assert found.text == FRENCH.not_done
    assert len(found.findings) == 2
