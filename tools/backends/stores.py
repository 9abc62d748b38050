"""What is made of texts in the background, and kept on disk by the text."""

import io
import zipfile
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from hashlib import sha256
from pathlib import Path
from threading import Event, Thread
from typing import Any, Generic, TypeVar

import numpy as np
from numpy.typing import NDArray

from .disk import write_whole

FIRST_SAVE = 64  # texts; then whenever there are twice as many
KEPT = 20_000  # texts on disk; the oldest are let go

Made = TypeVar("Made", bound=NDArray[Any])


class Store(ABC, Generic[Made]):
    """One array for each text of a list. Complete after a while; until then, none."""

    def __init__(
        self, texts: Sequence[str], *, name: str, cache: Path | None, at_once: int
    ) -> None:
        self.made: Sequence[Made] | None = None
        self._texts = list(texts)
        self._at_once = at_once  # a question waits no longer than for so many texts
        # A file of its own: two stores that fill at once do not undo each other.
        self._file = cache / f"{name}.npz" if cache else None
        self._stopped = Event()
        # A daemon: a process that ends does not wait for it.
        self._thread = Thread(target=self._fill, name=name, daemon=True)

    @abstractmethod
    def make(self, texts: Sequence[str]) -> Sequence[Made]:
        """An array for each text, all of the same type and as many dimensions."""

    def warm_up(self) -> None:
        """Do what the first text is slow by, when nothing had to be made."""

    def start(self) -> None:
        """Begin to fill; returns at once."""
        self._thread.start()

    def wait(self, at_most_s: float | None = None) -> None:
        """Return when all is there, filling was stopped or time is over."""
        self._thread.join(at_most_s)

    def stop(self) -> None:
        """End the filling; what was made is kept on disk."""
        self._stopped.set()
        self._thread.join()

    @property
    def is_complete(self) -> bool:
        """Whether there is something for every text."""
        return self.made is not None

    def _fill(self) -> None:
        known: dict[str, Made] = _load(self._file)
        keys = [_key(text) for text in self._texts]
        # By key, because several texts may be the same.
        absent = {key: n for n, key in enumerate(keys) if key not in known}
        missing = list(absent.values())
        save_at = FIRST_SAVE
        for start in range(0, len(missing), self._at_once):
            if self._stopped.is_set():
                break
            if start >= save_at:
                _save(self._file, known)
                save_at = 2 * start
            some = missing[start : start + self._at_once]
            made = self.make([self._texts[n] for n in some])
            known.update(zip((keys[n] for n in some), made, strict=True))
        if missing:
            _save(self._file, known)
        elif keys:
            self.warm_up()
        if all(key in known for key in keys) and keys:
            self.made = [known[key] for key in keys]


def _key(text: str) -> str:
    return sha256(text.encode()).hexdigest()[:32]


def _load(file: Path | None) -> dict[str, Any]:
    if file is None:
        return {}
    try:
        with np.load(file, allow_pickle=False) as kept:
            keys: Sequence[str] = kept["keys"].tolist()
            ends = np.cumsum(kept["sizes"])
            rows = kept["rows"]
            arrays = np.split(rows, ends[:-1])
            is_whole = len(keys) == len(ends) and len(keys) > 0
            is_whole = is_whole and int(ends[-1]) == len(rows)
    except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile):
        return {}  # missing or damaged: they are made again
    return dict(zip(keys, arrays, strict=True)) if is_whole else {}


def _save(file: Path | None, known: Mapping[str, NDArray[Any]]) -> None:
    if file is None or not known:
        return
    keys = list(known)[-KEPT:]
    arrays = [np.atleast_2d(known[key]) for key in keys]
    written = io.BytesIO()
    np.savez(
        written,
        keys=np.array(keys),
        sizes=np.array([len(array) for array in arrays]),
        rows=np.concatenate(arrays),
    )
    write_whole(file, written.getvalue())
