"""A life or a health at risk, now: no breath, a faint, blood, a child who is gone."""

import re

from rapidfuzz import fuzz

from .lexicon import phrases, word_set
from .words import has_one_of

_FUZZY_FROM = 7  # letters of a stem that may be misspelt
_NEAR = 85  # of 100
_CRIES = re.compile(r"\b(?:help(?: me)?|a l aide|à l['’]aide|aidez[- ]moi)\s*!", re.I)


def is_emergency(text: str, said: str) -> bool:
    """Whether something happens to somebody now; `said`: the text as it is spoken.

    A question about a chronic illness, or about what to do in case of, is none.
    """
    if _CRIES.search(text) or has_one_of(said, phrases("emergency", "always")):
        return True
    if has_one_of(said, phrases("emergency", "asked_in_general")):
        return False
    words = said.split()
    return (
        has_one_of(said, phrases("emergency", "phrases"))
        or any(_is_of_an_emergency(word) for word in words)
        or _is_waited_for(said, words)
    )


def _is_of_an_emergency(word: str) -> bool:
    if word in word_set("emergency", "not"):
        return False
    return any(_starts_like(word, stem) for stem in word_set("emergency", "stems"))


def _starts_like(word: str, stem: str) -> bool:
    if word.startswith(stem):
        return True
    if len(stem) < _FUZZY_FROM or len(word) < _FUZZY_FROM:
        return False
    return fuzz.ratio(word[: len(stem)], stem) >= _NEAR


def _is_waited_for(said: str, words: list[str]) -> bool:
    """Whether a child did not come out; a school report may be late, too."""
    people = word_set("danger", "gone_people")
    return (
        has_one_of(said, phrases("emergency", "not_out"))
        and not people.isdisjoint(words)
        and word_set("emergency", "not_out_with").isdisjoint(words)
    )
