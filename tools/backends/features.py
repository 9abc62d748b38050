"""What speaks for each passage, in numbers; `weights.json` says how much each counts."""

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import ArrayLike

from .encoder import Vectors
from .evidence import Evidence, fits_year
from .question import Term

# In this order; `weights.json` has one weight for each.
FEATURES = (
    "cover",  # the words that it must have, as they are written
    "soft",  # the words that it may have
    "kind",  # the kinds of answer asked for
    "relevance",  # BM25
    "headed",  # a word stands in the heading right above
    "titled",  # a word stands in the title
    "age",  # names an age group that fits
    "year",  # is of the year that was named
    "past",  # is of a past year that was not named
    "row",  # is a row of a table
    "entry",  # is an entry of a list
    "length",  # logarithm of its characters
    "met",  # odds that it answers, by the taught encoder
    "lost",  # the part of the question that it meets least
)

MET, LOST = 3.0, 10.0  # to bring them to the size of the others


def features(evidence: Evidence) -> Vectors:
    """A row for each passage, a column for each feature."""
    pieces, question = evidence.index.pieces, evidence.question
    count = len(pieces)
    kinds = [len(question.kinds & held) for held in evidence.index.kinds]
    relevance = np.zeros(count)
    for number, score in evidence.relevance.items():
        relevance[number] = score
    met, names_a_year = evidence.met, question.names_a_year
    past = [not names_a_year and id(p.document) in evidence.past for p in pieces]
    fitting = [names_a_year and fits_year(piece, question) for piece in pieces]
    lengths = np.array([len(piece.text) for piece in pieces])
    columns: Mapping[str, ArrayLike] = {
        "cover": cover(evidence.required, evidence),
        "soft": cover(evidence.soft, evidence),
        "kind": np.array(kinds) / max(1, len(question.kinds)),
        "relevance": relevance,
        "headed": _any(count, [evidence.supports[t].headed for t in evidence.required]),
        "titled": _any(count, [evidence.supports[t].titled for t in evidence.required]),
        "age": _any(count, [evidence.ages]),
        "year": fitting,
        "past": past,
        "row": [piece.kind == "row" for piece in pieces],
        "entry": [piece.kind == "entry" for piece in pieces],
        "length": np.log(lengths + 20) / 5,
        "met": met.odds / MET if met else np.zeros(count),
        "lost": met.lost * LOST if met else np.zeros(count),
    }
    table = [np.asarray(columns[name], dtype=np.float32) for name in FEATURES]
    return np.stack(table, axis=1)


def cover(terms: Sequence[Term], evidence: Evidence) -> Vectors:
    """The share of these words, by weight, that each passage holds as written."""
    total = sum(evidence.supports[term].weight for term in terms)
    covered = np.zeros(len(evidence.index.pieces), dtype=np.float32)
    for term in terms:
        covered += evidence.supports[term].weight * evidence.carried(term)
    return covered / total if total else covered


def _any(count: int, groups: Sequence[frozenset[int]]) -> Vectors:
    found = np.zeros(count, dtype=np.float32)
    for number in frozenset[int]().union(*groups):
        found[number] = 1
    return found
