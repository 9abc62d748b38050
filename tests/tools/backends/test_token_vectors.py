from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from tools.backends import token_vectors
from tools.backends.encoder import STEPS, Asked, Packed, Vectors, open_encoder
from tools.backends.token_vectors import TokenStore

PASSAGES = (
    "Horaires > Éveil à la foi > Le samedi de 9 h à 10 h 30, salle Bakhita.",
    "Tarifs > L'inscription coûte 5 000 F par enfant.",
    "Santé > Un certificat médical est demandé avant le camp.",
)


class Letters:
    """A piece is a letter, one of four directions; the last letter matters most."""

    name = "letters"

    def __init__(self) -> None:
        self.read: list[str] = []

    def odds(self, likeness: Vectors) -> Vectors:
        return 10 * (likeness - 0.5)

    def question(self, text: str) -> Asked:
        shares = np.arange(1, len(text) + 1, dtype=np.float32)
        return Asked(tokens=self._rows(text), shares=shares / shares.sum())

    def passages(self, texts: Sequence[str]) -> Sequence[Packed]:
        self.read.extend(texts)
        return [(self._rows(text) * STEPS).astype(np.int8) for text in texts]

    def _rows(self, text: str) -> Vectors:
        return np.eye(4, dtype=np.float32)[["abcd".index(letter) for letter in text]]


def filled(texts: Sequence[str], *, cache: Path | None = None) -> TokenStore:
    store = TokenStore(Letters(), texts, cache=cache)
    store.start()
    store.wait()
    return store


def test_nothing_meets_until_all_passages_are_read() -> None:
    assert TokenStore(Letters(), ["ab"], cache=None).interaction("a") is None


@pytest.mark.parametrize("block", [1, 2, 256])
def test_each_piece_of_the_question_meets_its_best_in_each_passage(
    monkeypatch: pytest.MonkeyPatch, block: int
) -> None:
    monkeypatch.setattr(token_vectors, "BLOCK", block)
    met = filled(["abba", "c", "cb"]).interaction("ab")

    assert met is not None
    # Of "ab", "b" counts for two thirds.
    assert met.odds == pytest.approx([5, -5, 10 * (2 / 3 - 0.5)])
    assert met.lost == pytest.approx([0, 2 / 3, 1 / 3])


def test_passages_of_different_lengths_are_kept_for_the_next_start(
    tmp_path: Path,
) -> None:
    first = filled(["abba", "c"], cache=tmp_path).interaction("bc")
    letters = Letters()
    again = TokenStore(letters, ["c", "abba", "d"], cache=tmp_path)
    again.start()
    again.wait()
    second = again.interaction("bc")

    assert letters.read == ["d"]
    assert first is not None
    assert second is not None
    assert second.odds[:2].tolist() == first.odds[::-1].tolist()


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ("c kel jour pr les tout petits", 0),
        ("how much do we pay to sign up?", 1),
        ("faut-il un papier du docteur ?", 2),
    ],
)
def test_the_taught_encoder_finds_what_answers_in_other_words(
    question: str, answer: int
) -> None:
    encoder = open_encoder()
    assert encoder is not None
    store = TokenStore(encoder, PASSAGES, cache=None)
    store.start()
    store.wait()
    met = store.interaction(question)

    assert met is not None
    assert int(met.odds.argmax()) == answer


def test_what_is_too_long_is_read_as_far_as_was_taught() -> None:
    encoder = open_encoder()
    assert encoder is not None
    (passage,) = encoder.passages(["mot " * 1000])
    asked = encoder.question("mot " * 1000)

    assert passage.shape[1] == asked.tokens.shape[1]
    assert len(passage) == 132
    assert len(asked.tokens) == 66
    assert asked.shares.sum() == pytest.approx(1)


def test_an_empty_question_is_a_question() -> None:
    encoder = open_encoder()
    assert encoder is not None

    assert encoder.question("").shares.sum() == pytest.approx(1)
