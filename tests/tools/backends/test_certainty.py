"""When the best passage is asserted, quoted with a doubt, or neither."""

from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pytest

from tests.one_piece import OnePiece
from tools.backends.certainty import SIGNS
from tools.backends.documents import Passage
from tools.backends.encoder import Vectors
from tools.backends.features import FEATURES
from tools.backends.folder import FolderDocuments
from tools.backends.ranking import NEAREST
from tools.backends.weights import Weights, weights

from .test_folder import on

TOWN = """# La piscine

## Tarifs

| Qui | Entrée |
| --- | --- |
| Adulte | 900 F |
| Enfant de moins de 12 ans | 400 F |

## Bonnet

Le bonnet de bain est obligatoire. Il se loue 200 F à la caisse.

## Vestiaires

Les vestiaires ferment un quart d'heure avant le bassin.

## Cours

Les cours d'aquagym ont lieu le jeudi à 19 h, avec Awa Sy.
"""


@pytest.fixture
def town(tmp_path: Path) -> Path:
    (tmp_path / "piscine.md").write_text(TOWN, encoding="utf-8")
    return tmp_path


@pytest.fixture
async def pool(town: Path) -> FolderDocuments:
    return await FolderDocuments.open(town, now=on(2026, 11))


async def _said(pool: FolderDocuments, question: str) -> Mapping[str, list[Passage]]:
    found = await pool.search(question)
    return {
        "sure": [one for one in found if one.is_evident],
        "doubt": [one for one in found if one.is_near],
    }


async def test_what_is_clearly_answered_is_asserted(pool: FolderDocuments) -> None:
    said = await _said(pool, "le bonnet de bain est-il obligatoire ?")

    assert "obligatoire" in said["sure"][0].text
    assert not said["doubt"]


async def test_of_what_no_document_names_nothing_is_quoted(
    pool: FolderDocuments,
) -> None:
    said = await _said(pool, "c'est combien le trampoline ?")

    assert said == {"sure": [], "doubt": []}


async def test_few_are_quoted_with_a_doubt(pool: FolderDocuments) -> None:
    said = await _said(pool, "les cours du bassin et les vestiaires, comment ?")

    assert len(said["doubt"]) <= NEAREST
    assert not (said["sure"] and said["doubt"])


async def test_the_price_of_something_else_is_no_help(pool: FolderDocuments) -> None:
    said = await _said(pool, "combien coûte le cours d'aquagym ?")

    assert not any("900 F" in one.text for one in said["sure"] + said["doubt"])


def test_every_weight_is_there_and_certainty_is_a_share() -> None:
    assert set(weights()) == {"meaning", "words"}
    for model in weights().values():
        assert len(model.features) == len(FEATURES)
        assert len(model.signs) == len(SIGNS)
        assert 0 < model.certainty(np.zeros(len(SIGNS), np.float32)) < 1


def test_a_past_year_counts_against_a_passage_and_a_named_one_for_it() -> None:
    for model in weights().values():
        named = dict(zip(FEATURES, model.features, strict=True))
        assert named["past"] < 0 < named["year"]
        assert named["cover"] > 0


def test_what_the_encoder_finds_counts_where_there_is_one_and_only_there() -> None:
    named = {
        kind: dict(zip(FEATURES, model.features, strict=True))
        for kind, model in weights().items()
    }

    assert named["meaning"]["met"] > 0 > named["meaning"]["lost"]
    assert named["words"]["met"] == named["words"]["lost"] == 0


class EvenOdds(OnePiece):
    """Gives every passage the same odds."""

    def __init__(self, odds: float) -> None:
        super().__init__()
        self._odds = odds

    def direction(self, text: str) -> Vectors:
        return np.ones(1, dtype=np.float32)

    def odds(self, likeness: Vectors) -> Vectors:
        return np.full_like(likeness, self._odds)


@pytest.mark.parametrize(
    ("odds", "question"), [(-9, "le bonnet est-il rouge ?"), (-1, "zoukou ?")]
)
async def test_what_the_encoder_finds_unlikely_is_not_asserted(
    town: Path, odds: float, question: str
) -> None:
    pool = await FolderDocuments.open(town, encoder=EvenOdds(odds), now=on(2026, 11))
    await pool.warm()
    said = await _said(pool, question)
    await pool.close()

    assert said["sure"] == []


async def test_the_comparison_shows_each_table_once(pool: FolderDocuments) -> None:
    even = Weights(
        features=np.ones(len(FEATURES), np.float32),
        signs=np.zeros(len(SIGNS), np.float32),
        bias=0.0,
    )
    compared = pool.index.compared("l'entrée adulte ?", even, by_words=True)

    groups = [
        one.piece.group for one in compared.candidates if one.piece.group is not None
    ]
    assert len(groups) == len(set(groups))
    assert [one.score for one in compared.candidates] == sorted(
        (one.score for one in compared.candidates), reverse=True
    )
