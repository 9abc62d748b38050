"""General words of French and English: fillers, hurried spelling, synonyms.

The words are in `lexicon/*.yaml`; none of them comes from an organisation's own
documents.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import cast

import yaml

from ..folding import SHORTEST_STEM, stem, words

_INFLECTED = re.compile(r"^(\w{3,}?)(?:ed|ing)$")
_FIRST_GROUP = re.compile(r"^(\w{3,})er$")
_ENDINGS = ("e", "es", "ez", "ons", "ent", "ee", "ees", "ait", "aient", "era", "eront")
_FOLDER = Path(__file__).with_name("lexicon")


@dataclass(frozen=True, kw_only=True)
class AnswerKind:
    """What kind of answer a cue in the question asks for."""

    name: str
    cues: frozenset[str]
    cue_stems: frozenset[str]  # of the longer ones
    nouns: frozenset[str]  # stems
    unless: frozenset[str]  # words beside which the cue means something else

    def is_asked(self, said: Iterable[str]) -> bool:
        """Whether these words ask for this kind of answer."""
        words_said = frozenset(said)
        has_cue = any(map(self.is_cue, words_said))
        return has_cue and self.unless.isdisjoint(words_said)

    def is_cue(self, word: str) -> bool:
        """Whether a word asks for it, also in another number or cut short: "heur"."""
        is_long = len(word) >= SHORTEST_STEM
        return word in self.cues or (is_long and stem(word) in self.cue_stems)


@dataclass(frozen=True, kw_only=True)
class Vocabulary:
    """Folded words; where the name says stems, stems."""

    silent: frozenset[str]
    soft_stems: frozenset[str]
    light: frozenset[str]  # by the word: "animer" is a verb, "animateur" a person
    numbers: Mapping[str, str]
    hurried: Mapping[str, tuple[str, ...]]
    phrases: Mapping[tuple[str, ...], tuple[str, ...]]
    same: Mapping[str, frozenset[str]]  # word, or stem with a star -> stems
    near: Mapping[str, frozenset[str]]  # stem -> stems
    kinds: tuple[AnswerKind, ...]
    proper: frozenset[str]  # every word above, spelt properly

    def kin(self, word: str) -> frozenset[str]:
        """The stems of all words that may answer for this one.

        By the word itself where it is listed: "train" and "trainer" share a stem
        and no meaning.
        """
        for one in (word, *_uninflected(word)):
            if kin := self.same.get(one) or self.same.get(f"{stem(one)}*"):
                return kin
        return frozenset()

    def knows(self, word: str) -> bool:
        """Whether the word is properly spelt, as far as the lexicon can tell."""
        bases = (word, *_uninflected(word))
        is_proper = not self.proper.isdisjoint(bases)
        return is_proper or f"{stem(word)}*" in self.same


def _uninflected(word: str) -> Iterator[str]:
    """What an English past or gerund may come from: refunded, charging, stopped."""
    if found := _INFLECTED.match(word):
        yield found[1]
        yield f"{found[1]}e"


def _conjugated(verb: str) -> Iterator[str]:
    """The forms of a French verb of the first group: "ramener", "ramènent"."""
    if found := _FIRST_GROUP.match(verb):
        yield from (f"{found[1]}{ending}" for ending in _ENDINGS)


@cache
def vocabulary() -> Vocabulary:
    """The lexicon, read once."""
    common, spelling = _load("common"), _load("spelling")
    synonyms, answers = _load("synonyms"), _load("answers")
    silent = {word for text in _strings(common["silent"]) for word in words(text)}
    soft = {word for text in _strings(common["soft"]) for word in words(text)}
    light = {word for text in _strings(common["light"]) for word in words(text)}
    groups = [words(line) for line in _strings(synonyms["same"])]
    near = {key: words(line) for key, line in _pairs(synonyms["near"])}
    # "Téléphone" is a thing of its own, whatever "téléphoner" is.
    things = {word for group in groups for word in group}
    light |= {form for verb in light for form in _conjugated(verb)} - things
    proper = {word for group in groups for word in group} | silent | soft | light
    return Vocabulary(
        silent=frozenset(silent),
        soft_stems=frozenset(map(stem, soft)),
        light=frozenset(light),
        numbers={w: n for n, line in _pairs(spelling["numbers"]) for w in words(line)},
        hurried={
            word: tuple(words(plain))
            for plain, line in _pairs(spelling["hurried"])
            for word in words(line)
        },
        phrases={
            tuple(words(said)): tuple(words(meant))
            for said, meant in _pairs(synonyms["phrases"])
        },
        same=_kin(groups),
        near={stem(key): frozenset(map(stem, line)) for key, line in near.items()},
        kinds=tuple(_kinds(answers)),
        proper=frozenset(proper | set(near)),
    )


def _kin(groups: Iterable[Iterable[str]]) -> Mapping[str, frozenset[str]]:
    """By word, and by stem with a star."""
    kin: dict[str, set[str]] = defaultdict(set)
    for group in groups:
        stems = {stem(word) for word in group}
        for key in {*group, *(f"{one}*" for one in stems)}:
            kin[key] |= stems
    return {one: frozenset(stems) for one, stems in kin.items()}


def _kinds(answers: Mapping[str, object]) -> Iterable[AnswerKind]:
    for name, kind in answers.items():
        lines = dict(_pairs(kind))
        yield AnswerKind(
            name=name,
            cues=frozenset(words(lines["cues"])),
            cue_stems=frozenset(
                stem(cue) for cue in words(lines["cues"]) if len(cue) >= SHORTEST_STEM
            ),
            nouns=frozenset(map(stem, words(lines["nouns"]))),
            unless=frozenset(words(lines.get("unless", ""))),
        )


def _load(name: str) -> Mapping[str, object]:
    text = (_FOLDER / f"{name}.yaml").read_text(encoding="utf-8")
    return cast("Mapping[str, object]", yaml.safe_load(text))


def _strings(part: object) -> list[str]:
    if isinstance(part, dict):
        part = list(cast("Mapping[str, object]", part).values())
    return [str(entry) for entry in cast("list[object]", part)]


def _pairs(part: object) -> list[tuple[str, str]]:
    pairs = cast("Mapping[object, object]", part)
    return [(str(key), str(value)) for key, value in pairs.items()]
