"""What the house itself says to a person, in French and English, in one place."""

from dataclasses import dataclass

from .language import Language


@dataclass(frozen=True, kw_only=True)
class Texts:
    """The sentences of one language."""

    admin_on: str
    admin_off: str
    stopped: str
    too_slow: str
    no_reply: str
    not_done: str
    looking: str
    reduced: str
    parked_reason: str  # for staff


FRENCH = Texts(
    admin_on=(
        "Mode super-administrateur activé. Vous pouvez chercher une personne, lire une"
        " table, voir les demandes en attente ou publier une page. Écrivez « quitter »"
        " pour en sortir."
    ),
    admin_off="Vous avez quitté le mode super-administrateur.",
    stopped=(
        "C'est entendu, je m'arrête là et j'oublie votre code. Écrivez-moi quand vous"
        " voulez, je serai là."
    ),
    too_slow=(
        "Je suis désolé, je n'ai pas pu répondre à temps. Vous pouvez reposer votre"
        " question, ou écrire « humain » pour parler à une personne de l'équipe."
    ),
    no_reply=(
        "Je suis désolé, je rencontre une difficulté technique et je n'ai pas pu vous"
        " répondre. Votre message est conservé : une personne de l'équipe le verra."
    ),
    not_done=(
        "Je n'ai encore rien transmis. Souhaitez-vous que je demande à une personne de"
        " l'équipe de vous répondre ? Écrivez « humain »."
    ),
    looking="Je regarde, un instant…",
    reduced=(
        "ℹ️ Je fonctionne en mode réduit pour le moment : mes réponses sont plus"
        " simples que d'habitude."
    ),
    parked_reason="Le concierge n'a pas pu répondre (difficulté technique).",
)

ENGLISH = Texts(
    admin_on=(
        "Super-admin mode is on. You can find a person, read a table, see the waiting"
        " requests or publish a page. Write “quitter” to leave."
    ),
    admin_off="You have left super-admin mode.",
    stopped=(
        "Understood, I stop here and forget your code. Write to me whenever you like."
    ),
    too_slow=(
        "I am sorry, I could not answer in time. Please ask again, or write “human” to"
        " reach a person of the team."
    ),
    no_reply=(
        "I am sorry, I have a technical difficulty and could not answer you. Your"
        " message is kept: a person of the team will see it."
    ),
    not_done=(
        "I have not passed anything on yet. Shall I ask a person of the team to answer"
        " you? Write “human”."
    ),
    looking="Let me look, one moment…",
    reduced=(
        "ℹ️ I am running in reduced mode for the moment: my answers are simpler than"
        " usual."
    ),
    parked_reason="Le concierge n'a pas pu répondre (difficulté technique).",
)


def in_language(language: Language) -> Texts:
    """The sentences of a language."""
    return ENGLISH if language == "en" else FRENCH
