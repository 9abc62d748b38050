"""How much each feature and each sign counts: fitted, not chosen.

`weights.json` is written by `python -m tests.evals.fit_ranking`, from the labelled
questions of `evals/retrieval`.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np

from .certainty import SIGNS
from .encoder import Vectors
from .features import FEATURES

FILE = Path(__file__).with_name("weights.json")


@dataclass(frozen=True, kw_only=True)
class Weights:
    """The two models: which passage is best, and whether it answers."""

    features: Vectors
    signs: Vectors
    bias: float

    def scores(self, features: Vectors) -> Vectors:
        """The score of each passage: higher is better."""
        return features @ self.features

    def certainty(self, signs: Vectors) -> float:
        """The chance that the best passage answers, 0 to 1."""
        return float(1 / (1 + np.exp(-(signs @ self.signs + self.bias))))


@cache
def weights() -> Mapping[str, Weights]:
    """By `meaning`, and by `words` alone while there are no vectors."""
    return {
        name: Weights(
            features=_vector(one["features"], FEATURES),
            signs=_vector(one["signs"], SIGNS),
            bias=one["signs"]["bias"],
        )
        for name, one in json.loads(FILE.read_text(encoding="utf-8")).items()
    }


def _vector(named: Mapping[str, float], names: tuple[str, ...]) -> Vectors:
    return np.array([named[name] for name in names], dtype=np.float32)
