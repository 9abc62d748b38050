"""The fit finds the weights that tell right from wrong."""

import numpy as np

from tests.evals.fitting import Seen, fitted
from tools.backends.certainty import SIGNS
from tools.backends.features import FEATURES


def _seen(*, right_first: bool) -> Seen:
    """Two candidates: the one that answers has the first feature."""
    features = np.zeros((2, len(FEATURES)))
    features[0 if right_first else 1, 0] = 1
    signs = np.zeros(len(SIGNS))
    signs[2] = 1.0 if right_first else -1.0
    answers = np.array([1.0, 0.0] if right_first else [0.0, 1.0])
    return Seen(
        world="a", has_answer=True, features=features, answers=answers, signs=signs
    )


def test_what_goes_with_the_answer_counts_for_it() -> None:
    seen = [_seen(right_first=one % 2 == 0) for one in range(20)]

    model = fitted(seen)

    assert model.features[0] > 1
    assert abs(model.features[1:]).max() < 1e-3
    good, bad = seen[0].signs.astype(np.float32), seen[1].signs.astype(np.float32)
    assert model.certainty(good) > 0.7
    assert model.certainty(bad) < 0.3


def test_it_is_the_same_every_time() -> None:
    seen = [_seen(right_first=one % 3 == 0) for one in range(12)]

    assert np.array_equal(fitted(seen).features, fitted(seen).features)
