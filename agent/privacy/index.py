"""Where known values stand in a text, in any spelling: one pass over its runs."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import accumulate

from .names import SHORTEST, turned
from .phones import phone_keys, start_with_sign
from .spelling import (
    LOOSE_GAP,
    TIGHT_GAP,
    Run,
    Spelt,
    is_gap_in_name,
    words_of_value,
)
from .tokens import Kept, Kind

NAMES: frozenset[Kind] = frozenset({"child", "parent", "surname"})
_SPLIT_FROM = 5  # letters: "N'Diaye" is Ndiaye, but "l'i" in a short name is chance

# Who is meant when a spelling is known twice: a child before its parent.
_RANKS: Mapping[Kind, int] = {
    "child": 0,
    "surname": 1,
    "parent": 2,
    "phone": 4,
    "code": 5,
    "email": 6,
}
_RANK_OF_PART = 3


@dataclass(frozen=True, slots=True)
class Spelling:
    """One spelling of a known value: its letters joined, and where its words part."""

    kept: Kept
    key: str
    breaks: frozenset[int] = frozenset()

    @property
    def is_name(self) -> bool:
        """Whether it is one of a person's names."""
        return self.kept.kind in NAMES

    @property
    def rank(self) -> int:
        """The lower one wins when two values are spelt the same."""
        return _RANK_OF_PART if self.kept.is_part else _RANKS[self.kept.kind]


@dataclass(frozen=True, slots=True)
class Found:
    """A known value in a text: which runs, and where in the text."""

    spelling: Spelling
    first: int
    last: int
    start: int
    end: int


class Index:
    """All spellings of the values of one conversation."""

    def __init__(self, spellings: Iterable[Spelling]) -> None:
        self._by_key: dict[str, list[Spelling]] = {}
        self._beginnings: set[str] = set()
        for spelling in spellings:
            self._by_key.setdefault(spelling.key, []).append(spelling)
            self._beginnings.update(accumulate(spelling.key))
        for same in self._by_key.values():
            same.sort(key=lambda spelling: spelling.rank)

    def find(self, spelt: Spelt) -> list[Found]:
        """The known values, the longest at each place, from left to right."""
        found: list[Found] = []
        begins = self._beginnings
        free = 0  # the first run that is not of a value already
        for at in [at for at, run in enumerate(spelt.runs) if run.text in begins]:
            longest = self._longest(spelt, at) if at >= free else None
            if longest:
                found.append(longest)
                free = longest.last + 1
        return found

    def _longest(self, spelt: Spelt, first: int) -> Found | None:
        best: Found | None = None
        key = ""
        for last in range(first, len(spelt.runs)):
            run = spelt.runs[last]
            key += run.text
            if run.is_token or key not in self._beginnings:
                break
            for spelling in self._by_key.get(key, ()):
                if _is_spelt_so(spelt, first, last, spelling):
                    best = _found(spelt, first, last, spelling)
                    break
        return best


def covered(spelt: Spelt, some: Iterable[Found]) -> Spelt:
    """The text with a token in place of each of these, and its runs.

    As `spell` would read it: what is found begins and ends with whole runs.
    """
    text, pieces, runs = spelt.original, list[str](), list[Run]()
    place = first = moved = 0
    for found in some:
        token = f"[{found.spelling.kept.token}]"
        pieces += [text[place : found.start], token]
        runs += spelt.runs_from(first, found.first, moved=moved)
        start = found.start + moved
        runs.append(Run(token, start, start + len(token), is_token=True))
        moved += len(token) - (found.end - found.start)
        place, first = found.end, found.last + 1
    runs += spelt.runs_from(first, None, moved=moved)
    read = "".join([*pieces, text[place:]])
    return Spelt(read, tuple(runs), is_loud=read.isupper())


def spellings_of(kept: Kept) -> list[Spelling]:
    """How this value may be written, but for case, accents and what parts words."""
    if kept.kind == "phone":
        return [Spelling(kept, key) for key in sorted(phone_keys(kept.value))]
    if kept.kind not in NAMES:
        return [Spelling(kept, "".join(words_of_value(kept.value)))]
    values = (kept.value, turned(kept.value))
    spellings = [_as_name(kept, value) for value in values if value]
    return [one for one in spellings if len(one.key) >= SHORTEST]


def _as_name(kept: Kept, value: str) -> Spelling:
    words = words_of_value(value)
    ends = list(accumulate(len(word) for word in words))
    return Spelling(kept, "".join(words), frozenset(ends[:-1]))


def _is_spelt_so(spelt: Spelt, first: int, last: int, spelling: Spelling) -> bool:
    if not spelling.is_name:
        # "tel770000000" is a number, "KA4417B" another code than KA4417.
        is_whole = spelling.kept.kind == "phone" or not spelt.touches_letters(
            first, last
        )
        return is_whole and all(
            LOOSE_GAP.fullmatch(spelt.gap(at)) for at in range(first, last)
        )
    # A link or a signature is no sentence: "Ali" in it is chance.
    if spelt.touches_letters(first, last) and spelt.is_in_opaque(first, last):
        return False
    offset = 0
    for at in range(first, last):
        offset += len(spelt.runs[at].text)
        if not _may_part(spelt, at, offset, spelling):
            return False
    return True


def _may_part(spelt: Spelt, at: int, offset: int, spelling: Spelling) -> bool:
    """Whether the name may be parted here: at its own seams, or by a lone sign."""
    if spelt.is_split_unseen(at):
        return True
    gap = spelt.gap(at)
    if offset in spelling.breaks:
        return is_gap_in_name(gap)
    return len(spelling.key) >= _SPLIT_FROM and bool(TIGHT_GAP.fullmatch(gap))


def _found(spelt: Spelt, first: int, last: int, spelling: Spelling) -> Found:
    start, end = spelt.runs[first].start, spelt.runs[last].end
    if spelling.kept.kind == "phone":
        start = start_with_sign(spelt.original, start, end)
    return Found(spelling, first, last, start, end)
