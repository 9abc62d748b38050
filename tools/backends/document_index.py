"""The index of some documents, in memory: searched by word and by meaning."""

import asyncio
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from itertools import zip_longest
from threading import Lock

from .documents import Passage
from .lexical import LexicalIndex
from .passages import Document, Piece, cut
from .question import Question, Reader, clauses, is_added
from .ranking import Ranked, Ranking
from .spelling import Spelling
from .validity import is_over, stated_year
from .vectors import VectorStore
from .vocabulary import vocabulary

LIKE = 0.08  # a cosine this far below the best means nothing in common
MAX_QUERY = 1000  # characters; more is a letter, not a question
MAX_CONTEXT = 400  # characters that are embedded: about 0.15 s each


def _utc_now() -> datetime:
    return datetime.now(UTC)


class DocumentIndex:
    """Documents as they were when it was made. Another state is another index."""

    def __init__(
        self,
        documents: Sequence[Document],
        *,
        problems: Sequence[str] = (),
        vectors: Callable[[Sequence[str]], VectorStore] | None = None,
        now: Callable[[], datetime] = _utc_now,
    ) -> None:
        pieces = [piece for document in documents for piece in cut(document)]
        lexicon = vocabulary()
        self._titles = [document.title for document in documents]
        self._problems = list(problems)
        self._now = now
        self._index = LexicalIndex(pieces, lexicon.numbers)
        self._reader = Reader(lexicon, Spelling(lexicon, self._index.written))
        self._ranking = Ranking(self._index)
        self._lock = Lock()  # the index is not for two threads at a time
        self._vectors = vectors(_contexts(pieces)) if vectors else None
        if self._vectors:
            self._vectors.start()

    async def warm(self, *, at_most_s: float | None = None) -> None:
        """Return when the search also goes by meaning, or after so many seconds."""
        if self._vectors:
            await asyncio.to_thread(self._vectors.wait, at_most_s)

    async def close(self) -> None:
        """Stop the work in the background."""
        if self._vectors:
            await asyncio.to_thread(self._vectors.stop)

    @property
    def goes_by_meaning(self) -> bool:
        """Whether its vectors are there."""
        return self._vectors is not None and self._vectors.is_complete

    async def titles(self) -> Sequence[str]:
        return self._titles

    def problems(self) -> Sequence[str]:
        return self._problems

    async def search(self, query: str, *, at_most: int = 5) -> Sequence[Passage]:
        return await asyncio.to_thread(self._search, query, at_most)

    def _search(self, query: str, at_most: int) -> list[Passage]:
        today = self._now().date()
        query = query[:MAX_QUERY]
        found = [self._ranked(*one, today) for one in self._questions(query, today)]
        # Stable: the questions of one message keep taking turns.
        best = sorted(_in_turn(found), key=lambda one: not one.is_evident)
        passages: dict[str, Passage] = {}
        for ranked in best:
            passages.setdefault(ranked.piece.text, _passage(ranked, today))
        return list(passages.values())[:at_most]

    def _questions(self, query: str, today: date) -> list[tuple[str, Question]]:
        """The whole message, then each question in it that stands by itself."""
        parts: list[tuple[str, Question]] = []
        for clause in clauses(query):
            asked = self._reader.read(clause, today=today)
            said, before = parts[-1] if parts else ("", None)
            if before and not (before.has_subject and asked.has_subject):
                both = f"{said}\n{clause}"
                parts[-1] = both, self._reader.read(both, today=today)
                continue
            if before and not asked.kinds and is_added(clause):
                asked = replace(asked, kinds=before.kinds)
            parts.append((clause, asked))
        whole = query, self._reader.read(query, today=today)
        if len(parts) > 1:
            return [whole, *parts]
        return [whole, *((query, one) for one in whole[1].by_kind())]

    def _ranked(self, said: str, question: Question, today: date) -> list[Ranked]:
        meaning = self._meaning(said)
        with self._lock:
            return self._ranking.rank(question, meaning, today=today)

    def _meaning(self, said: str) -> Mapping[int, float]:
        cosines = self._vectors.likeness(said) if self._vectors else None
        if cosines is None:
            return {}
        near = 1 - (cosines.max() - cosines) / LIKE
        return {n: float(like) for n, like in enumerate(near) if like > 0}


def _contexts(pieces: Sequence[Piece]) -> list[str]:
    """What is embedded for each piece; the rows of a table share its vector."""
    wholes = {
        (id(piece.document), piece.group): piece
        for piece in pieces
        if piece.kind == "whole"
    }
    shared = (wholes.get((id(p.document), p.group), p) for p in pieces)
    return [piece.context[:MAX_CONTEXT] for piece in shared]


def _in_turn(lists: Sequence[Sequence[Ranked]]) -> Iterator[Ranked]:
    for row in zip_longest(*lists):
        yield from (ranked for ranked in row if ranked)


def _passage(ranked: Ranked, today: date) -> Passage:
    piece, document = ranked.piece, ranked.piece.document
    year = stated_year(document, heading=piece.heading, text=piece.text)
    return Passage(
        title=document.title,
        heading=piece.heading,
        text=piece.text,
        source=document.source,
        updated=document.updated,
        score=ranked.score,
        is_evident=ranked.is_evident,
        is_near=ranked.is_near,
        link=document.link,
        valid_for=year,
        is_past=bool(year) and is_over(year, today),
    )
