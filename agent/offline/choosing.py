"""Answers to what we offered: a number, yes or no."""

from collections.abc import Sequence

from . import texts
from .menu import own_choices
from .outlook import Outlook
from .requests import pending_request
from .routing import Own, call_of, search
from .small_talk import accepts, choices_in, chosen_number, offers_person
from .steps import Call, Say, Step

_LOOK_BACK = 3  # exchanges


def steps_for_choice(outlook: Outlook) -> Sequence[Step]:
    """The steps for "2" or "oui" after a reply that offered something."""
    choices = _offered(outlook)
    number = chosen_number(outlook.talk.said)
    if number is not None and not choices and outlook.talk.said.strip(" .)").isdigit():
        return [Say(texts.ASK_YOUR_QUESTION(outlook.language))]
    if choices and number is not None:
        wanted = choices.get(number if number > 0 else max(choices))
        if wanted is None:
            return [Say(texts.CHOOSE_NUMBER(outlook.language))]
        return _chosen(wanted, outlook)
    if accepts(outlook.talk.said):
        has_choices = bool(choices_in(outlook.talk.last_reply))
        return _accepted(outlook, has_choices=has_choices)
    return []


def _offered(outlook: Outlook) -> dict[int, str]:
    """The choices that a number may still mean: of the last reply that had some."""
    for exchange in reversed(outlook.talk.past[-_LOOK_BACK:]):
        choices = choices_in(exchange.reply)
        if choices:
            return choices
    return {}


def _chosen(wanted: str, outlook: Outlook) -> Sequence[Step]:
    language = outlook.language
    if _is(texts.A_PERSON, wanted):
        return [_human()]
    if _is(texts.MENU_DOCUMENTS, wanted):
        return [Say(texts.ASK_YOUR_QUESTION(language))]
    if _is(texts.MENU_CHILDREN, wanted):
        is_open = outlook.is_verified
        return [Say(own_choices(outlook) if is_open else texts.ASK_CODE(language))]
    for known in outlook.known:
        if known.is_own and outlook.label(known).lower() == wanted.lower():
            return [call_of(Own(known=known, question="", name=None))]
    return [search(wanted)]


def _accepted(outlook: Outlook, *, has_choices: bool) -> Sequence[Step]:
    """Yes: to what was asked for before the code, or to a person."""
    if outlook.is_verified:
        request = pending_request(outlook)
        if request is not None:
            return [call_of(request)]
    if has_choices:
        return [Say(texts.CHOOSE_NUMBER(outlook.language))]
    if outlook.last and outlook.last.done == () and outlook.code_was_asked:
        return []
    if offers_person(outlook.talk.last_reply) and _said_yes(outlook):
        return [_human()]
    return []


def _said_yes(outlook: Outlook) -> bool:
    """Whether it is more than an "ok", which is no wish for a person."""
    return not outlook.talk.said.strip().lower().startswith("ok")


def _is(said: texts.Said, wanted: str) -> bool:
    return wanted in (said.fr, said.en)


def _human() -> Call:
    return Call(
        tool="hand_off_to_human",
        purpose="human",
        arguments={"reason": "Souhaite parler à une personne.", "urgent": False},
    )
