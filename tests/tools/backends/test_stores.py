"""What is made of texts in the background, and kept on disk."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from tools.backends import stores
from tools.backends.stores import Store


class Letters(Store[NDArray[np.int8]]):
    """A row for each letter of a text: its place in the alphabet, twice."""

    def __init__(
        self, texts: Sequence[str], *, cache: Path | None = None, at_once: int = 2
    ) -> None:
        super().__init__(texts, name="letters", cache=cache, at_once=at_once)
        self.asked: list[str] = []
        self.is_warm = False

    def make(self, texts: Sequence[str]) -> Sequence[NDArray[np.int8]]:
        self.asked.extend(texts)
        return [np.array([[ord(x) - 97] * 2 for x in t], np.int8) for t in texts]

    def warm_up(self) -> None:
        self.is_warm = True

    def spelt(self) -> Sequence[str]:
        """The texts, read from what was made of them."""
        return ["".join(chr(97 + row[0]) for row in each) for each in self.made or ()]


class StoppedAfterTwo(Letters):
    def make(self, texts: Sequence[str]) -> Sequence[NDArray[np.int8]]:
        if self.asked:
            self._stopped.set()
        return super().make(texts)


class LooksAtTheDisk(Letters):
    def __init__(self, texts: Sequence[str], *, cache: Path) -> None:
        super().__init__(texts, cache=cache, at_once=1)
        self._cache = cache
        self.kept: list[bool] = []

    def make(self, texts: Sequence[str]) -> Sequence[NDArray[np.int8]]:
        self.kept.append(any(self._cache.iterdir()))
        return super().make(texts)


def filled(texts: Sequence[str], cache: Path | None = None) -> Letters:
    store = Letters(texts, cache=cache)
    store.start()
    store.wait()
    return store


def test_there_is_nothing_until_all_is_made() -> None:
    store = Letters(["ab", "c", "def"])
    before = store.made
    store.start()
    store.wait()

    assert before is None
    assert store.is_complete
    assert store.spelt() == ["ab", "c", "def"]


def test_of_no_texts_nothing_is_made() -> None:
    store = filled([])

    assert store.made is None
    assert not store.is_complete


def test_a_text_is_made_once_even_over_two_starts(tmp_path: Path) -> None:
    first = filled(["ab", "c", "ab"], tmp_path)
    second = filled(["c", "def", "ab"], tmp_path)

    assert sorted(first.asked) == ["ab", "c"]
    assert second.asked == ["def"]
    assert second.spelt() == ["c", "def", "ab"]


def test_what_is_kept_comes_back_as_it_was_made(tmp_path: Path) -> None:
    made = filled(["ab", "c", "defabc"], tmp_path).made
    again = filled(["ab", "c", "defabc"], tmp_path).made

    assert made is not None
    assert again is not None
    assert [each.dtype for each in again] == [np.int8] * 3
    assert [each.tolist() for each in again] == [each.tolist() for each in made]


def test_one_that_has_nothing_to_make_is_warmed_up(tmp_path: Path) -> None:
    assert not filled(["ab"], tmp_path).is_warm
    assert filled(["ab"], tmp_path).is_warm


@pytest.mark.parametrize("damage", [b"", b"no zip", b"PK\3\4\0\0"])
def test_a_damaged_file_is_made_again(tmp_path: Path, damage: bytes) -> None:
    filled(["ab"], tmp_path)
    (kept,) = tmp_path.iterdir()
    kept.write_bytes(damage)

    assert filled(["ab"], tmp_path).asked == ["ab"]
    assert filled(["ab"], tmp_path).asked == []


@pytest.mark.parametrize("sizes", [[1, 1], [5], []])
def test_a_file_whose_sizes_do_not_fit_is_made_again(
    tmp_path: Path, sizes: list[int]
) -> None:
    filled(["ab"], tmp_path)
    (kept,) = tmp_path.iterdir()
    with np.load(kept) as read:
        held = dict(read)
    np.savez(
        kept, keys=held["keys"], rows=held["rows"], sizes=np.array(sizes, np.int64)
    )

    assert filled(["ab"], tmp_path).asked == ["ab"]


def test_a_cache_that_cannot_be_written_is_done_without(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")

    assert filled(["ab"], tmp_path / "file").spelt() == ["ab"]


def test_of_too_many_texts_the_oldest_are_let_go(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stores, "KEPT", 2)
    filled(["ab", "c"], tmp_path)
    filled(["def"], tmp_path)

    assert filled(["c", "def"], tmp_path).asked == []
    assert filled(["ab"], tmp_path).asked == ["ab"]


def test_filling_can_be_stopped() -> None:
    store = Letters(["ab", "c", "def"], at_once=1)
    store.start()
    store.stop()
    store.stop()

    assert store.is_complete == (store.asked == ["ab", "c", "def"])


def test_what_was_made_before_the_stop_is_kept(tmp_path: Path) -> None:
    texts = ["a", "b", "c", "d", "e", "f"]
    stopped = StoppedAfterTwo(texts, cache=tmp_path)
    stopped.start()
    stopped.wait()

    assert not stopped.is_complete
    assert filled(texts, tmp_path).asked == ["e", "f"]


def test_what_is_made_is_kept_while_the_rest_is_being_made(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stores, "FIRST_SAVE", 2)
    looking = LooksAtTheDisk(["a", "b", "c", "d"], cache=tmp_path)
    looking.start()
    looking.wait()

    assert looking.kept == [False, False, True, True]
