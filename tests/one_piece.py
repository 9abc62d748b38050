"""An encoder for tests: a text is one piece, and like another in one direction."""

from abc import ABC, abstractmethod
from collections.abc import Sequence

import numpy as np

from tools.backends.encoder import STEPS, Asked, Packed, Vectors


class OnePiece(ABC):
    """What is wholly alike has odds of 8, what is not at all of -8."""

    name = "one-piece"

    def __init__(self) -> None:
        self.read: list[str] = []

    @abstractmethod
    def direction(self, text: str) -> Vectors:
        """What a text is about: a vector of length 1, or 0 for nothing."""

    def odds(self, likeness: Vectors) -> Vectors:
        return 16 * (likeness - 0.5)

    def question(self, text: str) -> Asked:
        return Asked(
            tokens=self.direction(text)[None], shares=np.ones(1, dtype=np.float32)
        )

    def passages(self, texts: Sequence[str]) -> Sequence[Packed]:
        self.read.extend(texts)
        return [np.rint(self.direction(t)[None] * STEPS).astype(np.int8) for t in texts]


class Letters(OnePiece):
    """Counts letters: like each other are texts of the same ones."""

    name = "letters"

    def direction(self, text: str) -> Vectors:
        counts = np.array([text.count(letter) for letter in "abcdef"], np.float32)
        return counts / max(1.0, float(np.linalg.norm(counts)))
