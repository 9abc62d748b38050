"""Hurried and misspelt words of a question, understood word by word."""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from rapidfuzz import fuzz, process
from rapidfuzz.distance import DamerauLevenshtein

from ..folding import sound, stem
from .vocabulary import Vocabulary

_ELIDED = re.compile(r"^(?:qu|[cdjlmnst])(?=[aeiouyh])")
SHORTEST_HEARD = 3  # letters of a sound that is worth comparing
SHORTEST_FUZZY = 5
LONG_WORD = 8  # two slips are forgiven from here on


class Spelling:
    """Proper spellings: those of the documents first, then those of the lexicon."""

    def __init__(self, lexicon: Vocabulary, written: Iterable[str]) -> None:
        self._lexicon = lexicon
        self._written = frozenset(word for word in written if not word.isdigit())
        self._stems = frozenset(map(stem, self._written))
        self._heard = _by_sound(self._written)
        self._heard_proper = _by_sound(lexicon.proper)
        self._all = sorted(self._written | lexicon.proper)

    def understand(self, said: Sequence[str]) -> list[str]:
        """The words of a question as they are spelt in documents and lexicon."""
        plain: list[str] = []
        for word in said:
            plain.extend(self._lexicon.hurried.get(word) or (self._proper(word),))
        plain = [self._lexicon.numbers.get(word, word) for word in plain]
        return _rephrased(plain, self._lexicon.phrases)

    def _proper(self, word: str) -> str:
        if word in self._lexicon.numbers or word[0].isdigit() or self._knows(word):
            return word
        rest = _ELIDED.sub("", word)
        if rest != word and rest in self._lexicon.hurried:
            return self._lexicon.hurried[rest][0]
        if self._is_worth(rest) and self._knows(rest):
            return rest
        for candidate in dict.fromkeys((word, rest)):
            if heard := self._sounds_like(candidate):
                return heard
        return self._looks_like(word) or word

    def _is_worth(self, rest: str) -> bool:
        """Whether to read "taux" as "t'aux": not for so short a filler."""
        return rest not in self._lexicon.silent or len(rest) >= SHORTEST_FUZZY

    def _knows(self, word: str) -> bool:
        return stem(word) in self._stems or self._lexicon.knows(word)

    def _sounds_like(self, word: str) -> str | None:
        heard = sound(word)
        if len(heard) < SHORTEST_HEARD or len(word) < SHORTEST_HEARD + 1:
            return None
        homophones = self._heard.get(heard) or self._heard_proper.get(heard) or []
        homophones = [one for one in homophones if self._is_worth(one)]
        return max(homophones, key=lambda one: fuzz.ratio(word, one), default=None)

    def _looks_like(self, word: str) -> str | None:
        if len(word) < SHORTEST_FUZZY:
            return None
        slips = 2 if len(word) >= LONG_WORD else 1
        found = process.extract(
            word,
            self._all,
            scorer=DamerauLevenshtein.distance,
            score_cutoff=slips,
            limit=5,
        )
        near = [(other, slip) for other, slip, _ in found if other[0] == word[0]]
        near = [(other, slip) for other, slip in near if self._is_worth(other)]
        near.sort(key=lambda pair: (pair[1], pair[0] not in self._written))
        return near[0][0] if near else None


def _by_sound(spelt: Iterable[str]) -> Mapping[str, list[str]]:
    heard: dict[str, list[str]] = defaultdict(list)
    for word in spelt:
        if len(word) > SHORTEST_HEARD:
            heard[sound(word)].append(word)
    return heard


def _rephrased(
    plain: Sequence[str], phrases: Mapping[tuple[str, ...], tuple[str, ...]]
) -> list[str]:
    """Words with fixed phrases replaced, the longest first."""
    meant: list[str] = []
    start = 0
    while start < len(plain):
        for size in (3, 2, 1):
            if found := phrases.get(tuple(plain[start : start + size])):
                meant.extend(found)
                break
        else:
            size = 1
            meant.append(plain[start])
        start += size
    return meant
