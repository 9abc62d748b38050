"""What the built-in model says, in French and English, side by side."""

from dataclasses import dataclass
from typing import Literal

Language = Literal["fr", "en"]


@dataclass(frozen=True)
class Said:
    """One sentence in both languages; `{name}` is filled in by the caller."""

    fr: str
    en: str

    def __call__(self, language: Language, **values: object) -> str:
        """The sentence in a language, with its values."""
        template = self.en if language == "en" else self.fr
        return template.format(**values)


GREETING = Said(
    "Bonjour et bienvenue ! Je réponds à vos questions sur nos activités, et je peux"
    " vous montrer ce qui concerne vos enfants. Que souhaitez-vous savoir ?\n"
    "Écrivez « menu » pour voir les choix.",
    "Hello and welcome! I answer your questions about our activities, and I can show"
    " you what concerns your children. What would you like to know?\n"
    "Write “menu” to see the choices.",
)
GREETING_AGAIN = Said(
    "Bonjour ! Que puis-je faire pour vous ?",
    "Hello! What can I do for you?",
)
IDENTITY = Said(
    "Je suis un assistant automatique, un programme : je peux me tromper, et je vous le"
    " dis quand je ne sais pas. Pour parler à une personne de l'équipe, écrivez"
    " « humain ».",
    "I am an automatic assistant, a program: I can be wrong, and I tell you when I do"
    " not know. To talk to a person of the team, write “human”.",
)
WELCOME = Said(
    "Avec plaisir ! N'hésitez pas si vous avez une autre question.",
    "You are welcome! Please write again if you have another question.",
)
GOODBYE = Said(
    "Au revoir et à bientôt !",
    "Goodbye, and see you soon!",
)
NOTED = Said(
    "Très bien. Je reste à votre disposition.",
    "Very well. I am here if you need anything else.",
)
DECLINED = Said(
    "C'est entendu. Je reste à votre disposition si vous avez une autre question.",
    "All right. I am here if you have another question.",
)
STOPPED = Said(
    "C'est entendu, je m'arrête là. Écrivez-moi quand vous voulez.",
    "Understood, I stop here. Write to me whenever you like.",
)
MENU_HEAD = Said(
    "Voici ce que je peux faire pour vous. Répondez par un numéro, ou posez"
    " simplement votre question :",
    "Here is what I can do for you. Reply with a number, or simply ask your question:",
)
MENU_DOCUMENTS = Said(
    "Une question générale (dates, tarifs, inscriptions…)",
    "A general question (dates, fees, registration…)",
)
MENU_CHILDREN = Said(
    "Les informations sur vos enfants (avec le code parent)",
    "Information about your children (with the parent code)",
)
A_PERSON = Said(
    "Parler à une personne de l'équipe",
    "Talk to a person of the team",
)
ASK_YOUR_QUESTION = Said(
    "Je vous écoute : posez votre question avec vos mots.",
    "I am listening: ask your question in your own words.",
)
CHOOSE_OWN = Said(
    "Que souhaitez-vous voir ? Répondez par un numéro :",
    "What would you like to see? Reply with a number:",
)
CHOOSE_NUMBER = Said(
    "Lequel de ces choix, s'il vous plaît ? Répondez par son numéro, ou reformulez"
    " votre question.",
    "Which of these choices, please? Reply with its number, or ask in other words.",
)
ASK_CODE = Said(
    "Pour protéger les enfants, j'ai besoin de votre code parent avant de vous montrer"
    " ces informations. Pouvez-vous me l'envoyer, s'il vous plaît ?\n"
    "Si vous ne l'avez pas, écrivez « humain » : une personne de l'équipe vous aidera.",
    "To protect the children, I need your parent code before I can show you this."
    " Could you send it to me, please?\n"
    "If you do not have it, write “human”: a person of the team will help you.",
)
STILL_NEEDS_CODE = Said(
    "Je comprends, mais je ne peux rien montrer sur un enfant sans le code parent :"
    " c'est ce qui protège chaque famille. Si vous ne l'avez pas sous la main, écrivez"
    " « humain » et une personne de l'équipe vous aidera.",
    "I understand, but I cannot show anything about a child without the parent code:"
    " it protects every family. If you do not have it at hand, write “human” and a"
    " person of the team will help you.",
)
CODE_OK = Said(
    "Merci, votre code est confirmé.",
    "Thank you, your code is confirmed.",
)
CODE_OK_NAMED = Said(
    "Merci {name}, votre code est confirmé.",
    "Thank you {name}, your code is confirmed.",
)
OFFER_ACTION = Said(
    "Répondez « oui » pour voir {what}.",
    "Reply “yes” to see {what}.",
)
CODE_WRONG = Said(
    "Je ne reconnais pas ce code. Pouvez-vous le vérifier et me l'envoyer de nouveau,"
    " s'il vous plaît ? Sinon, écrivez « humain ».",
    "I do not recognise this code. Could you check it and send it again, please?"
    " Otherwise, write “human”.",
)
CODE_LOCKED = Said(
    "Plusieurs codes n'étaient pas bons : par sécurité, je ne peux plus en vérifier"
    " pendant {minutes} minutes. Vous pouvez réessayer ensuite, ou écrire « humain ».",
    "Several codes were not right: for safety, I cannot check any for {minutes}"
    " minutes. You can try again later, or write “human”.",
)
CODE_NOT_TAKEN = Said(
    "Je n'ai pas pu vérifier ce code. Écrivez « humain » si vous voulez qu'une"
    " personne de l'équipe vous aide.",
    "I could not check this code. Write “human” if you want a person of the team to"
    " help you.",
)
NOTHING_THERE = Said(
    "{what} : rien n'est enregistré pour le moment.",
    "{what}: nothing is recorded for now.",
)
NOTHING_FOUND = Said("Je n'ai rien trouvé.", "I found nothing.")
YES = Said("oui", "yes")
NO = Said("non", "no")
NOT_YOUR_CHILD = Said(
    "Je ne trouve pas ce prénom parmi vos enfants. Je peux répondre pour : {names}.",
    "I do not find this first name among your children. I can answer for: {names}.",
)
NOT_ALLOWED = Said(
    "Je ne peux pas répondre à cette demande. Souhaitez-vous qu'une personne de"
    " l'équipe vous aide ? Écrivez « humain ».",
    "I cannot answer this request. Would you like a person of the team to help you?"
    " Write “human”.",
)
UNAVAILABLE = Said(
    "Je n'arrive pas à lire ces informations en ce moment. Réessayez dans quelques"
    " minutes, ou écrivez « humain ».",
    "I cannot read this information right now. Please try again in a few minutes, or"
    " write “human”.",
)
NOT_WRITTEN = Said(
    "Je n'ai pas trouvé la réponse dans nos documents, et je préfère ne rien inventer.",
    "I did not find the answer in our documents, and I would rather not invent one.",
)
NEAREST = Said(
    "Voici ce qui s'en approche. Répondez par un numéro :",
    "Here is what comes near. Reply with a number:",
)
NOT_SURE = Said(
    "Je n'ai pas trouvé de réponse certaine. Voici le passage le plus proche de nos"
    " documents :",
    "I did not find a sure answer. Here is the nearest passage of our documents:",
)
NOT_SURE_OF_SEVERAL = Said(
    "Je n'ai pas trouvé de réponse certaine. Voici ce qui s'en approche le plus dans"
    " nos documents :",
    "I did not find a sure answer. Here is what comes nearest in our documents:",
)
READ_ON = Said(
    "Répondez par un numéro pour lire la suite ou joindre une personne.",
    "Reply with a number to read on or to reach a person.",
)
IF_NOT = Said(
    "Si ce n'est pas ce que vous cherchez, dites-le-moi autrement, ou écrivez"
    " « humain » : une personne de l'équipe vous répondra.",
    "If this is not what you are looking for, put it another way, or write “human”:"
    " a person of the team will answer you.",
)
OWN_WITH_CODE = Said(
    "S'il s'agit de votre enfant, envoyez-moi votre code parent : je pourrai vous"
    " montrer {what}.",
    "If it is about your own child, send me your parent code: I can then show you"
    " {what}.",
)
OFFER_PERSON = Said(
    "Souhaitez-vous parler à une personne de l'équipe ? Écrivez « humain ».",
    "Would you like to talk to a person of the team? Write “human”.",
)
PAST_YEAR = Said(
    "Attention, ce document concerne une année passée ({year}) : cela a pu changer.",
    "Please note: this document is about a past year ({year}); it may have changed.",
)
SOURCE = Said("— {title}", "— {title}")
SOURCE_DATED = Said("— {title}, mis à jour le {date}", "— {title}, updated on {date}")
SOURCE_LINKED = Said("{source} : {link}", "{source}: {link}")
ASK_REST_AGAIN = Said(
    "Pour vos autres questions, écrivez-les-moi à nouveau, s'il vous plaît : je n'en"
    " traite que quelques-unes à la fois.",
    "For your other questions, please write them to me again: I answer only a few at"
    " a time.",
)
ONLY_CHILD = Said(
    "Aucun autre enfant n'est enregistré pour ce code : je peux vous répondre pour"
    " {name}. Si un enfant manque, écrivez « humain ».",
    "No other child is registered for this code: I can answer for {name}. If a child"
    " is missing, write “human”.",
)
HANDED_OFF = Said(
    "J'ai transmis votre demande (n° {number}) à l'équipe. Une personne vous répondra"
    " ici, dans cette conversation.",
    "I have passed on your request (no. {number}) to the team. A person will answer"
    " you here, in this conversation.",
)
ALREADY_HANDED_OFF = Said(
    "Votre demande (n° {number}) est bien connue de l'équipe. Une personne vous"
    " répondra ici, dans cette conversation.",
    "Your request (no. {number}) is known to the team. A person will answer you here,"
    " in this conversation.",
)
HANDED_OFF_URGENT = Said(
    "Merci de m'en avoir parlé, vous avez bien fait. J'ai transmis votre message à"
    " l'équipe comme urgent (demande n° {number}) : une personne va vous répondre ici."
    "\nS'il y a un danger immédiat, appelez tout de suite les secours.",
    "Thank you for telling me, you did the right thing. I have passed on your message"
    " to the team as urgent (request no. {number}): a person will answer you here."
    "\nIf there is immediate danger, call the emergency services right now.",
)
NOT_HANDED_OFF = Said(
    "Je n'arrive pas à joindre l'équipe en ce moment. Réessayez dans quelques minutes,"
    " s'il vous plaît.",
    "I cannot reach the team right now. Please try again in a few minutes.",
)
NOT_HANDED_OFF_URGENT = Said(
    "Je n'arrive pas à joindre l'équipe en ce moment. S'il y a un danger, appelez tout"
    " de suite les secours, puis réécrivez-moi.",
    "I cannot reach the team right now. If there is danger, call the emergency"
    " services at once, then write to me again.",
)
CALM = Said(
    "Je suis désolé que cela ne se passe pas comme vous le souhaitez. Je peux chercher"
    " une réponse, ou demander à une personne de l'équipe : écrivez « humain ».",
    "I am sorry that this is not going as you wish. I can look for an answer, or ask"
    " a person of the team: write “human”.",
)
CANNOT_LISTEN = Said(
    "Je ne peux pas encore écouter les messages vocaux. Pouvez-vous m'écrire votre"
    " question ? Sinon, écrivez « humain » et une personne de l'équipe l'écoutera.",
    "I cannot listen to voice messages yet. Could you write your question? Otherwise,"
    " write “human” and a person of the team will listen to it.",
)
CANNOT_SEE = Said(
    "Je ne peux pas encore ouvrir ce que vous m'avez envoyé. Pouvez-vous m'écrire votre"
    " question ? Sinon, écrivez « humain » et une personne de l'équipe le regardera.",
    "I cannot open what you sent me yet. Could you write your question? Otherwise,"
    " write “human” and a person of the team will look at it.",
)
PAGE_MADE = Said(
    "La page est publiée : {link}\nElle restera visible jusqu'au {until}.",
    "The page is published: {link}\nIt stays visible until {until}.",
)
PEOPLE_NONE = Said(
    "Je n'ai trouvé personne.",
    "I found nobody.",
)
PEOPLE_PERHAPS = Said(
    "Je n'ai trouvé personne exactement. Peut-être :",
    "I found nobody exactly. Perhaps:",
)
PEOPLE_FOUND = Said("Trouvé ({count}) :", "Found ({count}):")
ROWS_FOUND = Said("Table {table}, lignes : {count}", "Table {table}, rows: {count}")
ROWS_MORE = Said("… et {more} de plus.", "… and {more} more.")
TABLES_OPEN = Said(
    "Les tables que je peux lire sont : {tables}.",
    "The tables I can read are: {tables}.",
)
FIELDS_OPEN = Said(
    "Les champs que je peux lire sont : {fields}.",
    "The fields I can read are: {fields}.",
)
WHICH_TABLE = Said(
    "Quelle table souhaitez-vous lire ? Écrivez par exemple « table » et son nom.",
    "Which table would you like to read? Write for example “table” and its name.",
)
HANDOFFS_NONE = Said(
    "Aucune demande n'attend de réponse.",
    "No request is waiting for an answer.",
)
WAITING = Said("en attente", "waiting")
CLAIMED = Said("prise en charge", "claimed")
ON_SITE = Said("le site", "the site")
HANDOFFS_SOME = Said("Demandes ouvertes ({count}) :", "Open requests ({count}):")
PAGE_HOW = Said(
    "Pour publier une page, écrivez : « publie une page Titre : texte de la page ».",
    "To publish a page, write: “publish a page Title: text of the page”.",
)
ADMIN_MENU = Said(
    "Vous pouvez : « cherche » et un nom ; « table » et son nom ; « demandes en"
    " attente » ; « publie une page Titre : texte » ; ou poser une question sur les"
    " documents.",
    "You can write: “find” and a name; “table” and its name; “waiting requests”;"
    " “publish a page Title: text”; or ask a question about the documents.",
)
