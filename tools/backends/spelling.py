"""Hurried and misspelt words of a question, understood word by word."""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from rapidfuzz import fuzz, process
from rapidfuzz.distance import DamerauLevenshtein

from ..folding import sound, stem
from .vocabulary import Vocabulary

_ELIDED = re.compile(r"^(?:qu|[cdjlmnst])(?=[aeiouyh])")
_GLUED = re.compile(r"^[cdjlmnst][bcdfgjklmnpqrstvz]\w{4,}$")  # "ltrapeze"
# What may follow the root that words of one family share.
_ENDING = re.compile(
    r"(?:[ai]?t)?(?:ions?|ifs?|ives?|eurs?|euses?|rices?|iques?|oires?|ures?)"
    r"|ments?|ages?|ist[es]s?|ites?|aires?|[ai]bles?|an[ts]s?|[ae]nces?|ents?|ees?"
    r"|es?|er|ir|re|el(?:le)?s?|eu[xs]e?|al|aux|ale|ing|ed|ly|ians?|ien(?:ne)?s?|s?"
)
SHORTEST_ROOT = 5
SHORTEST_HEARD = 3  # letters of a sound that is worth comparing
LEAST_ALIKE = 55  # percent of the letters that words of one sound share
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
            plain.extend(self._unhurried(word) or (self._proper(word),))
        plain = [self._lexicon.numbers.get(word, word) for word in plain]
        return _rephrased(plain, self._lexicon.phrases)

    def _unhurried(self, word: str) -> tuple[str, ...] | None:
        """What a hurried spelling stands for; where documents say "mer", it is the sea.

        A shorter one ("pr", "tt") is no word of a document but a piece of a number.
        """
        if len(word) >= SHORTEST_HEARD and word in self._written:
            return None
        return self._lexicon.hurried.get(word)

    def kindred(self, word: str) -> frozenset[str]:
        """The stems of written words with the root of a word that is not written."""
        if stem(word) in self._stems or len(word) < SHORTEST_ROOT:
            return frozenset()
        root = word[:SHORTEST_ROOT]
        return frozenset(
            stem(other)
            for other in self._written
            if other.startswith(root) and _is_kindred(word, other)
        )

    def _proper(self, word: str) -> str:
        if word in self._lexicon.numbers or word[0].isdigit() or self._knows(word):
            return word
        rest = _ELIDED.sub("", word)
        if rest != word and rest in self._lexicon.hurried:
            return self._lexicon.hurried[rest][0]
        if whole := self._unglued(word, rest):
            return whole
        for candidate in dict.fromkeys((word, rest)):
            if heard := self._sounds_like(candidate):
                return heard
        return self._looks_like(word) or word

    def _unglued(self, word: str, rest: str) -> str | None:
        """The known word behind a glued article: "detre", "ltrapeze".

        A silent h may be left out, as in "diver".
        """
        wholes: list[str] = []
        if rest != word and len(rest) >= SHORTEST_HEARD:
            wholes += [rest, f"h{rest}"]
        if _GLUED.match(word):
            wholes.append(word[1:])
        return next((whole for whole in wholes if self._knows(whole)), None)

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
        homophones = [
            one
            for one in homophones
            if self._is_worth(one) and fuzz.ratio(word, one) >= LEAST_ALIKE
        ]
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


def _is_kindred(word: str, other: str) -> bool:
    pairs = enumerate(zip(word, other, strict=False))
    least = min(len(word), len(other))
    shared = next((place for place, (a, b) in pairs if a != b), least)
    return all(_ENDING.fullmatch(one[shared:]) for one in (word, other))


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
