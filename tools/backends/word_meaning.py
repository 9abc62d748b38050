"""How near the words of a question are to those of each passage, by what they mean."""

import re
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np

from ..folding import fold
from .embedder import Embedder, Vectors
from .passages import Piece
from .vectors import VectorStore

_WORD = re.compile(r"[a-zà-ÿœ]{3,}")
# A word of a heading is said of what stands under it, one of the title less so.
HEADING, TITLE = 0.97, 0.85
# A likeness below the first says nothing; from the second on it is the same word.
LEAST, SAME = 0.55, 0.9
WORDS_AT_ONCE = 32  # about 20 ms


def written_words(text: str) -> list[str]:
    """The words of a text with their accents, in lower case."""
    return _WORD.findall(text.lower())


class WordMeaning:
    """The words of all passages as vectors, with and without their accents."""

    def __init__(
        self, embedder: Embedder, pieces: Sequence[Piece], *, cache: Path | None
    ) -> None:
        columns = [_columns(piece) for piece in pieces]
        spelt = {word for parts in columns for part in parts for word in part}
        self._spelt = sorted(spelt)
        place = {word: n for n, word in enumerate(self._spelt)}
        self._columns = [
            _Column([[place[w] for w in parts[n]] for parts in columns])
            for n in range(3)
        ]
        self._accented = {fold(word): word for word in self._spelt}
        self._store = VectorStore(
            embedder,
            [*self._spelt, *map(fold, self._spelt)],
            cache=cache,
            kept_as="words",
            at_once=WORDS_AT_ONCE,
        )

    @property
    def store(self) -> VectorStore:
        """The vectors, made in the background."""
        return self._store

    def forms(self, word: str, asked: Mapping[str, str]) -> tuple[str, ...]:
        """A folded word and how it is written with its accents, here or in `asked`."""
        accented = asked.get(word) or self._accented.get(word, word)
        return tuple(dict.fromkeys((word, accented)))

    def nearness(self, forms: Vectors) -> Vectors | None:
        """How far each passage holds a word or its like, 0 to 1.

        `forms` are the vectors of one word, as it may be written; nothing while ours
        are incomplete.
        """
        cosines = self._store.beside(forms)
        if cosines is None:
            return None
        best = cosines.max(axis=1)
        half = len(self._spelt)
        like = np.maximum(best[:half], best[half:])
        body, heading, title = (column.best(like) for column in self._columns)
        best = np.maximum(body, np.maximum(HEADING * heading, TITLE * title))
        near = np.clip((best - LEAST) / (SAME - LEAST), 0, 1)
        return near.astype(np.float32)


class _Column:
    """The words of one part of each passage; the best of them, all at once."""

    def __init__(self, words: Sequence[Sequence[int]]) -> None:
        self._words = np.array([w for some in words for w in some], dtype=np.int64)
        sizes = np.array([len(some) for some in words], dtype=np.int64)
        self._filled = np.flatnonzero(sizes)
        self._starts = (np.cumsum(sizes) - sizes)[self._filled]
        self._count = len(words)

    def best(self, like: Vectors) -> Vectors:
        found = np.zeros(self._count, dtype=np.float32)
        if len(self._filled):
            found[self._filled] = np.maximum.reduceat(like[self._words], self._starts)
        return found


def _columns(piece: Piece) -> tuple[list[str], list[str], list[str]]:
    return (
        sorted(set(written_words(f"{piece.body} {piece.labels}"))),
        sorted(set(written_words(piece.heading or ""))),
        sorted(set(written_words(piece.document.title))),
    )
