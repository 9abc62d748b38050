"""What an admin asks for in super-admin mode."""

import re
from collections.abc import Sequence

from tools.folding import fold
from tools.folding import words as words_of

from . import texts
from .lexicon import phrases, word_set
from .outlook import Outlook
from .small_talk import small_talk, without_small_talk
from .steps import Call, Say, Step
from .tables import table_call
from .words import has_one_of, spoken

_QUOTED_PAGE = re.compile(
    r"[«\"“](?P<title>[^»\"”]+)[»\"”]\s*:?\s*(?P<body>.+)", re.DOTALL
)
_PLAIN_PAGE = re.compile(
    r"\bpages?\b\s*(?P<title>[^:\n]+?)\s*[:\n]\s*(?P<body>.+)", re.S | re.I
)


def admin_steps(outlook: Outlook) -> Sequence[Step]:
    """The tool of super-admin mode that a message names, if it does."""
    said = without_small_talk(outlook.talk.said)
    if small_talk(outlook.talk.said) is not None or not said:
        return []
    return (
        _page(outlook.talk.said, outlook)  # as written: its lines are part of it
        or _handoffs(said)
        or _find(said)
        or table_call(said, outlook)
        or []
    )


def _page(said: str, outlook: Outlook) -> Sequence[Step]:
    words = set(words_of(said))
    if "page" not in words or words.isdisjoint(word_set("admin", "make")):
        return []
    match = _QUOTED_PAGE.search(said) or _PLAIN_PAGE.search(said)
    if match is None or small_talk(match["body"]) is not None:
        return [Say(texts.PAGE_HOW(outlook.language))]
    arguments = {
        "title": match["title"].strip(),
        "body_markdown": match["body"].strip(),
    }
    return [Call(tool="create_temporary_page", purpose="admin", arguments=arguments)]


def _handoffs(said: str) -> Sequence[Step]:
    words = set(words_of(said))
    asked = words & word_set("admin", "requests")
    waiting = words & word_set("admin", "waiting")
    who = words & {"qui", "who"} and words & word_set("admin", "who_waits")
    if who or (asked and (waiting or len(words) == len(asked))):
        return [Call(tool="list_handoffs", purpose="admin")]
    return []


def _find(said: str) -> Sequence[Step]:
    if not has_one_of(spoken(said), phrases("admin", "find")):
        return []
    verbs = {word for phrase in phrases("admin", "find") for word in phrase.split()}
    kept = [
        piece
        for piece in re.findall(r"[\w'’+-]+", said)
        if fold(piece) not in word_set("admin", "not_a_name")
        and fold(piece) not in verbs
    ]
    if not kept:
        return []
    arguments = {"words": " ".join(kept)}
    return [Call(tool="find_people", purpose="admin", arguments=arguments)]
