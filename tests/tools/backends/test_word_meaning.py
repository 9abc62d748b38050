"""Words of another spelling, language or root that mean what was asked."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tools.backends.meaning import Meaning
from tools.backends.passages import cut, read_document
from tools.backends.universal import universal
from tools.backends.word_meaning import WordMeaning

from .test_vectors import Letters

CLINIC = """# Le dispensaire

## Visites

Le médecin reçoit le mardi.

## Argent

Aucun remboursement après trente jours.

## Élèves

Les élèves viennent avec leur carnet.
"""
PIECES = cut(read_document(CLINIC, source="a.md", name="a"))
DOCTOR, MONEY, PUPILS = range(3)


@pytest.fixture(scope="module")
def words() -> Iterator[WordMeaning]:
    meaning = WordMeaning(universal(), PIECES, cache=None)
    meaning.store.start()
    meaning.store.wait()
    yield meaning
    meaning.store.stop()


@pytest.mark.parametrize(
    ("word", "asked", "passage"),
    [
        ("docteur", "docteur", DOCTOR),
        ("refund", "refund", MONEY),
        ("rembourser", "rembourser", MONEY),
        ("eleve", "élève", PUPILS),
        ("eleves", "eleves", PUPILS),
    ],
)
def test_a_word_is_held_where_its_meaning_stands(
    words: WordMeaning, word: str, asked: str, passage: int
) -> None:
    forms = words.forms(word, {word: asked})
    near = words.nearness(universal().passages(forms))

    assert near is not None
    assert near.argmax() == passage
    assert near[passage] > 0.6
    assert all(near[other] < near[passage] / 2 for other in {0, 1, 2} - {passage})


def test_a_word_without_accents_is_also_tried_with_those_of_the_documents(
    words: WordMeaning,
) -> None:
    assert words.forms("medecin", {}) == ("medecin", "médecin")
    assert words.forms("bus", {}) == ("bus",)


def test_a_word_of_the_heading_counts_for_what_stands_under_it(
    words: WordMeaning,
) -> None:
    near = words.nearness(universal().passages(["argent"]))

    assert near is not None
    assert near.argmax() == MONEY


def test_nothing_is_known_before_all_vectors_are_there(tmp_path: Path) -> None:
    meaning = Meaning(PIECES, sentences=Letters(), words=universal(), cache=tmp_path)
    assert meaning.likeness("le médecin ?", ["medecin"]) is None
    assert not meaning.is_complete

    meaning.start()
    meaning.wait()
    like = meaning.likeness("le médecin ?", ["medecin"])
    meaning.stop()

    assert like is not None
    assert like.words["medecin"].argmax() == DOCTOR
    assert like.own.argmax() == DOCTOR
    assert len(like.whole) == len(like.section) == len(PIECES)


def test_a_list_of_no_words_is_no_trouble() -> None:
    empty = read_document("# T\n\n42.\n", source="b.md", name="b")
    meaning = WordMeaning(universal(), cut(empty), cache=None)
    meaning.store.start()
    meaning.store.wait()

    assert meaning.nearness(universal().passages(["prix"])) is None
