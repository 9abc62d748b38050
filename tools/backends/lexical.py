"""Passages by the words in them: SQLite's full-text index, in memory."""

import re
import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import log
from pathlib import PurePosixPath

from ..folding import fold, stem, words
from .answers import age_fits, days_between, kinds_in
from .passages import Piece
from .question import Term

# A word counts less the farther it stands from the passage itself.
COLUMNS = {"body": 0.95, "labels": 0.8, "heading": 0.95, "title": 0.65, "passing": 0.4}
CARRIED = 0.5  # a word counts as found from this strength on
COMMONEST = 0.2  # the weight of a word that is everywhere
ANSWERS = 0.8  # a telephone number carries the word "téléphone"
BOTH = 0.1  # more for a word that stands in the heading and in the passage,
# or in the heading of the first passage under it
SAME, NEAR = 0.85, 0.8  # for a synonym, for a word that may answer
KINDRED = 0.45  # for a word of the same root
NEAR_RANK = 3  # "la 1re et la 2e année": so many words may part rank and noun


_APPOINTMENT = re.compile(r"\brendez[- ]vous\b")
_COMPOUND = re.compile(r"\b([a-z]{1,8})-([a-z]{3,})\b")  # "t-shirt" or "tshirt"
# "au-dessus du secrétariat" is said of something else than the secretariat.
_PASSING = re.compile(
    r"\b(?:au[- ]dess(?:us|ous)|derriere|en face|pres|a cote|non loin|a l'arriere)\s+"
    r"(?:(?:de|du|des|la|le|les)\s+|[dl]')*([a-z]+)"
    r"|\b(?:tel|telephone|phone|portable)\b(?=\W{1,3}\d)"  # the name of a number
)


def in_passing(folded: str) -> tuple[str, str]:
    """A text without the words that only say where another thing is, and those."""
    passing = " ".join(found[1] or "telephone" for found in _PASSING.finditer(folded))
    return _PASSING.sub(" ", folded), passing


@dataclass(frozen=True, kw_only=True)
class Support:
    """How a term is carried by the passages, by their number: 0 to 1."""

    anywhere: Mapping[int, float]
    own: Mapping[int, float]  # by the passage's own words
    headed: frozenset[int]  # by the heading right above the passage
    under: frozenset[int]  # by any heading above it
    titled: frozenset[int]  # by the title of its document
    weight: float  # high for a rare word
    share: float  # of the passages


class LexicalIndex:
    """The words of all passages. Not for two threads at a time."""

    def __init__(self, pieces: Sequence[Piece], numbers: Mapping[str, str]) -> None:
        self.pieces = pieces
        self.written: set[str] = set()
        self.kinds = [
            kinds_in(piece.text, about=f"{piece.heading or ''} {piece.labels}")
            for piece in pieces
        ]
        self._numbers = numbers
        self._parts = frozenset(n for n, p in enumerate(pieces) if _is_part(p))
        self._db = sqlite3.connect(":memory:", check_same_thread=False)
        self._db.execute(
            "CREATE VIRTUAL TABLE piece USING fts5"
            f"({', '.join(COLUMNS)}, tokenize = 'ascii')"
        )
        self._db.executemany(
            "INSERT INTO piece (rowid, body, labels, heading, title, passing)"
            " VALUES (?, ?, ?, ?, ?, ?)",
            (self._row(number, piece) for number, piece in enumerate(pieces)),
        )

    def support(self, term: Term) -> Support:
        """Which passages carry a term, and how well."""
        found = self._by_column(term)
        own, headed = found["body"], found["heading"]
        self._delegate(found["title"], headed)
        anywhere: dict[int, float] = {}
        for carried in found.values():
            for number, strength in carried.items():
                anywhere[number] = max(strength, anywhere.get(number, 0))
        first = {number for number in headed if self.pieces[number].is_first}
        for number in first | (own.keys() & headed.keys()):
            anywhere[number] += BOTH
        total = len(self.pieces)
        common = sum(strength >= CARRIED for strength in anywhere.values())
        rarity = log((total + 1) / (common + 0.5)) / log(total + 2)
        weight = min(1.0, max(COMMONEST, rarity))
        return Support(
            anywhere=anywhere,
            own=own,
            headed=frozenset(first),
            under=frozenset(headed),
            titled=frozenset(found["title"]),
            share=common / max(1, total),
            weight=weight,
        )

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
            "SELECT rowid, -bm25(piece, 1.0, 0.7, 0.8, 0.5, 0.1) FROM piece"
            " WHERE piece MATCH ?",
            (" OR ".join(f'"{one}"' for one in sorted(stems)),),
        ).fetchall()
        best = max((score for _, score in rows), default=0)
        return {n: score / best for n, score in rows} if best > 0 else {}

    def _by_column(self, term: Term) -> dict[str, dict[int, float]]:
        found: dict[str, dict[int, float]] = {column: {} for column in COLUMNS}
        shares = (
            (term.stems, 1.0),
            (term.same, SAME),
            (term.near, NEAR),
            (term.kindred, KINDRED),
        )
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

    def _row(self, number: int, piece: Piece) -> tuple[int | str, ...]:
        body = f"{piece.body} {' '.join(days_between(piece.body))}"
        body, passing = in_passing(fold(body))
        document = piece.document
        return (
            number,
            self._stems(body),
            self._stems(piece.labels),
            self._stems(piece.heading or ""),
            # The name of the file is the shortest thing its author says of it.
            self._stems(f"{document.title} {PurePosixPath(document.source).stem}"),
            self._stems(passing),
        )

    def _delegate(self, title: dict[int, float], headed: Mapping[int, float]) -> None:
        """Let a word of the title count where a section of that name stands only.

        "Baptism, confirmation: what to know" says of no other section that it is
        about the confirmation.
        """
        own = {id(self.pieces[n].document) for n in headed if n in self._parts}
        for number in title:
            if id(self.pieces[number].document) in own and number not in headed:
                title[number] = min(title[number], COLUMNS["passing"])

    def _stems(self, text: str) -> str:
        # One thing, not the verb: "sur rendez-vous" gives nothing back.
        text = _APPOINTMENT.sub("rdv", fold(text))
        spelt = [self._numbers.get(word, word) for word in words(text)]
        spelt.extend(map("".join, _COMPOUND.findall(fold(text))))
        self.written.update(spelt)
        return " ".join(map(stem, spelt))


def _is_part(piece: Piece) -> bool:
    """Whether the heading says nothing that is not in the title: one part of it."""
    own = {stem(word) for word in words(piece.heading or "") if len(word) > 1}
    title = {stem(word) for word in words(piece.document.title)}
    return bool(own) and own < title
