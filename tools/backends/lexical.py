"""Passages by the words in them: SQLite's full-text index, in memory."""

import re
import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import log

from ..folding import stem, words
from .answers import age_fits, days_between, kinds_in
from .passages import Piece
from .question import Term

# A word counts less the farther it stands from the passage itself.
COLUMNS = {"body": 0.95, "labels": 0.8, "heading": 0.95, "title": 0.65}
COMMONEST = 0.2  # the weight of a word that is everywhere
ANSWERS = 0.8  # a telephone number carries the word "téléphone"
BOTH = 0.1  # more for a word that stands in the heading and in the passage,
# or in the heading of the first passage under it
SAME, NEAR = 0.85, 0.8  # for a synonym, for a word that may answer
NEAR_RANK = 3  # "la 1re et la 2e année": so many words may part rank and noun


@dataclass(frozen=True, kw_only=True)
class Support:
    """How a term is carried by the passages, by their number: 0 to 1."""

    anywhere: Mapping[int, float]
    own: Mapping[int, float]  # by the passage's own words
    headed: frozenset[int]  # by the heading right above the passage
    weight: float  # high for a rare word


class LexicalIndex:
    """The words of all passages. Not for two threads at a time."""

    def __init__(self, pieces: Sequence[Piece], numbers: Mapping[str, str]) -> None:
        self.pieces = pieces
        self.written: set[str] = set()
        self.kinds = [kinds_in(piece.text) for piece in pieces]
        self._numbers = numbers
        self._db = sqlite3.connect(":memory:", check_same_thread=False)
        self._db.execute(
            "CREATE VIRTUAL TABLE piece USING fts5"
            f"({', '.join(COLUMNS)}, tokenize = 'ascii')"
        )
        self._db.executemany(
            "INSERT INTO piece (rowid, body, labels, heading, title)"
            " VALUES (?, ?, ?, ?, ?)",
            (self._row(number, piece) for number, piece in enumerate(pieces)),
        )

    def support(self, term: Term) -> Support:
        """Which passages carry a term, and how well."""
        found = self._by_column(term)
        own, headed = found["body"], found["heading"]
        anywhere: dict[int, float] = {}
        for carried in found.values():
            for number, strength in carried.items():
                anywhere[number] = max(strength, anywhere.get(number, 0))
        first = {number for number in headed if self.pieces[number].is_first}
        for number in first | (own.keys() & headed.keys()):
            anywhere[number] += BOTH
        total = len(self.pieces)
        rarity = log((total + 1) / (len(anywhere) + 0.5)) / log(total + 2)
        weight = min(1.0, max(COMMONEST, rarity))
        headed = frozenset(first)
        return Support(anywhere=anywhere, own=own, headed=headed, weight=weight)

    def ages(self, age: int) -> frozenset[int]:
        """The passages that name an age group with this age."""
        return frozenset(
            number
            for number, piece in enumerate(self.pieces)
            if age_fits(age, piece.text)
        )

    def relevance(self, terms: Iterable[Term]) -> Mapping[int, float]:
        """BM25 of all terms together, 1 for the best passage."""
        stems = {one for term in terms for one in (*term.stems, *term.same)}
        stems = {one for one in stems if re.fullmatch(r"[0-9a-z]+", one)}
        if not stems:
            return {}
        rows = self._db.execute(
            "SELECT rowid, -bm25(piece, 1.0, 0.7, 0.8, 0.5) FROM piece"
            " WHERE piece MATCH ?",
            (" OR ".join(f'"{one}"' for one in sorted(stems)),),
        ).fetchall()
        best = max((score for _, score in rows), default=0)
        return {n: score / best for n, score in rows} if best > 0 else {}

    def _by_column(self, term: Term) -> dict[str, dict[int, float]]:
        found: dict[str, dict[int, float]] = {column: {} for column in COLUMNS}
        shares = ((term.stems, 1.0), (term.same, SAME), (term.near, NEAR))
        for stems, share in shares:
            for column, nearness in COLUMNS.items() if stems else ():
                for number in self._matching(stems, column, term.rank):
                    found[column].setdefault(number, share * nearness)
        for number, kinds in enumerate(self.kinds):
            if term.kind in kinds:
                found["body"].setdefault(number, ANSWERS)
        return found

    def _matching(
        self, stems: Iterable[str], column: str, rank: str | None
    ) -> Iterable[int]:
        wanted = [
            f'NEAR("{rank}" "{one}", {NEAR_RANK})' if rank else f'"{one}"'
            for one in sorted(stems)
        ]
        rows = self._db.execute(
            "SELECT rowid FROM piece WHERE piece MATCH ?",
            (f"{{{column}}} : ({' OR '.join(wanted)})",),
        )
        return [number for (number,) in rows]

    def _row(self, number: int, piece: Piece) -> tuple[int, str, str, str, str]:
        body = f"{piece.body} {' '.join(days_between(piece.body))}"
        return (
            number,
            self._stems(body),
            self._stems(piece.labels),
            self._stems(piece.heading or ""),
            self._stems(piece.document.title),
        )

    def _stems(self, text: str) -> str:
        spelt = [self._numbers.get(word, word) for word in words(text)]
        self.written.update(spelt)
        return " ".join(map(stem, spelt))
