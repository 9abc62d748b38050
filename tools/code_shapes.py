"""What the codes of a world look like, without being any of them.

The built-in model must know a code when it reads one, in any organisation: "KX-0417"
in one, three words in another. A shape is the kinds of the runs in the normal spelling
(digits, letters) with the shortest and longest length of each.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from .backends.tables import Tables
from .matching import codes_in, normal_code
from .profile import Profile

SHORTEST_DISTINCT = 5  # letters and digits: below, everyday words look the same

_TOKEN = re.compile(r"[^\W_]+")
_MAX_PIECES = 4  # of a code written in several words

Runs = tuple[tuple[bool, int], ...]  # is it of digits, how long


@dataclass(frozen=True)
class CodeShape:
    """One shape: for each run, whether it is of digits, its least and most length."""

    runs: tuple[tuple[bool, int, int], ...]

    def fits(self, text: str) -> bool:
        """Whether a text, normally spelt, has this shape."""
        found = _runs(normal_code(text))
        return len(found) == len(self.runs) and all(
            digits == is_digits and least <= length <= most
            for (digits, length), (is_digits, least, most) in zip(
                found, self.runs, strict=True
            )
        )

    @property
    def is_distinct(self) -> bool:
        """Whether nothing but a code looks like it: letters and digits, and long."""
        kinds = {is_digits for is_digits, _, _ in self.runs}
        shortest = sum(least for _, least, _ in self.runs)
        return len(kinds) == 2 and shortest >= SHORTEST_DISTINCT


def shapes_of(codes: Iterable[str]) -> tuple[CodeShape, ...]:
    """The few shapes that cover all these codes."""
    by_kinds: dict[tuple[bool, ...], list[Runs]] = {}
    for code in codes:
        runs = _runs(normal_code(code))
        by_kinds.setdefault(tuple(digits for digits, _ in runs), []).append(runs)
    return tuple(
        CodeShape(
            tuple(
                (digits, min(lengths), max(lengths))
                for digits, lengths in zip(
                    kinds, zip(*(_lengths(r) for r in runs), strict=True), strict=True
                )
            )
        )
        for kinds, runs in by_kinds.items()
        if kinds
    )


def hide_codes(text: str, shapes: Sequence[CodeShape]) -> str:
    """The text with what looks like a code of this world blotted out."""
    tokens = list(_TOKEN.finditer(text))
    hidden: list[tuple[int, int]] = []
    last = 0
    while last < len(tokens):
        for length in range(_MAX_PIECES, 0, -1):
            piece = tokens[last : last + length]
            start, end = piece[0].start(), piece[-1].end()
            if any(s.is_distinct and s.fits(text[start:end]) for s in shapes):
                hidden.append((start, end))
                last += len(piece) - 1
                break
        last += 1
    for start, end in reversed(hidden):
        text = f"{text[:start]}••••{text[end:]}"
    return text


def pieces_like_codes(text: str, shapes: Sequence[CodeShape]) -> Iterator[str]:
    """Every piece of a text, of up to four words, that has one of these shapes."""
    tokens = list(_TOKEN.finditer(text))
    for at, first in enumerate(tokens):
        for last in tokens[at : at + _MAX_PIECES]:
            piece = text[first.start() : last.end()]
            if any(shape.fits(piece) for shape in shapes):
                yield piece


async def code_shapes(
    profiles: Mapping[str, Profile], tables: Tables
) -> Sequence[CodeShape]:
    """The shapes of the codes that prove who somebody is in this world.

    Raises:
        BackendUnavailable: the tables cannot be read now.
    """
    codes: set[str] = set()
    for profile in profiles.values():
        if profile.identity:
            field = profile.identity.code_field
            for row in await tables.rows(profile.identity.table, needed=[field]):
                codes |= codes_in(row.get(field, ""))
    return shapes_of(sorted(codes))


def _runs(code: str) -> Runs:
    return tuple(
        (is_digits, len(list(run))) for is_digits, run in groupby(code, str.isdigit)
    )


def _lengths(runs: Runs) -> tuple[int, ...]:
    return tuple(length for _, length in runs)
