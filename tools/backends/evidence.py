"""All that is known about one question before the passages are compared."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from .answers import STRICT
from .encoder import Vectors
from .lexical import CARRIED, LexicalIndex, Support
from .passages import Piece
from .question import Question, Term
from .token_vectors import Interaction
from .written_dates import school_years, years

KNOWN = 0.35  # a word that no passage holds so far is one of which nothing is written
COMMON = 0.33  # a word that this share of the passages has says nothing
SOFT = 0.35  # the weight of a word that may be missing


@dataclass(frozen=True, kw_only=True)
class Evidence:
    """One question beside all passages; numbers are those of the passages."""

    index: LexicalIndex
    question: Question
    supports: Mapping[Term, Support]
    required: Sequence[Term]
    soft: Sequence[Term]
    ages: frozenset[int]
    relevance: Mapping[int, float]
    past: frozenset[int]  # documents of a past year, by id
    met: Interaction | None  # nothing while there are no vectors

    @property
    def nouns(self) -> Sequence[Term]:
        """What the question is about."""
        return [term for term in self.required if not term.is_light]

    def carried(self, term: Term) -> Vectors:
        """How far each passage holds a word as it is written, 0 to 1."""
        found = np.zeros(len(self.index.pieces), dtype=np.float32)
        for number, strength in self.supports[term].anywhere.items():
            found[number] = min(1.0, strength)
        return found

    def is_all_known(self) -> bool:
        """Whether everything asked about is written somewhere."""
        return all(float(self.carried(noun).max()) >= KNOWN for noun in self.nouns)

    def is_of_use(self, shown: Sequence[int]) -> bool:
        """Whether a passage that may not answer is worth quoting with a doubt.

        What held in another year is no help, nor is, by words, the price of something else.
        """
        question, pieces = self.question, self.index.pieces
        if question.names_a_year:
            return any(fits_year(pieces[number], question) for number in shown)
        if all(map(self._is_over, shown)):
            return False
        if self.met or "price" not in question.kinds or not self.nouns:
            return True
        rarest = max(self.nouns, key=lambda noun: self.supports[noun].weight)
        return float(self.carried(rarest)[list(shown)].max()) >= CARRIED

    def may_answer(self, number: int) -> bool:
        """Whether a passage holds the kind of answer that is asked, of that year."""
        question, kinds = self.question, self.index.kinds[number]
        piece = self.index.pieces[number]
        asked = question.kinds & STRICT
        if asked and asked.isdisjoint(kinds):
            return False
        if question.names_a_year:
            return fits_year(piece, question)
        return not self._is_over(number)

    def _is_over(self, number: int) -> bool:
        """An amount or a date of a past year is not this year's."""
        is_past = id(self.index.pieces[number].document) in self.past
        return is_past and bool(self.index.kinds[number] & {"price", "date"})


def gather(
    index: LexicalIndex,
    question: Question,
    *,
    met: Interaction | None,
    past: frozenset[int],
) -> Evidence:
    """What the index knows of each word of a question."""
    supports = {term: index.support(term) for term in question.terms}
    telling = [t for t in question.required if supports[t].share < COMMON]
    required = telling or question.required
    age = question.age
    return Evidence(
        index=index,
        question=question,
        supports=supports,
        required=required,
        soft=[term for term in question.terms if term not in required],
        ages=index.ages(age) if age else frozenset(),
        relevance=index.relevance(question.terms),
        past=past,
        met=met,
    )


def fits_year(piece: Piece, question: Question) -> bool:
    """Whether a passage is of the year that a question names."""
    title = piece.document.title
    written = f"{title} {piece.heading or ''} {piece.text}"
    begun = {first for first, _ in school_years(written)}
    return question.school_years <= begun and question.years <= years(written)
