"""Documents of the organisation: the port that tools search through."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol


@dataclass(frozen=True, kw_only=True)
class Passage:
    """The part of a document that may answer: a paragraph, a list or a table row."""

    title: str  # of the document
    heading: str | None  # the section it stands in
    text: str  # as a person would quote it; a table row comes with its column names
    source: str  # file name
    updated: date | None
    score: float  # higher is nearer; comparable within one search only
    is_evident: bool  # similar AND carried by words of the question
    is_near: bool = False  # the best one where none is evident: quote it with a doubt
    link: str | None = None  # where a person opens the document
    valid_for: str | None = None  # the year it is of: "2026-2027", "2026"
    is_past: bool = False  # that year is over


# Of a question: the logarithm of the odds that the documents answer it; None: it cannot
# be told.
DocumentsOdds = Callable[[str], float | None]


def unknown_odds(question: str) -> float | None:
    """Where nothing compares questions with documents by meaning."""
    del question
    return None


class Documents(Protocol):
    """All that the organisation has written down, searchable by meaning and by word."""

    async def search(self, query: str, *, at_most: int = 5) -> Sequence[Passage]:
        """The passages nearest to the question, best first. Empty: nothing is near.

        Raises:
            BackendUnavailable: the documents cannot be read now.
        """
        ...

    async def titles(self) -> Sequence[str]:
        """The titles of all documents that can be read."""
        ...

    def problems(self) -> Sequence[str]:
        """Documents that could not be read: file and reason, for the maintainer."""
        ...
