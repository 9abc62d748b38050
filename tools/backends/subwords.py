"""Text as the pieces of words that multilingual-e5-small was taught with."""

from collections.abc import Sequence
from functools import lru_cache

import numpy as np

from .model_file import ModelFile, Vectors, unpacked

SPACE = "\u2581"  # how SentencePiece writes a space
_UNKNOWN_COSTS = 10.0  # below the worst piece, as in SentencePiece
_KEPT = 4096  # texts whose pieces are kept


class Subwords:
    """The vocabulary, and a vector for each of its pieces. May be used by any thread."""

    def __init__(self, file: ModelFile) -> None:
        self.size = file.size
        self.marks = file.marks
        self._ids = file.pieces
        self._likelihoods = file.likelihoods
        self._written_as = file.written_as
        self._blocks = file.blocks("emb.word", width=file.size)
        self._longest = max(map(len, self._ids))
        self._unknown = min(self._likelihoods) - _UNKNOWN_COSTS
        self.pieces = lru_cache(_KEPT)(self._pieces)

    def vectors(self, pieces: Sequence[int]) -> Vectors:
        """A row for each piece, as it is before the first layer."""
        return unpacked(self._blocks[np.asarray(pieces, dtype=np.int64)])

    def _pieces(self, text: str) -> Sequence[int]:
        """The likeliest way to write a text in pieces (Viterbi, unigram model)."""
        written = self._normalized(text)
        count = len(written)
        best = [0.0, *([-np.inf] * count)]
        came: list[tuple[int, int]] = [(0, 0)] * (count + 1)
        for start in range(count):
            unknown = best[start] + self._unknown
            if unknown > best[start + 1]:
                best[start + 1], came[start + 1] = unknown, (start, self.marks.unknown)
            for end in range(start + 1, min(count, start + self._longest) + 1):
                piece = self._ids.get(written[start:end])
                if piece is None:
                    continue
                score = best[start] + self._likelihoods[piece]
                if score > best[end]:
                    best[end], came[end] = score, (start, piece)
        found: list[int] = []
        while count:
            count, piece = came[count]
            found.append(piece)
        return tuple(reversed(found))

    def _normalized(self, text: str) -> str:
        plain = "".join(self._written_as.get(letter, letter) for letter in text)
        while "  " in plain:
            plain = plain.replace("  ", " ")
        return (plain if plain.startswith(" ") else f" {plain}").replace(" ", SPACE)
