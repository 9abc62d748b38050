"""Each question to its tool: own rows, a public table, or the documents."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from .added_tools import arguments_from
from .arguments import arguments_for
from .children import Name, is_of_sibling, name_in, names_shown
from .lexicon import phrases, word_set
from .nearness import (
    by_meaning,
    is_of_documents,
    is_unlike,
    is_unlike_own,
    nearest_first,
)
from .outlook import Outlook
from .ownership import (
    Situation,
    has_kin,
    is_about_own,
    is_signed,
)
from .questions import (
    asks_where_we_are,
    completed,
    completed_beside,
    is_follow_up,
    is_in_last_answer,
    is_told,
    questions_in,
)
from .small_talk import without_small_talk
from .steps import Call
from .subjects import Known, Match, keys_of
from .words import persons_told, tokens, topic_words

_PARTS = re.compile(r"\s*(?:,|\bet\b|\band\b|\+|&|/)\s*", re.IGNORECASE)
_STOPS = re.compile(r"\s*[.!;]+\s+|\s*\n\s*")
_ENOUGH = 1.2  # score of a match by fields alone, when whose it is is clear
_MOSTLY = 0.6  # share of words that makes a mere naming a request
_NEARLY_ALL = 0.8  # and below it, documents that are far likelier are asked
_MOST_CALLS = 7  # of one message: with a code to check, no more are allowed
_BARE = 4  # words: "les notes svp" is too short for the encoder
_TOPICLESS = 0.5  # share of a question below which a match may be by chance


@dataclass(frozen=True, kw_only=True)
class Own:
    """A request for one's own rows: which, for which child, in which words."""

    known: Known
    question: str
    name: Name | None


def calls_for(text: str, outlook: Outlook, *, is_verified: bool) -> list[Call]:
    """The tools that answer a message, one or more for each of its questions."""
    calls: list[Call] = []
    before = ""  # the question before this one in the same message
    for question, said in _questions_with_what_is_told(text):
        own = own_in(question, outlook, is_verified=is_verified, said=said)
        calls.extend(
            [call_of(each) for each in own]
            or [_call_for_one(question, outlook, before=before, said=said)]
        )
        before = question
    kept = _without_twins(calls)[:_MOST_CALLS]
    return [replace(call, is_alone=len(kept) == 1) for call in kept]


def own_requests(text: str, outlook: Outlook, *, is_verified: bool) -> list[Own]:
    """What a message asks for that only its writer may see."""
    return [
        own
        for question, said in _questions_with_what_is_told(text)
        for own in own_in(question, outlook, is_verified=is_verified, said=said)
    ]


def _questions_with_what_is_told(text: str) -> list[tuple[str, str]]:
    """Each question; if there is one only, with all that the message says."""
    questions = [question.text for question in questions_in(text)]
    if len(questions) == 1:
        return [(questions[0], text)]
    return [(question, question) for question in questions]


def own_in(
    text: str, outlook: Outlook, *, is_verified: bool, said: str
) -> Sequence[Own]:
    """The own rows that one question asks for; more than one when it names several.

    `said`: the question and what is told around it.
    """
    name = name_in(text, outlook.children) or _sibling_spoken_of(text, outlook)
    situation = Situation(
        is_verified=is_verified,
        name=name,
        knows_children=bool(outlook.children),
        last_action=outlook.spoken_of,
        brings_code=outlook.brings_code,
    )
    other = _same_for_other_child(text, outlook, name)
    if other:
        return other
    if _goes_on_in_the_open(text, outlook, name):
        return ()
    ranked = outlook.subjects.ranked(text, name=name.written if name else "")
    found = [m for m in ranked if m.known.requires != "admin"]
    own = nearest_first(text, [m for m in found if m.known.is_own], outlook)
    is_match = bool(own) and _is_match(own[0], outlook)
    is_bare = is_match and own[0].share >= _MOSTLY and len(tokens(text)) <= _BARE
    is_all = is_match and own[0].share >= _NEARLY_ALL
    is_elsewhere = not is_bare and any(
        is_unlike_own(each, outlook, name, is_all=is_all)
        for each in (text, without_small_talk(said))
    )
    # Of the words of "my daughter's marks" none is left over: not even documents that
    # tell how marks are shown are asked.
    is_partly = is_match and not is_all and not outlook.brings_code
    is_partly = is_partly and not (name and name.is_known)
    is_elsewhere = is_elsewhere or (is_partly and is_of_documents(text, outlook))
    if not is_match or not is_about_own(text, own[0], situation) or is_elsewhere:
        near = by_meaning(text, outlook, name)
        return [Own(known=near, question=text, name=name)] if near else ()
    if not found[0].known.is_own and found[0].names_it:
        return ()  # open to everybody, and nearer
    wanted = _each_named(text, own, outlook, name.written if name else "")
    if len(wanted) == 1 and own[0].share < _MOSTLY and is_told(text):
        return ()
    child = name or _child_spoken_of(text, outlook)
    return [
        Own(
            known=known,
            question=text,
            name=name_in(part, outlook.children) or child if part != text else child,
        )
        for known, part in wanted
    ]


def call_of(own: Own) -> Call:
    """The call that answers a request for own rows."""
    arguments = arguments_for(own.known, own.question, own.name)
    return Call(
        tool=own.known.action.name,
        purpose="rows",
        arguments=arguments,
        question=own.question,
    )


def search(query: str, question: str = "") -> Call:
    """A search of the documents."""
    return Call(
        tool="search_documents",
        purpose="search",
        arguments={"query": query},
        question=question or query,
    )


def _call_for_one(text: str, outlook: Outlook, *, before: str, said: str) -> Call:
    public = _public(text, outlook)
    if public is not None:
        return call_of(Own(known=public, question=text, name=None))
    last = _last_public(outlook)
    if last is not None and not before and is_follow_up(text):
        return call_of(Own(known=last, question=text, name=None))
    added = _added(text, outlook)
    if added is not None:
        return added
    if asks_where_we_are(text):
        return search("adresse" if outlook.language == "fr" else "address", text)
    told = _in_one(said)
    if tokens(told) != tokens(text):
        return search(told, text)
    if before and is_follow_up(text):
        return search(completed_beside(text, before), text)
    if not before and _leans_on_last(text, outlook):
        return search(completed(text, outlook.last_question, outlook.last), text)
    return search(text)


def _in_one(said: str) -> str:
    """What is told and the question that it leads to, as one sentence.

    "We cannot find our code. How do we get a new one?": the question alone says nothing.
    """
    return _STOPS.sub(", ", without_small_talk(said))


def _added(text: str, outlook: Outlook) -> Call | None:
    """The tool that no rule knows, when the question asks for it."""
    known = outlook.subjects.by_name.keys()
    tool = outlook.added.asked_for(text, outlook.tools, known=known)
    if tool is None:
        return None
    arguments = arguments_from(tool, text)
    return Call(tool=tool.name, purpose="added", arguments=arguments, question=text)


def _leans_on_last(text: str, outlook: Outlook) -> bool:
    """Whether a question needs the one before it to be understood."""
    last = outlook.last
    if last is None or not outlook.last_question:
        return False
    return is_follow_up(text) or is_in_last_answer(text, last)


def _is_match(match: Match, outlook: Outlook) -> bool:
    if not match.has_content and match.share <= _TOPICLESS:
        return False
    if outlook.brings_code and match.has_content and match.share >= _TOPICLESS:
        return True
    return match.names_it or match.score >= _ENOUGH


def _goes_on_in_the_open(text: str, outlook: Outlook, name: Name | None) -> bool:
    """Whether it goes on about what anybody may read: "et l'acompte ?"."""
    done = outlook.last.done if outlook.last else ()
    is_of_documents = all(d.tool == "search_documents" for d in done)
    is_open = is_of_documents or _last_public(outlook) is not None
    is_own = is_signed(text) or (name is not None and name.is_sure)
    return bool(done) and is_open and not is_own and is_follow_up(text)


def _last_public(outlook: Outlook) -> Known | None:
    """The action that is open to everybody, if one was all of the last answer."""
    done = outlook.last.done if outlook.last else ()
    known = outlook.subjects.by_name.get(done[0].tool) if len(done) == 1 else None
    return known if known and known.requires is None else None


def _each_named(
    text: str, own: Sequence[Match], outlook: Outlook, name: str
) -> list[tuple[Known, str]]:
    """The actions that a question names side by side, each with its own words."""
    subjects: dict[str, tuple[Known, str]] = {}
    for part in _PARTS.split(text):
        # "Mon livre, je le rends quand": when is asked of the book, names no timetable.
        named = _named_in(part, own) or _matched_in(part, outlook, name)
        if named:
            subjects.setdefault(named.action.name, (named, part))
    return list(subjects.values()) if len(subjects) > 1 else [(own[0].known, text)]


def _named_in(part: str, own: Sequence[Match]) -> Known | None:
    words = set(tokens(part)).difference(phrases("asks_openly"))
    return next(
        (m.known for m in own if m.names_it and _names(m.known, words)),
        None,
    )


def _matched_in(part: str, outlook: Outlook, name: str) -> Known | None:
    """The action that a part asks for with words of its details: "le prof, c qui"."""
    ranked = outlook.subjects.ranked(part, name=name)
    if not ranked or not ranked[0].known.is_own or not ranked[0].has_content:
        return None
    is_clear = ranked[0].score >= _ENOUGH and ranked[0].share >= _TOPICLESS
    return ranked[0].known if is_clear else None


def _names(known: Known, words: set[str]) -> bool:
    return not known.heads.isdisjoint(keys_of(words))


def _same_for_other_child(
    text: str, outlook: Outlook, name: Name | None
) -> Sequence[Own]:
    """The same rows as just before, for another child: "et Benoît ?"."""
    last = outlook.last_own
    asked = outlook.last.done if outlook.last else ()
    if name is None or last is None or last not in asked:
        return ()
    if not (is_follow_up(text) or is_of_sibling(text)):
        return ()
    beside = set(tokens(name.written)) | word_set("kin") | word_set("ordinals")
    beside |= word_set("siblings")
    if not beside.issuperset(topic_words(text)):
        return ()
    known = outlook.subjects.by_name[last.tool]
    return [Own(known=known, question=text, name=name)]


def _sibling_spoken_of(text: str, outlook: Outlook) -> Name | None:
    """The other of two children, when rows of the one were just shown."""
    last = outlook.last_own
    if last is None or len(outlook.children) != 2 or not is_of_sibling(text):
        return None
    shown = set(names_shown(last, outlook.subjects)) & set(outlook.children)
    others = [child for child in outlook.children if child not in shown]
    return Name(others[0], is_sure=True, is_known=True) if len(others) == 1 else None


def asks_for_missing_sibling(text: str, outlook: Outlook) -> bool:
    """Whether rows of a brother or sister are wanted where only one child is known."""
    if len(outlook.children) != 1 or not is_of_sibling(text):
        return False
    # "et son frère ?" names no rows: those of the request before are meant.
    is_after_rows = outlook.last is not None and outlook.last_own in outlook.last.done
    is_bare = word_set("siblings").issuperset(topic_words(text))
    return (is_after_rows and is_bare) or bool(
        own_requests(text, outlook, is_verified=True)
    )


def _child_spoken_of(text: str, outlook: Outlook) -> Name | None:
    """The child of the request before, when this one says "his" or "her"."""
    last = outlook.last_own
    words = persons_told(tokens(text))
    if last is None or not last.result.get("rows") or has_kin(words):
        return None
    if word_set("his").isdisjoint(words):
        return None
    parameter = outlook.subjects.by_name[last.tool].child_parameter
    written = last.arguments.get(parameter or "")
    return Name(str(written), is_sure=True) if written else None


def _public(text: str, outlook: Outlook) -> Known | None:
    """The open action that a question names, if one does."""
    ranked = outlook.subjects.ranked(text)
    for match in ranked[:1]:
        known = match.known
        if known.requires is None and match.names_it and outlook.is_open(known):
            is_meant = match.share >= _TOPICLESS and not is_unlike(text, match, outlook)
            return known if is_meant else None
    return None


def _without_twins(calls: Sequence[Call]) -> list[Call]:
    kept: list[Call] = []
    for call in calls:
        twins = [c for c in kept if c.tool == call.tool]
        if all(dict(c.arguments) != dict(call.arguments) for c in twins):
            kept.append(call)
    return kept
