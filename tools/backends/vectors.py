"""Vectors of passages, made in the background and kept on disk by their text."""

import io
import zipfile
from collections.abc import Sequence
from hashlib import sha256
from pathlib import Path
from threading import Event, Thread

import numpy as np

from .disk import write_whole
from .embedder import Embedder, Vectors

AT_ONCE = 4  # texts per call: a question waits no longer than this for its turn
SAVE_EVERY = 64
KEPT = 20_000  # vectors on disk; the oldest are let go


class VectorStore:
    """The vectors of one list of texts. Complete after a while; until then, none."""

    def __init__(
        self,
        embedder: Embedder,
        texts: Sequence[str],
        *,
        cache: Path | None,
        kept_as: str = "texts",
        at_once: int = AT_ONCE,
    ) -> None:
        self._embedder = embedder
        self._texts = list(texts)
        self._at_once = at_once
        # A file of its own: two stores that fill at once do not undo each other.
        name = f"vectors-{embedder.name}-{kept_as}.npz"
        self._file = cache / name if cache else None
        self._matrix: Vectors | None = None
        self._stopped = Event()
        # A daemon: a process that ends does not wait for it.
        self._thread = Thread(target=self._fill, name="vectors", daemon=True)

    def start(self) -> None:
        """Begin to fill; returns at once."""
        self._thread.start()

    def wait(self, at_most_s: float | None = None) -> None:
        """Return when all vectors are there, filling was stopped or time is over."""
        self._thread.join(at_most_s)

    def stop(self) -> None:
        """End the filling; what was made is kept on disk."""
        self._stopped.set()
        self._thread.join()

    @property
    def is_complete(self) -> bool:
        """Whether all vectors are there."""
        return self._matrix is not None

    def likeness(self, question: str) -> Vectors | None:
        """The cosine of the question to each text; nothing while incomplete."""
        if self._matrix is None:
            return None
        return self._matrix @ self._embedder.query(question)

    def beside(self, vectors: Vectors) -> Vectors | None:
        """The cosine of each text (rows) to each vector; nothing while incomplete."""
        return None if self._matrix is None else self._matrix @ vectors.T

    def _fill(self) -> None:
        known = _load(self._file)
        keys = [_key(text) for text in self._texts]
        # By key, because several texts may be the same.
        absent = {key: n for n, key in enumerate(keys) if key not in known}
        missing = list(absent.values())
        for start in range(0, len(missing), self._at_once):
            if self._stopped.is_set():
                break
            some = missing[start : start + self._at_once]
            made = self._embedder.passages([self._texts[n] for n in some])
            known.update(zip((keys[n] for n in some), made, strict=True))
            if start % SAVE_EVERY == SAVE_EVERY - self._at_once:
                _save(self._file, known)
        if missing:
            _save(self._file, known)
        elif self._texts:
            # An encoder reads its tables at its first text: not while somebody waits.
            self._embedder.query(self._texts[0])
        if all(key in known for key in keys) and keys:
            self._matrix = np.stack([known[key] for key in keys])


def _key(text: str) -> str:
    return sha256(text.encode()).hexdigest()[:32]


def _load(file: Path | None) -> dict[str, Vectors]:
    if file is None:
        return {}
    try:
        with np.load(file, allow_pickle=False) as kept:
            keys: Sequence[str] = kept["keys"].tolist()
            matrix: Vectors = kept["vectors"].astype(np.float32)
    except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile):
        return {}  # missing or damaged: they are made again
    if matrix.ndim != 2 or len(keys) != len(matrix):
        return {}
    return dict(zip(keys, matrix, strict=True))


def _save(file: Path | None, known: dict[str, Vectors]) -> None:
    if file is None or not known:
        return
    keys = list(known)[-KEPT:]
    written = io.BytesIO()
    np.savez(
        written, keys=np.array(keys), vectors=np.stack([known[key] for key in keys])
    )
    write_whole(file, written.getvalue())
