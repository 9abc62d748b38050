"""A text as runs of letters and of digits, each folded, with its place in the text.

Places are kept run by run, so that a folded name is found in any spelling and replaced
in the text as it was written. What cannot be seen (zero-width signs) parts runs.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

from tools.folding import fold

_INVISIBLE = (
    "\u00ad\u034f\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufe0f\ufeff"
)
_MARK = r"\u0300-\u034e\u0350-\u036f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff"
# JSON inside a text writes "è" as six signs: they are read as the letter.
_ESCAPED_LETTER = r"\\u(?:00[c-fC-F]|01[0-9a-fA-F]|03[0-6]|1[eE][0-9a-fA-F])[0-9a-fA-F]"
# U+02B0 to U+02FF count as letters but are typed as apostrophes: "d\u02bcAwa".
_LETTER = rf"(?:[^\W\d_\u02b0-\u02ff]|{_ESCAPED_LETTER})"
_RUN = re.compile(
    r"(?P<token>\[[A-Z]{3,9}_\d+(?:_[A-Z]+(?:_\d+)?)?\])"
    rf"|(?P<letters>{_LETTER}(?:{_LETTER}|[{_MARK}])*)"
    r"|(?P<digits>\d+)"
    r"|\\u[0-9a-fA-F]{4}|\\[nrt]"  # an escaped sign or line end is not of the word
)
_ESCAPE = re.compile(r"\\u([0-9a-fA-F]{4})")
_UNSEEN = re.compile(rf"[{_INVISIBLE}]+")
_UNBROKEN, _UNBROKEN_BEFORE = re.compile(r"\S+"), re.compile(r"\S+$")
_OPAQUE = 20  # signs without a space around a name: no sentence has them
_AROUND = 40

GAP_IN_NAME = re.compile(r"[^\S\n\r]*[-‐-―−'’‘ʼ`´._]{0,2}[^\S\n\r]*")
_STOP_IN_GAP = re.compile(r"\.\s")  # the end of a sentence, not "J.B. Diop"
TIGHT_GAP = re.compile(r"[-‐-―−'’‘ʼ`´]")
LOOSE_GAP = re.compile(r"[^\n\r]{0,4}|\s{1,3}")


@dataclass(frozen=True, slots=True)
class Run:
    """Letters or digits without a break, or a token; `text` is folded."""

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


def spell(text: str, *, is_known_token: Callable[[str], bool]) -> Spelt:
    """The runs of a text; what only looks like a token is read as words."""
    runs: list[Run] = []
    place = 0
    while found := _RUN.search(text, place):
        place = found.end()
        kind = found.lastgroup
        if kind == "token" and not is_known_token(found[0]):
            place = found.start() + 1
        elif kind == "token":
            runs.append(Run(found[0], found.start(), place, is_token=True))
        elif kind:
            runs.append(Run(folded(found[0]), found.start(), place))
    return Spelt(text, tuple(runs), is_loud=text.isupper())


def words_of_value(value: str) -> list[str]:
    """The folded runs of a known value, in order."""
    spelt = spell(value, is_known_token=_never)
    return [run.text for run in spelt.runs]


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


def _never(_: str) -> bool:
    return False
