"""Two linear models of the document search, fitted by following a slope down."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tools.backends.features import FEATURES
from tools.backends.weights import Weights

Numbers = NDArray[np.float64]
PENALTY, SIGN_PENALTY = 0.3, 1.5  # what keeps weights small
STEPS, RATE = 1000, 0.05


@dataclass(frozen=True)
class Seen:
    """What one model makes of a question."""

    world: str
    has_answer: bool
    features: Numbers  # a row for each candidate, best first
    answers: Numbers  # 1 where the candidate answers
    signs: Numbers


def fitted(seen: Sequence[Seen]) -> Weights:
    """Both models, fitted on these questions; the same every time."""
    signs, bias = _fit_signs(seen)
    features = _fit_features(seen)
    return Weights(
        features=features.astype(np.float32), signs=signs.astype(np.float32), bias=bias
    )


def _fit_features(seen: Sequence[Seen]) -> Numbers:
    """The weights under which the right candidate stands out from the others."""
    useful = [one for one in seen if one.answers.any()]
    table = np.concatenate([one.features for one in useful])
    right = np.concatenate([one.answers for one in useful])
    sizes = np.array([len(one.answers) for one in useful])
    starts = np.cumsum(sizes) - sizes

    def slope(weights: Numbers) -> Numbers:
        powers = np.exp(np.clip(table @ weights, -30, 30))
        share = powers / np.repeat(np.add.reduceat(powers, starts), sizes)
        of_right = share * right
        of_right /= np.repeat(np.add.reduceat(of_right, starts), sizes)
        return table.T @ (share - of_right) + 2 * PENALTY * weights

    return _descend(slope, len(FEATURES))


def _fit_signs(seen: Sequence[Seen]) -> tuple[Numbers, float]:
    """The weights under which the best candidate is right, and the bias."""
    table = np.stack([one.signs for one in seen])
    right = np.array([bool(one.answers[0]) for one in seen], dtype=np.float64)
    mean, deviation = table.mean(axis=0), table.std(axis=0) + 1e-6
    plain = np.column_stack([(table - mean) / deviation, np.ones(len(table))])
    penalty = np.full(plain.shape[1], SIGN_PENALTY)
    penalty[-1] = 0

    def slope(weights: Numbers) -> Numbers:
        chance = 1 / (1 + np.exp(-(plain @ weights)))
        return plain.T @ (chance - right) + 2 * penalty * weights

    slopes = _descend(slope, plain.shape[1])
    signs = slopes[:-1] / deviation
    return signs, float(slopes[-1] - signs @ mean)


def _descend(slope: Callable[[Numbers], Numbers], size: int) -> Numbers:
    """Follow a slope down (Adam); the same every time."""
    weights = np.zeros(size)
    first, second = np.zeros(size), np.zeros(size)
    for step in range(1, STEPS + 1):
        down = slope(weights)
        first = 0.9 * first + 0.1 * down
        second = 0.999 * second + 0.001 * down**2
        move = first / (1 - 0.9**step)
        weights = weights - RATE * move / (np.sqrt(second / (1 - 0.999**step)) + 1e-8)
    return weights
