"""When a name that is also an everyday word stands as a name.

A name that leaves the house does not come back, while a word that was covered comes
back with the reply: in doubt a noun ("grâce") is covered. Adjectives and verbs ("juste",
"parfait") would make the message unreadable: they need a sign that a person is meant.
"""

import unicodedata
from collections.abc import Iterator
from typing import Literal

from .spelling import Spelt
from .tokens import kind_of
from .vocabulary import ANY_NAME, NUMBER, Phrase, phrases_with, word_set

Group = Literal["nouns", "everyday", "calendar"]

_GROUPS: tuple[Group, ...] = ("nouns", "everyday", "calendar")
_SHORT = 2  # letters: "Ba", "Ly", "Sy" are names, and pieces of anything
_MAX_WORDS_OF_CELL = 4
_ENDS = frozenset(".!?;…\n")
_ABBREVIATIONS = frozenset({"st", "ste", "m", "mr", "mme", "mlle", "mrs", "dr"})
_KIN_REACH = 3  # small words between "ma fille" and her name
_INFINITIVES = ("er", "ir", "re")


def group_of(word: str) -> Group | None:
    """Which kind of everyday word a folded name is; None when it is only a name."""
    for group in _GROUPS:
        if word in word_set(group):
            return group
    return "everyday" if len(word) <= _SHORT else None


def stands_as_name(spelt: Spelt, at: int, *, is_cell: bool) -> bool:
    """Whether the name in run `at` is meant as a name here."""
    place = _Place(spelt, at)
    if place.is_beside_surname:
        return True
    group = group_of(spelt.runs[at].text)
    if is_in_phrase(spelt, at) and (group != "nouns" or not place.is_after("kin")):
        return False
    if group is None or (is_cell and len(spelt.runs) <= _MAX_WORDS_OF_CELL):
        return True
    if place.is_alone or place.is_beside_name:
        return True
    match group:
        case "nouns":
            return _is_noun_a_name(place)
        case "everyday":
            return _is_adjective_a_name(place)
        case "calendar":
            return place.is_after_kin or (
                place.is_capital and (place.is_possessed or place.is_subject)
            )


def is_in_phrase(spelt: Spelt, at: int) -> bool:
    """Whether run `at` belongs to a set phrase or is the name of a saint."""
    word = spelt.runs[at].text
    return any(
        _is_phrase_at(spelt, at - offset, phrase, at)
        for key in (word, ANY_NAME)
        for phrase, offset in phrases_with(key)
    )


def _is_noun_a_name(place: "_Place") -> bool:
    if place.is_after_kin or place.is_possessed:
        return True
    return not place.is_after("determiners")


def _is_adjective_a_name(place: "_Place") -> bool:
    if place.is_verb or (place.is_after("pronouns") and not place.is_capital):
        return False  # "ma fille désire s'inscrire", "mon fils est parfait"
    if place.is_after_kin or place.is_possessed:
        return True
    if place.is_after("determiners"):
        return False
    return place.is_subject or (place.is_capital and not place.begins_sentence)


class _Place:
    """What stands around one word."""

    def __init__(self, spelt: Spelt, at: int) -> None:
        self._spelt, self._at = spelt, at
        self._before = _neighbour(spelt, at, -1)
        self._after = _neighbour(spelt, at, 1)

    def is_after(self, kind: str) -> bool:
        return self._before in word_set(kind)

    @property
    def begins_sentence(self) -> bool:
        return self._before is None

    @property
    def is_capital(self) -> bool:
        """Written with a capital, in a text that is not all in capitals."""
        written = self._spelt.written(self._at)
        return written[:1].isupper() and not self._spelt.is_loud

    @property
    def is_alone(self) -> bool:
        runs = self._spelt.runs
        if len(runs) > _MAX_WORDS_OF_CELL:
            return False
        others = [run.text for at, run in enumerate(runs) if at != self._at]
        return all(word in word_set("alone_with") for word in others)

    @property
    def is_beside_surname(self) -> bool:
        """Beside a covered surname: "Grâce [NOM_1]"."""
        return any(
            kind_of(token) == "surname" or "_NOM" in token
            for token in self._tokens_beside()
        )

    @property
    def is_beside_name(self) -> bool:
        """With a capital beside anybody that is covered: "Rose [ENFANT_1]"."""
        kinds = {kind_of(token) for token in self._tokens_beside()}
        return self.is_capital and not kinds.isdisjoint(("child", "parent"))

    def _tokens_beside(self) -> Iterator[str]:
        for step in (-1, 1):
            at = self._at + step
            if not (0 <= at < len(self._spelt.runs) and self._spelt.runs[at].is_token):
                continue
            if not self._spelt.gap(min(at, self._at)).strip(" -\u00a0"):
                yield self._spelt.runs[at].text.strip("[]")

    @property
    def is_after_kin(self) -> bool:
        """After "ma fille", "s'appelle", "Prénom :", small words between or not."""
        at = self._at
        for _ in range(_KIN_REACH + 1):
            word = _neighbour(self._spelt, at, -1)
            if word is None or word in word_set("kin"):
                return word is not None
            is_small = word in word_set("between") or word.startswith("[")
            if not is_small:
                return False
            at -= 1
        return False

    @property
    def is_possessed(self) -> bool:
        """After "notes de", "pour", "mon"."""
        return self.is_after("possession") or self.is_after("own")

    @property
    def is_subject(self) -> bool:
        return self._after in word_set("does")

    @property
    def is_verb(self) -> bool:
        """Written small before what follows a verb: "désire s'inscrire"."""
        if self.is_capital or self._after is None:
            return False
        return self._after in word_set("after_verb") or (
            len(self._after) > 3 and self._after.endswith(_INFINITIVES)
        )


def _neighbour(spelt: Spelt, at: int, step: int) -> str | None:
    """The word before or after in the same sentence, folded."""
    other = at + step
    if not 0 <= other < len(spelt.runs):
        return None
    first = min(at, other)
    gap = spelt.gap(first)
    if _ENDS & set(gap) and spelt.runs[first].text not in _ABBREVIATIONS:
        return None
    return spelt.runs[other].text


def _is_phrase_at(spelt: Spelt, start: int, phrase: Phrase, name_at: int) -> bool:
    if start < 0 or start + len(phrase) > len(spelt.runs):
        return False
    for at, choices in enumerate(phrase, start):
        text = spelt.runs[at].text
        is_name = at == name_at and ANY_NAME in choices
        is_number = text.isdigit() and NUMBER in choices
        written = unicodedata.normalize("NFC", spelt.written(at).lower())
        if not (is_name or is_number or {text, written} & choices):
            return False
        if at > start and _neighbour(spelt, at, -1) is None:
            return False
    return True
