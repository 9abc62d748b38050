"""What was written, as words that can be compared."""

import re
from collections.abc import Sequence
from functools import lru_cache

from tools.folding import words as words_of

from .lexicon import question_words, spelling, word_set

_EMOJI_ONLY = re.compile(r"^[^\w]+$")
_YEAR = re.compile(r"^(19|20)\d\d$")


@lru_cache(maxsize=2_000)
def spoken(text: str) -> str:
    """Folded words with hurried spelling written out, one space between."""
    plain_words = " ".join(spelling().get(word, word) for word in words_of(text))
    return plain_words.replace("c est est ", "c est ")  # "c'est" and "c" alike


def tokens(text: str) -> list[str]:
    """The words of `spoken` text, in order."""
    return spoken(text).split()


def persons_told(words: Sequence[str]) -> list[str]:
    """The words, with the English "son" told from the French one ("his")."""
    owners = ("my", "our", "your", "his", "her", "their", "the", "whose", "me")
    return [
        "child" if word == "son" and before in owners else word
        for before, word in zip(("", *words), words, strict=False)
    ]


def has_phrase(said: str, phrase: str) -> bool:
    """Whether `spoken` text holds these words in a row."""
    return f" {phrase} " in f" {said} "


def has_one_of(said: str, wanted: Sequence[str]) -> bool:
    """Whether `spoken` text holds one of these phrases."""
    return any(has_phrase(said, phrase) for phrase in wanted)


def topic_words(text: str) -> list[str]:
    """The words that say what a text is about: no question, light or polite words."""
    light = word_set("light") | word_set("polite")
    kinds = question_words()
    greeting = word_set("greetings") | word_set("thanks") | word_set("acks")
    return [
        word
        for word in tokens(text)
        if word not in light and word not in kinds and word not in greeting
        if len(word) > 1
    ]


def is_wordless(text: str) -> bool:
    """Whether there is nothing but signs: a thumb, a heart, question marks."""
    return bool(_EMOJI_ONLY.match(text.strip()))


def is_year(word: str) -> bool:
    """Whether a word is a year."""
    return bool(_YEAR.match(word))
