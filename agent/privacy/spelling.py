"""A text as runs of letters and of digits, each folded, with its place in the text.

Places are kept run by run, so that a folded name is found in any spelling and replaced
in the text as it was written. What cannot be seen (zero-width signs) parts runs.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from tools.folding import fold

_INVISIBLE = (
    "\u00ad\u034f\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufe0f\ufeff"
)
_MARK = r"\u0300-\u034e\u0350-\u036f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff"
# JSON inside a text writes "è" as six signs: they are read as the letter.
_ESCAPED_LETTER = r"\\u(?:00[c-fC-F]|01[0-9a-fA-F]|03[0-6]|1[eE][0-9a-fA-F])[0-9a-fA-F]"
# U+02B0 to U+02FF count as letters but are typed as apostrophes: "d\u02bcAwa".
_LETTERS = rf"(?:[^\W\d_\u02b0-\u02ff]+|{_ESCAPED_LETTER})"
_TOKEN = r"\[[A-Z]{3,9}_\d+(?:_[A-Z]+(?:_\d+)?)?\]"
_WORD = (
    rf"(?P<letters>{_LETTERS}(?:{_LETTERS}|[{_MARK}])*)"
    r"|(?P<digits>\d+)"
    r"|\\u[0-9a-fA-F]{4}|\\[nrt]"  # an escaped sign or line end is not of the word
)
_SEEN_TOKEN = re.compile(_TOKEN)
_RUN = re.compile(_WORD)
_RUN_OR_TOKEN = re.compile(rf"(?P<token>{_TOKEN})|{_WORD}")
_ESCAPE = re.compile(r"\\u([0-9a-fA-F]{4})")
_UNSEEN = re.compile(rf"[{_INVISIBLE}]+")
_UNBROKEN, _UNBROKEN_BEFORE = re.compile(r"\S+"), re.compile(r"\S+$")
_OPAQUE = 20  # signs without a space around a name: no sentence has them
_AROUND = 40

GAP_IN_NAME = re.compile(r"[^\S\n\r]*[-‐-―−'’‘ʼ`´._]{0,2}[^\S\n\r]*")
_STOP_IN_GAP = re.compile(r"\.\s")  # the end of a sentence, not "J.B. Diop"
TIGHT_GAP = re.compile(r"[-‐-―−'’‘ʼ`´]")
LOOSE_GAP = re.compile(r"[^\n\r]{0,4}|\s{1,3}")


class Run(NamedTuple):
    """Letters or digits without a break, or a token; `text` is folded.

    A tuple: a turn reads thousands, and a frozen dataclass takes twice as long to make.
    """

    text: str
    start: int
    end: int
    is_token: bool = False


@dataclass(frozen=True, slots=True)
class Spelt:
    """A text and its runs, in order."""

    original: str
    runs: tuple[Run, ...]
    is_loud: bool = False  # all in capitals, which then say nothing

    def runs_from(self, first: int, end: int | None, *, moved: int) -> list[Run]:
        """Runs `first` to `end`, excluded, where they stand `moved` signs further."""
        return [
            Run(run.text, run.start + moved, run.end + moved, run.is_token)
            for run in self.runs[first:end]
        ]

    def gap(self, at: int) -> str:
        """What stands between run `at` and the next one, without the invisible."""
        between = self.original[self.runs[at].end : self.runs[at + 1].start]
        return _seen(between) if between else ""

    def is_split_unseen(self, at: int) -> bool:
        """Whether run `at` and the next are one word to the eye."""
        between = self.original[self.runs[at].end : self.runs[at + 1].start]
        return bool(between) and not _seen(between)

    def written(self, at: int) -> str:
        """Run `at` as it was written."""
        run = self.runs[at]
        return self.original[run.start : run.end]

    def touches_letters(self, first: int, last: int) -> bool:
        """Whether a letter or a digit stands directly beside these runs."""
        runs = self.runs
        before = first > 0 and runs[first - 1].end == runs[first].start
        after = last + 1 < len(runs) and runs[last + 1].start == runs[last].end
        return (before and not runs[first - 1].is_token) or (
            after and not runs[last + 1].is_token
        )

    def is_in_opaque(self, first: int, last: int) -> bool:
        """Whether these runs are in a long unbroken piece: a link, a signature."""
        start, end = self.runs[first].start, self.runs[last].end
        before = _UNBROKEN_BEFORE.search(self.original, max(0, start - _AROUND), start)
        after = _UNBROKEN.match(self.original, end, end + _AROUND)
        beside = (before, after)
        return sum(len(piece[0]) for piece in beside if piece) >= _OPAQUE


def spell(
    text: str, *, is_known_token: Callable[[str], bool], is_lasting: bool = False
) -> Spelt:
    """The runs of a text; what only looks like a token is read as words.

    `is_lasting`: a text of ours that every conversation has: its runs are remembered.
    """
    seen = _SEEN_TOKEN.findall(text)
    tokens = frozenset(token for token in seen if is_known_token(token))
    runs = _lasting_runs(text, tokens) if is_lasting else _runs(text, tokens)
    return Spelt(text, runs, is_loud=text.isupper())


def _runs(text: str, tokens: frozenset[str]) -> tuple[Run, ...]:
    if not tokens:
        return tuple(_words(text, 0, len(text)))
    runs: list[Run] = []
    for found in _RUN_OR_TOKEN.finditer(text):
        kind, (start, end) = found.lastgroup, found.span()
        if kind == "token" and found[0] not in tokens:
            runs += _words(text, start, end)
        elif kind == "token":
            runs.append(Run(found[0], start, end, is_token=True))
        elif kind:
            runs.append(Run(folded(found[0]), start, end))
    return tuple(runs)


def _words(text: str, start: int, end: int) -> list[Run]:
    return [
        Run(folded(found[0]), *found.span())
        for found in _RUN.finditer(text, start, end)
        if found.lastgroup
    ]


_lasting_runs = lru_cache(maxsize=64)(_runs)


@lru_cache(maxsize=4_000)
def words_of_value(value: str) -> tuple[str, ...]:
    """The folded runs of a known value, in order."""
    return tuple(run.text for run in _runs(value, frozenset()))


def is_gap_in_name(gap: str) -> bool:
    """Whether two words of one name may be this far apart."""
    return bool(GAP_IN_NAME.fullmatch(gap)) and not _STOP_IN_GAP.search(gap)


@lru_cache(maxsize=20_000)
def folded(word: str) -> str:
    """A word in small letters without accents, JSON escapes read."""
    if "\\" in word:
        word = _ESCAPE.sub(lambda found: chr(int(found[1], 16)), word)
    return fold(word)


def _seen(between: str) -> str:
    read = _ESCAPE.sub(lambda found: chr(int(found[1], 16)), between)
    return _UNSEEN.sub("", read)
