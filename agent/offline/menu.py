"""What can be done here, as numbered choices."""

from collections.abc import Sequence

from . import texts
from .outlook import Outlook


def menu_text(outlook: Outlook) -> str:
    """The choices of this contact, in this world."""
    language = outlook.language
    if outlook.is_admin:
        return texts.ADMIN_MENU(language)
    choices = [texts.MENU_DOCUMENTS(language)]
    if any(known.is_own for known in outlook.known):
        choices.append(texts.MENU_CHILDREN(language))
    choices.append(texts.A_PERSON(language))
    return numbered(texts.MENU_HEAD(language), choices)


def own_choices(outlook: Outlook) -> str:
    """What a parent with a proved code may see."""
    titles = [outlook.title(known) for known in outlook.known if known.is_own]
    return numbered(texts.CHOOSE_OWN(outlook.language), list(dict.fromkeys(titles)))


def numbered(head: str, choices: Sequence[str]) -> str:
    """A head line and its choices, each on a line with its number."""
    lines = [f"{number}. {text}" for number, text in enumerate(choices, start=1)]
    return "\n".join([head, *lines])
