"""Whether a question is about the writer's own child, or about everybody."""

import re
from collections.abc import Set
from dataclasses import dataclass
from itertools import pairwise

from tools.folding import stem

from .children import Name
from .lexicon import is_personal, phrases, subjects_of, subjects_spelt, word_set
from .subjects import Match
from .words import has_one_of, has_phrase, persons_told, spoken, tokens

_GROUP = re.compile(r"\b\d{1,2}[a-df]\b")
_LEVEL = re.compile(
    r"\b(?:\d{1,2}(?:e|er|re|eme|ere|nd|rd|th|st)|first|second|third)\b"
)
_PRONOUNS = frozenset({"il", "elle", "ils", "elles", "he", "she"})
_POINTS = 2  # of one clear sign
_GENERAL_POINTS = 3  # asking for a rule outweighs naming one's child
_BARE = 0.99  # share of a question that is nothing but the subject


@dataclass(frozen=True, kw_only=True)
class Situation:
    """What is known besides the question itself."""

    is_verified: bool
    name: Name | None
    knows_children: bool  # the first names of the writer's own are known
    last_action: str | None  # the own rows that were spoken of just before
    brings_code: bool = False  # in the same message: that says whose


def is_about_own(text: str, match: Match, situation: Situation) -> bool:
    """Whether this question asks for one's own rows of the matched action."""
    if asks_openly(text) and not has_sign(text, match, situation):
        return False
    own = own_points(text, match, situation)
    general = general_points(text, but=match.known.heads)
    general += _POINTS * asks_for_more(text, match)
    if not general and _is_bare(match, situation):
        own += _POINTS
    return own >= _POINTS and own > general


def asks_openly(text: str) -> bool:
    """Whether it is a question that anybody may ask: "quel", "combien", "who"."""
    return has_one_of(spoken(text), phrases("asks_openly"))


def has_sign(text: str, match: Match, situation: Situation) -> bool:
    """Whether anything says that a question is about the writer's own child."""
    if situation.is_verified and situation.last_action == match.known.action.name:
        return True
    words = persons_told(spoken(text).split())
    is_of_pronoun = situation.is_verified and not _PRONOUNS.isdisjoint(words)
    return (
        _is_said_by_code(match, situation)
        or is_of_pronoun
        or is_signed(text)
        or _is_ones_own(words, match)
        or _names_own_child(match, situation)
    )


def is_signed(text: str) -> bool:
    """Whether the words themselves say that it is one's own: "mon fils", "ses notes"."""
    said = spoken(text)
    words = persons_told(said.split())
    return (
        has_kin(words)
        or _has_possessive(words, "his")
        or _has_possessive(words, "my")
        or has_one_of(said, phrases("mine"))
        or has_one_of(said, phrases("for_oneself"))
    )


def _is_said_by_code(match: Match, situation: Situation) -> bool:
    """Whether the code says whose: of a date alone ("la rentrée, quand") it does not."""
    return situation.brings_code and match.has_content


def is_of_the_house_only(text: str) -> bool:
    """Whether it asks what the house itself does: "combien payez-vous les profs"."""
    is_said_of_us = not word_set("of_us").isdisjoint(tokens(text))
    return is_said_of_us and asks_openly(text) and not is_signed(text)


def _names_own_child(match: Match, situation: Situation) -> bool:
    """Whether a name is a child's: groups and places have names as well."""
    name = situation.name
    if name is None:
        return False
    if name.is_known or (situation.is_verified and not situation.knows_children):
        return name.is_sure or name.is_beside_subject
    return name.is_beside_subject and _is_personal(match)


def asks_for_more(text: str, match: Match) -> bool:
    """Whether a time, a place or a price is asked for that the rows do not hold."""
    words = set(tokens(text))
    known = match.known
    return (
        (not known.tells_when and not words.isdisjoint(word_set("asks_when")))
        or (not known.tells_where and not words.isdisjoint(word_set("asks_where")))
        or (not known.tells_price and not words.isdisjoint(word_set("asks_price")))
    )


def _is_bare(match: Match, situation: Situation) -> bool:
    """Whether a question is nothing but the subject: "les notes svp"."""
    is_all = match.share >= _BARE and match.has_content
    return is_all and (situation.is_verified or _is_personal(match))


def own_points(text: str, match: Match, situation: Situation) -> int:
    """How much speaks for the writer's own child."""
    said = spoken(text)
    words = persons_told(said.split())
    points = 0
    points += _POINTS * has_kin(words)
    points += _POINTS * _has_possessive(words, "his")
    points += _POINTS * _is_ones_own(words, match)
    points += _POINTS * has_one_of(said, phrases("mine"))
    points += not word_set("see").isdisjoint(words)
    points += _is_personal(match)
    points += _POINTS * _is_said_by_code(match, situation)
    points += _from_name(situation)
    points += _from_proof(words, match, situation)
    return points


def _is_personal(match: Match) -> bool:
    subject = match.known.subject
    return match.names_it and subject is not None and is_personal(subject)


def _from_name(situation: Situation) -> int:
    if situation.name is None:
        return 0
    if situation.name.is_sure:
        return _POINTS
    return int(situation.name.is_beside_subject)


def _from_proof(words: list[str], match: Match, situation: Situation) -> int:
    if not situation.is_verified:
        return 0
    points = int(match.share >= 0.5)
    points += not _PRONOUNS.isdisjoint(words)
    if situation.last_action == match.known.action.name:
        points += _POINTS
    return points


def general_points(text: str, *, but: Set[str] = frozenset()) -> int:
    """How much speaks for a question that the documents answer for everybody.

    `but`: keys of an action: "who is allowed" is no rule where rows tell who is.
    """
    said = spoken(text)
    for phrase in phrases("not_general"):
        said = said.replace(phrase, "")
    signs = sum(
        has_phrase(said, sign)
        for sign in phrases("general")
        if not any(f"#{subject}" in but for subject in subjects_spelt(sign))
    )
    is_of_level = bool(_GROUP.search(said)) or (
        bool(_LEVEL.search(said)) and not word_set("levels").isdisjoint(said.split())
    )
    return _GENERAL_POINTS * min(signs, 2) + _POINTS * is_of_level


def has_kin(words: list[str]) -> bool:
    """Whether a child is called one's own: "mon fils", "my eldest daughter"."""
    return any(
        word in word_set("my")
        and any(near in word_set("kin") for near in words[at + 1 : at + 4])
        for at, word in enumerate(words)
    )


def _is_ones_own(words: list[str], match: Match) -> bool:
    """Whether "my" stands before a subject or a word of the table itself."""
    known = match.known.weights.keys()
    return _has_possessive(words, "my") or any(
        word in word_set("my") and stem(after) in known
        for word, after in pairwise(words)
    )


def _has_possessive(words: list[str], whose: str) -> bool:
    """Whether a subject is somebody's: "ses notes", "son bus", "my bill"."""
    return any(
        word in word_set(whose) and any(subjects_of(w) for w in words[at + 1 : at + 3])
        for at, word in enumerate(words)
    )
