"""Messages that need a person: a child in danger, a call for a human, anger."""

import re
from collections.abc import Sequence

from rapidfuzz import fuzz

from .emergencies import is_emergency
from .lexicon import is_near_one_of, phrases, word_set
from .small_talk import without_small_talk
from .words import has_one_of, has_phrase, persons_told, spoken

_LONGEST_INSULT = 8  # words: a longer message says something, too
_REACH = 5  # words between a verb and the person it is done to
_FUZZY_FROM = 7  # letters of a word of danger that may be misspelt
_OPENS_WITH_PERSON = re.compile(
    r"(?:un |a |an )?(?:h?umain|human|agent)\b(?! (?:ou|or|de|du|being|resources)\b)"
)


def is_danger(text: str) -> bool:
    """Whether a child, or the writer, may be in danger."""
    said = spoken(text)
    words = persons_told(said.split())
    return (
        is_emergency(text, said)
        or has_one_of(said, phrases("danger", "phrases"))
        or any(_is_violent(word) for word in words)
        or _is_done_to_somebody(_without_harmless(words))
        or _is_somebody_gone(words)
        or _is_sought(said, words)
    )


def _is_violent(word: str) -> bool:
    if word in word_set("danger", "not"):
        return False
    return any(_starts_like(word, stem) for stem in word_set("danger", "stems"))


def _starts_like(word: str, stem: str) -> bool:
    if word.startswith(stem):
        return True
    if len(stem) < _FUZZY_FROM or len(word) < _FUZZY_FROM:
        return False
    return fuzz.ratio(word[: len(stem)], stem) >= 85


def _is_done_to_somebody(words: Sequence[str]) -> bool:
    """Whether a verb of violence stands beside the person it is done to."""
    people = word_set("danger", "people")
    return any(
        not _is_excused(words, at)
        and not people.isdisjoint(
            (*words[max(0, at - 2) : at], *words[at + 1 : at + 4])
        )
        for at, word in enumerate(words)
        if word in word_set("danger", "verbs")
    )


def _without_harmless(words: Sequence[str]) -> Sequence[str]:
    """The words without what only sounds like violence: "ils touchent combien"."""
    said = f" {' '.join(words)} "
    for way in phrases("danger", "harmless"):
        said = said.replace(f" {way} ", " ")
    return said.split()


def _is_excused(words: Sequence[str], at: int) -> bool:
    around = words[max(0, at - _REACH) : at + _REACH]
    return not word_set("danger", "not_with").isdisjoint(around)


def _is_somebody_gone(words: Sequence[str]) -> bool:
    """Whether a child is missing, rather than something that a child has lost."""
    people = word_set("danger", "gone_people")
    return any(
        not people.isdisjoint(_who_is_gone(words, at))
        for at, word in enumerate(words)
        if word in word_set("danger", "gone")
    )


def _is_sought(said: str, words: Sequence[str]) -> bool:
    """Whether nobody knows where a child is: an office may be sought as well."""
    is_of_child = not word_set("danger", "gone_people").isdisjoint(words)
    return is_of_child and has_one_of(said, phrases("danger", "where_unknown"))


def _who_is_gone(words: Sequence[str], at: int) -> Sequence[str]:
    """The words that may name who is gone: not those who have lost a thing."""
    before = list(words[max(0, at - 3) : at])
    is_told = bool(before) and before[-1] in ("est", "is", "was", "sont", "are")
    if words[at] in word_set("danger", "lost") and not is_told:
        before = []
    return (*before, *words[at + 1 : at + 3])


def wants_human(text: str) -> bool:
    """Whether somebody asks for a person rather than an answer."""
    said = spoken(text)
    if is_near_one_of(said, "human", "alone") or _opens_with_person(text):
        return True
    if has_one_of(said, phrases("human", "phrases")):
        return True
    words = said.split()
    if not word_set("human", "not_with").isdisjoint(words):
        return has_one_of(said, phrases("human", "always"))
    if any(_is_passed_on(said, way) for way in phrases("human", "passes")):
        return True
    people = [at for at, word in enumerate(words) if word in _people()]
    verbs = [at for at, word in enumerate(words) if _is_verb_of_contact(word)]
    return any(0 < person - verb <= _REACH for verb in verbs for person in people)


def _opens_with_person(text: str) -> bool:
    """Whether one of the messages begins with whom it is for: "humain, j'ai…"."""
    lines = (spoken(without_small_talk(line)) for line in text.split("\n"))
    return any(_OPENS_WITH_PERSON.match(line) for line in lines)


def _is_passed_on(said: str, way: str) -> bool:
    """Whether a person follows at once: "passez-moi le directeur"."""
    _, found, after = f" {said} ".partition(f" {way} ")
    return bool(found) and not _people().isdisjoint(after.split()[:3])


def _people() -> frozenset[str]:
    return word_set("human", "people")


def _is_verb_of_contact(word: str) -> bool:
    return word in word_set("human", "verbs")


def wants_identity(text: str) -> bool:
    """Whether somebody asks if we are a machine, rather than to leave it."""
    said = spoken(text)
    is_wish = not word_set("wishes").isdisjoint(said.split())
    return has_one_of(said, phrases("robot")) and not is_wish


def is_complaint(text: str) -> bool:
    """Whether somebody complains: a person should read it."""
    return not word_set("complaints").isdisjoint(spoken(text).split())


def is_insult(text: str) -> bool:
    """Whether the message is an insult rather than a question."""
    said = spoken(text)
    if len(said.split()) > _LONGEST_INSULT:
        return False
    thrown = phrases("thrown")
    return has_one_of(said, phrases("insults")) or any(
        has_phrase(said, f"{opening} {word}")
        for word in word_set("mild_insults")
        for opening in thrown
    )
