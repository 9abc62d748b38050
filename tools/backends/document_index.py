"""The index of some documents, in memory: searched by word and by meaning."""

import asyncio
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from itertools import zip_longest
from pathlib import Path
from threading import Lock

from .documents import Passage
from .encoder import Encoder
from .lexical import LexicalIndex
from .passages import Document, cut
from .question import Question, Reader, clauses, is_added
from .ranking import Comparison, Ranked, Ranking
from .spelling import Spelling
from .token_vectors import Interaction, TokenStore, nearer
from .validity import is_over, stated_year
from .vocabulary import vocabulary
from .weights import Weights

MAX_QUERY = 1000  # characters; more is a letter, not a question
MAX_READ = 600  # characters of a passage that the encoder is given


def _utc_now() -> datetime:
    return datetime.now(UTC)


class DocumentIndex:
    """Documents as they were when it was made. Another state is another index."""

    def __init__(
        self,
        documents: Sequence[Document],
        *,
        problems: Sequence[str] = (),
        encoder: Encoder | None = None,
        cache: Path | None = None,
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
        self._tokens: TokenStore | None = None
        if encoder and pieces:
            read = [piece.context[:MAX_READ] for piece in pieces]
            self._tokens = TokenStore(encoder, read, cache=cache)
            self._tokens.start()

    async def warm(self, *, at_most_s: float | None = None) -> None:
        """Return when the search also goes by meaning, or after so many seconds."""
        if self._tokens:
            await asyncio.to_thread(self._tokens.wait, at_most_s)

    async def close(self) -> None:
        """Stop the work in the background."""
        if self._tokens:
            await asyncio.to_thread(self._tokens.stop)

    @property
    def goes_by_meaning(self) -> bool:
        """Whether its vectors are there."""
        return self._tokens is not None and self._tokens.is_complete

    async def titles(self) -> Sequence[str]:
        return self._titles

    def odds(self, query: str) -> float | None:
        """The logarithm of the odds that the best passage answers, by the encoder.

        None: it cannot be told, because the vectors are not there.
        """
        with self._lock:
            met = self._met(query[:MAX_QUERY])
        return float(met.odds.max()) if met else None

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
        """Each question in a message that stands by itself, and the whole of it."""
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
            return [*parts, whole]
        return [whole, *((query, one) for one in whole[1].by_kind())]

    def compared(self, query: str, model: Weights, *, by_words: bool) -> Comparison:
        """A question beside all passages, as one model scores them: to fit it."""
        today = self._now().date()
        question = self._reader.read(query, today=today)
        with self._lock:
            met = None if by_words else self._met(query)
            return self._ranking.compare(question, met, model=model, today=today)

    def _ranked(self, said: str, question: Question, today: date) -> list[Ranked]:
        with self._lock:
            return self._ranking.rank(question, self._met(said), today=today)

    def _met(self, said: str) -> Interaction | None:
        """By meaning: as it is written, and in better spelling where there is one."""
        met = self._tokens.interaction(said) if self._tokens else None
        spelt = self._reader.spelt(said)
        if self._tokens is None or met is None or spelt is None:
            return met
        return nearer(met, self._tokens.interaction(spelt) or met)


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
