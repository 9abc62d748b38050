"""What was measured of the index of documents, beside its floors."""

from collections.abc import Sequence
from dataclasses import dataclass, replace


@dataclass(frozen=True, kw_only=True)
class Row:
    """One round at one size; milliseconds of CPU, a query's for one question."""

    build_ms: float
    plain_build_ms: float
    words_ms: float
    plain_query_ms: float
    meaning_ms: float | None = None
    encoding_ms: float | None = None

    def with_meaning(self, meaning_ms: float, encoding_ms: float) -> "Row":
        """The same, asked by meaning too."""
        return replace(self, meaning_ms=meaning_ms, encoding_ms=encoding_ms)


def written(passages: int, rounds: Sequence[Row]) -> str:
    """One size as a line: the least of the rounds, others only ever add."""
    build, plain_build = _least(rounds, "build_ms"), _least(rounds, "plain_build_ms")
    query, plain_query = _least(rounds, "words_ms"), _least(rounds, "plain_query_ms")
    line = (
        f"{passages:>6} passages: made in {build:>7.0f} ms"
        f" ({build / plain_build:.1f} × plain FTS5),"
        f" asked by words in {query:>6.1f} ms ({query / plain_query:.0f} × plain FTS5)"
    )
    if rounds[0].meaning_ms is None:
        return line
    meaning, encoding = _least(rounds, "meaning_ms"), _least(rounds, "encoding_ms")
    floor = plain_query + encoding
    return (
        f"{line}, by meaning too in {meaning:>6.1f} ms"
        f" ({meaning / floor:.1f} × plain FTS5 and one encoding)"
    )


def _least(rounds: Sequence[Row], name: str) -> float:
    return min(getattr(row, name) for row in rounds)
