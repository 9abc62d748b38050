"""What a message asks for: the steps that answer it, in order."""

from collections.abc import Callable, Sequence

from . import texts
from .admin import admin_steps
from .alarms import is_complaint, is_danger, is_insult, wants_human, wants_identity
from .choosing import steps_for_choice
from .codes import find_code
from .lexicon import word_set
from .menu import menu_text
from .outlook import Outlook
from .ownership import general_points
from .questions import (
    asks,
    asks_nothing,
    has_too_many_questions,
    introduces,
    is_gratitude,
)
from .requests import pending_request
from .routing import asks_for_missing_sibling, calls_for, own_requests
from .small_talk import (
    is_marker,
    is_voice,
    is_wordless,
    small_talk,
    without_markers,
    without_small_talk,
)
from .steps import Call, Offer, Say, Step
from .words import tokens

_REASON_CHARS = 200


def plan(outlook: Outlook) -> Sequence[Step]:
    """The steps of this turn. The same message and past give the same plan."""
    said = outlook.talk.said
    if is_danger(said):
        return [_hand_off(said, urgent=True)]
    if is_marker(said) and not without_markers(said):
        return [Say(_unreadable(said)(outlook.language))]
    for way in _WAYS:
        steps = way(outlook)
        if steps:
            return steps
    words = without_markers(said)
    calls = calls_for(words, outlook, is_verified=outlook.is_verified)
    return [*calls, *_rest_of(words, outlook)]


def _rest_of(said: str, outlook: Outlook) -> Sequence[Step]:
    """That what is beyond the questions answered at once should be asked again."""
    if not has_too_many_questions(said):
        return []
    return [Say(texts.ASK_REST_AGAIN(outlook.language))]


def _with_code(outlook: Outlook) -> Sequence[Step]:
    """A code: alone, it is checked; with a question, that is answered as well."""
    said = outlook.talk.said
    found = find_code(
        said, is_expected=outlook.code_is_awaited, shapes=outlook.code_shapes
    )
    if found is None or outlook.is_admin:
        return []
    verify = Call(
        tool="verify_parent_code", purpose="verify", arguments={"code": found.code}
    )
    rest = _without_code_talk(found.rest)
    if rest:
        asked = calls_for(rest, outlook, is_verified=True)
        worth = [call for call in asked if _is_worth_it(call, rest)]
        return [verify, *worth, *_rest_of(rest, outlook)]
    request = pending_request(outlook)
    if request is None:
        return [verify]
    return [verify, Offer(outlook.label(request.known))]


def _without_code_talk(rest: str) -> str:
    """What is left of a message beside "my code is": nothing, or a request."""
    bare = without_small_talk(rest)
    left = [w for w in tokens(bare) if w not in word_set("code_words")]
    return bare if left else ""


def _is_worth_it(call: Call, rest: str) -> bool:
    """Who presents themselves with their code has not asked anything yet."""
    if call.purpose != "search":
        return True
    return asks(rest)


def _to_a_person(outlook: Outlook) -> Sequence[Step]:
    said = outlook.talk.said
    if wants_identity(said):
        return [Say(texts.IDENTITY(outlook.language))]
    if wants_human(said) or is_complaint(said):
        return [_hand_off(said, urgent=False)]
    if is_insult(said):
        return [Say(texts.CALM(outlook.language))]
    return []


def _small(outlook: Outlook) -> Sequence[Step]:
    said = outlook.talk.said
    if is_wordless(said) and "?" in said:
        return [Say(texts.ASK_YOUR_QUESTION(outlook.language))]
    kind = small_talk(said) or ("thanks" if is_gratitude(said) else None)
    if kind is None:
        return []
    if kind == "menu":
        return [Say(menu_text(outlook))]
    is_first = not outlook.talk.past
    sentence = {
        "greetings": texts.GREETING if is_first else texts.GREETING_AGAIN,
        "thanks": texts.WELCOME,
        "goodbyes": texts.GOODBYE,
        "no": texts.DECLINED,
        "stop": texts.STOPPED,
    }.get(kind, texts.NOTED)
    return [Say(sentence(outlook.language))]


def _insisting(outlook: Outlook) -> Sequence[Step]:
    """Pressing for own rows without the code: kindly refused again."""
    said = outlook.talk.said
    if not outlook.code_was_asked or outlook.is_verified:
        return []
    if (
        asks(said)
        or general_points(said)
        or own_requests(said, outlook, is_verified=False)
    ):
        return []
    if pending_request(outlook) is None:
        return []
    return [Say(texts.STILL_NEEDS_CODE(outlook.language))]


def _nothing_asked(outlook: Outlook) -> Sequence[Step]:
    """Words without a question yet: "allo ?", "c'est la maman de…"."""
    said = without_small_talk(without_markers(outlook.talk.said))
    if asks_nothing(said) or introduces(said):
        return [Say(texts.ASK_YOUR_QUESTION(outlook.language))]
    return []


def _other_child(outlook: Outlook) -> Sequence[Step]:
    """A brother or sister whom nobody has registered: never the rows of the one."""
    said = without_markers(outlook.talk.said)
    if not outlook.is_verified or not asks_for_missing_sibling(said, outlook):
        return []
    return [Say(texts.ONLY_CHILD(outlook.language, name=outlook.children[0]))]


def _in_admin_mode(outlook: Outlook) -> Sequence[Step]:
    return admin_steps(outlook) if outlook.is_admin else []


_WAYS: tuple[Callable[[Outlook], Sequence[Step]], ...] = (
    _in_admin_mode,
    _with_code,
    steps_for_choice,
    _to_a_person,
    _small,
    _insisting,
    _nothing_asked,
    _other_child,
)


def _hand_off(said: str, *, urgent: bool) -> Call:
    return Call(
        tool="hand_off_to_human",
        purpose="human",
        arguments={"reason": said.strip()[:_REASON_CHARS], "urgent": urgent},
    )


def _unreadable(said: str) -> texts.Said:
    return texts.CANNOT_LISTEN if is_voice(said) else texts.CANNOT_SEE
