"""A child in danger and a wish for a person are heard; everyday words are not."""

import pytest

from agent.offline.alarms import (
    is_complaint,
    is_danger,
    is_insult,
    wants_human,
    wants_identity,
)


@pytest.mark.parametrize(
    "said",
    [
        "il me frappe",
        "son oncle la frappe tous les soirs",
        "mon oncle me frappe quand je demande de l'argent",
        "il touche ma fille pour de l'argent",
        "il la frappe depuis combien de temps, je ne sais pas",
        "on le tape avec une machine",
        "son père la frappe à cause de la lettre",
        "un adulte a fait des attouchements",
        "atouchements sur une fille",
        "mon fils a disparu",
        "ma fille est pas rentrée après la séance",
        "on la trouve nulle part depuis 2h",
        "j'ai perdu mon fils au marché",
        "mon garçon de 12 ans di kil ve mourir",
        "elle parle de suicide",
        "ma fille est maltraitée",
        "on tape les enfants pendant le cours",
        "Mon fils m'a dit qu'un monsieur l'a touché",
        "un homme a essayé de toucher ma fille",
        "le prof bat mon fils",
        "someone touched my daughter",
        "my son is missing",
        "le cours est fini, mon fils est pas là, personne sait où il est",
        "je sais pas ou elle est, ma fille devait rentrer a 17h",
        "I can't find my daughter",
        "he hits me",
        "my child is being abused",
        "he wants to kill himself",
    ],
)
def test_danger_is_heard(said: str) -> None:
    assert is_danger(said)


@pytest.mark.parametrize(
    "said",
    [
        "la retraite c'est quand",
        "la mort de Jésus",
        "le baptême par immersion",
        "elle est absente samedi",
        "mon fils a perdu son livret",
        "ma fille a perdu son code",
        "my son lost his book",
        "jai perdu le code de ma famille",
        "le cours de violon de ma fille",
        "ça me touche beaucoup",
        "il joue du tambour et frappe fort",
        "je tape mon code où ?",
        "j'ai touché 10000 francs",
        "je n'ai pas trouvé ma fille dans la liste",
        "le match de basket de mon fils",
        "elle a une robe violette",
        "le livret de ma fille est pret ? je sais pas ou il faut le prendre",
        "le secretariat je sais pas ou il est",
        "Les catéchistes touchent combien par mois ?",
        "la letre pr leveque el peu la tapé sur ordi ou bien",
    ],
)
def test_everyday_words_are_no_alarm(said: str) -> None:
    assert not is_danger(said)


@pytest.mark.parametrize(
    "said",
    [
        "humain",
        "umain",
        "human",
        "agent",
        "je veux parler à un humain",
        "je ve parlé a kelkun svp, une vrai persone",
        "merci bcp. je veux parler a un humain svp, c pour la retraite",
        "passez moi la secrétaire",
        "je peux parler au responsable ?",
        "rappelez moi",
        "je souhaite être mis en contact avec une personne",
        "can I talk to a real person please",
        "je veux une vraie personne, pas un robot",
        "humain svp, g un souci avec le paiement",
        "un humain, j'ai un souci quand je paye",
        "human, I have an issue",
        "bonjour\nhumain, c'est pour le reçu",
        "passé moi kelkun de chez vous svp",
        "passe moi un responsable",
    ],
)
def test_a_wish_for_a_person_is_heard(said: str) -> None:
    assert wants_human(said)
    assert not wants_identity(said)


@pytest.mark.parametrize(
    "said",
    [
        "c'est qui la personne responsable ? juste son nom",
        "le numéro du responsable",
        "la responsable reçoit quel jour ?",
        "quand puis-je parler à la responsable ?",
        "comment joindre le secrétariat",
        "une personne peut-elle venir chercher mon enfant",
        "la personne qui passe quand ?",
        "passez-moi le numéro du responsable",
    ],
)
def test_a_question_about_persons_is_no_wish_for_one(said: str) -> None:
    assert not wants_human(said)


def test_who_asks_whether_we_are_a_machine_wants_to_know() -> None:
    assert wants_identity("c un robot ou une vraie personne ki repond ?")
    assert wants_identity("are you a bot?")


def test_anger_is_told_from_a_question() -> None:
    assert is_complaint("c'est inadmissible")
    assert is_insult("vous etes nuls bande d'imbeciles")
    assert not is_complaint("c'est combien ?")
    assert not is_insult("c'est combien ?")
