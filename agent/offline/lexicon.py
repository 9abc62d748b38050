"""The vocabulary of people who write to a school or a club: `lexicon.yaml`, read."""

from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from rapidfuzz import fuzz, process
from rapidfuzz.distance import OSA

from tools.folding import sound
from tools.folding import words as words_of

_HERE = Path(__file__).parent
_FUZZY_FROM = 5  # letters: shorter words have too many neighbours
_SHORTEST_FUZZY = 4
_ELIDED, _VOWELS = frozenset("dl"), frozenset("aeiouyh")
_LONG = 8  # letters
_NEAR, _NEAR_LONG = 86, 80  # of 100: one letter wrong, or two in a long word


@cache
def _lexicon() -> Mapping[str, Any]:
    # BaseLoader: every value is a text, also "yes", "no" and "on".
    with (_HERE / "lexicon.yaml").open(encoding="utf-8") as stream:
        return yaml.load(stream, Loader=yaml.BaseLoader)


def section(*path: str) -> Any:
    """The part of the vocabulary under these keys."""
    found: Any = _lexicon()
    for key in path:
        found = found[key]
    return found


@cache
def word_set(*path: str) -> frozenset[str]:
    """The single words of a list."""
    return frozenset(entry for entry in section(*path) if " " not in entry)


@cache
def question_words() -> frozenset[str]:
    """The words that ask for a time, a price, a person, a place or a number."""
    return frozenset(
        word for kind in section("kinds") for word in word_set("kinds", kind)
    )


@cache
def phrases(*path: str) -> tuple[str, ...]:
    """The entries of a list as they stand in `spoken` text, longest first."""
    entries: Iterable[str] = section(*path)
    spelt = {" ".join(words_of(entry)) for entry in entries}
    return tuple(sorted(spelt, key=len, reverse=True))


@cache
def spelling() -> Mapping[str, str]:
    """Hurried spelling -> plain words."""
    return section("spelling")


@cache
def _subjects_by_word() -> Mapping[str, tuple[str, ...]]:
    found: dict[str, list[str]] = {}
    for name, subject in section("subjects").items():
        for word in subject["words"]:
            found.setdefault(word, []).append(name)
    return {word: tuple(names) for word, names in found.items()}


@cache
def subjects_of(word: str) -> tuple[str, ...]:
    """The subjects that a word may name; one letter may be wrong."""
    known = _subjects_by_word()
    if word in known:
        return known[word]
    if len(word) == _SHORTEST_FUZZY and f"{word}s" in known:
        return known[f"{word}s"]  # who writes fast leaves the mute end off: "repa"
    if word[:1] in _ELIDED and word[1:2] in _VOWELS and word[1:] in known:
        return known[word[1:]]  # and the apostrophe: "dabsences", "linscription"
    if len(word) < _FUZZY_FROM or word in word_set("light") | word_set("kin"):
        return ()
    same_sound = _subjects_by_sound().get(sound(word))
    return same_sound or known.get(_misspelt(word) or "", ())


def subjects_spelt(word: str) -> tuple[str, ...]:
    """The subjects that a word names as it is spelt."""
    return _subjects_by_word().get(word, ())


def _misspelt(word: str) -> str | None:
    """The subject word that this one is meant to be, with a slip or two."""
    length = len(word)
    slips, cutoff = (2, _NEAR_LONG) if length >= _LONG else (1, _NEAR)
    # Short words are near to everything: "droit" is not "doit". The first letter is
    # seldom wrong: "audition" is no "tuition".
    alike = [
        other
        for other in _subjects_by_word()
        if abs(len(other) - length) <= 1 and len(other) >= _FUZZY_FROM
        if OSA.distance(word, other, score_cutoff=slips) <= slips
        if other[0] == word[0]
    ]
    near = process.extractOne(word, alike, scorer=fuzz.ratio, score_cutoff=cutoff)
    return near[0] if near else None


@cache
def _subjects_by_sound() -> Mapping[str, tuple[str, ...]]:
    return {
        sound(word): names
        for word, names in _subjects_by_word().items()
        if len(word) >= _FUZZY_FROM
    }


def is_personal(subject: str) -> bool:
    """Whether naming this subject alone is asking for one's own."""
    return section("subjects")[subject].get("personal") == "true"


def label_of(subject: str, language: str) -> str | None:
    """How a subject is named in a list of choices."""
    return section("subjects")[subject].get("label", {}).get(language)


def is_near_one_of(text: str, *path: str) -> bool:
    """Whether a whole text is one of these entries, misspelt or not."""
    entries = phrases(*path)
    if text in entries or (len(text) > 3 and heard(text) in _sounds_of(path)):
        return True
    if len(text) < _SHORTEST_FUZZY:
        return False
    return any(_is_slip(text, entry) for entry in entries)


def _is_slip(text: str, entry: str) -> bool:
    """Whether a text is an entry with one slip of the finger in six letters."""
    if text[0] != entry[0] or len(entry) < _SHORTEST_FUZZY:
        return False
    slips = max(1, round(max(len(text), len(entry)) / 6))
    return OSA.distance(text, entry, score_cutoff=slips) <= slips


@cache
def _sounds_of(path: tuple[str, ...]) -> frozenset[str]:
    return frozenset(heard(entry) for entry in phrases(*path))


def heard(text: str) -> str:
    """How a text sounds to a French ear, word by word."""
    return " ".join(sound(word) for word in text.split())
