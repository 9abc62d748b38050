"""How sure it is that the best passage answers: a number, 0 to 1."""

from collections.abc import Sequence

import numpy as np

from .encoder import Vectors
from .evidence import Evidence
from .features import FEATURES

# In this order; `weights.json` has a mean, a deviation and a weight for each.
SIGNS = (
    "score",  # of the best passage
    "alone",  # logarithm of its share among all
    "margin",  # its score above the next
    "written",  # of the words that say what it is about: the one held least
    "cover",  # the share of the required words as they are written
    "nouns",  # how many words say what it is about
    "vague",  # none does
    "kind",  # it holds the kinds of answer asked for
    "asks_kind",  # there is such a kind
    "fits",  # it holds one that is strictly needed, of the right year
    "met",
    "lost",
)
MOST_NOUNS = 4
UNRIVALLED = 2.0  # the margin where there is no other passage
UNKNOWN = 0.5  # where no word says what it is about


def signs(
    evidence: Evidence, *, shown: Sequence[int], row: Vectors, scores: Vectors
) -> Vectors:
    """What is known of the best passage.

    `shown` are the numbers of the passages it shows, `row` its features by name order
    of `features.FEATURES`, `scores` those of all candidates, best first.
    """
    of = dict(zip(FEATURES, row, strict=True))
    nouns = evidence.nouns
    best = scores[0]
    second = scores[1] if len(scores) > 1 else best - UNRIVALLED
    share = 1 / float(np.exp(scores - best).sum())
    has_kind = bool(evidence.question.kinds)
    values = {
        "score": best,
        "alone": np.log(share),
        "margin": best - second,
        "written": min(
            (float(evidence.carried(t)[list(shown)].max()) for t in nouns),
            default=UNKNOWN,
        ),
        "cover": of["cover"],
        "nouns": min(len(nouns), MOST_NOUNS) / MOST_NOUNS,
        "vague": not nouns,
        "kind": of["kind"],
        "asks_kind": has_kind,
        "fits": any(map(evidence.may_answer, shown)),
        "met": of["met"],
        "lost": of["lost"],
    }
    return np.array([float(values[name]) for name in SIGNS], dtype=np.float32)
