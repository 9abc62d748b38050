"""Spelling made comparable: case, accents, plurals and the ear of a hurried writer."""

import re
import unicodedata
from functools import cache, lru_cache
from typing import Protocol

import snowballstemmer  # pyright: ignore[reportMissingTypeStubs]

_LIGATURES = str.maketrans(
    {"œ": "oe", "æ": "ae", "Œ": "oe", "Æ": "ae", "ß": "ss", "’": "'", "ʼ": "'"}
)
SHORTEST_STEM = 4
_FEMININE = re.compile(r"ees?$")  # the stemmer knows it by its accent only
_PLURAL_US = re.compile(r"(?<=[a-z]{3})us$")  # "rendus": the stemmer leaves it
_WORD = re.compile(r"[0-9a-z]+")

# How French is heard: applied in order, so that "kotizasion" meets "cotisation".
_SOUNDS = tuple(
    (re.compile(pattern), sound)
    for pattern, sound in (
        (r"ph", "f"),
        (r"s?ch", "j"),  # a hurried "j" and "ch" are one key on a phone
        (r"h", ""),
        (r"cc(?=[eiy])", "ks"),
        (r"(.)\1+", r"\1"),
        (r"(?<=[aemo])p(?=t)", ""),
        (r"qu|q|ck|c(?=[aourltn]|$)", "k"),
        (r"c(?=[eiy])|x(?=i)", "s"),
        (r"(?<=[aeiouy])z(?=[aeiouy])", "s"),
        (r"ti(?=on)", "si"),
        (r"eau|au", "o"),
        # Before "ai" is heard: "parrain" ends like "parin".
        (r"(?:ain|ein|in|un)(?=[^aeiouyn]|$)|im(?=[bp])", "in"),
        (r"(?:er|ez|et|ee)(?=$|s$)|ai|ei", "e"),
        (r"g(?=[eiy])", "j"),
        (r"je(?=[ao])", "j"),
        (r"y", "i"),
        (r"(?:am|em)(?=[bp])|(?:en|an)(?=[^aeiouyn]|$)", "an"),
        (r"om(?=[bp])", "on"),
        (r"oi", "wa"),
        (r"(?<=[a-z]{2})(?:es|e|[tdxzp]?s|[tdxzp])$", ""),
        (r"(.)\1+", r"\1"),
    )
)


class _Stemmer(Protocol):
    def stemWord(self, word: str) -> str: ...  # noqa: N802 - the library's name


def fold(text: str) -> str:
    """Lower case, no accents, œ and æ written out; punctuation is kept."""
    spelt = unicodedata.normalize("NFKD", text.translate(_LIGATURES))
    bare = "".join(letter for letter in spelt if not unicodedata.combining(letter))
    return bare.lower()


def words(text: str) -> list[str]:
    """The folded words and numbers of a text, in order; apostrophes part words."""
    return _WORD.findall(fold(text))


@lru_cache(maxsize=20_000)
def stem(word: str) -> str:
    """What a French word shares with its plural and its inflections, folded."""
    folded = _FEMININE.sub("e", fold(word))
    if any(letter.isdigit() for letter in folded):
        return folded
    short = _french().stemWord(_PLURAL_US.sub("u", folded))
    # "petit" and "pets" would meet in "pet": so short a stem says too little.
    return short if len(short) >= SHORTEST_STEM else folded.removesuffix("s")


@lru_cache(maxsize=20_000)
def sound(word: str) -> str:
    """A rough key of how a French ear hears the word; silent endings are dropped."""
    heard = fold(word)
    for pattern, written in _SOUNDS:
        heard = pattern.sub(written, heard)
    return heard


@cache
def _french() -> _Stemmer:
    return snowballstemmer.stemmer("french")  # pyright: ignore[reportUnknownMemberType]
