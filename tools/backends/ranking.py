"""Which passages answer a question, and whether they surely do."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

import numpy as np

from .certainty import signs
from .encoder import Vectors
from .evidence import SOFT, Evidence, gather
from .features import FEATURES, features
from .lexical import LexicalIndex, Support
from .naming import Candidate, Own, one_per_group
from .passages import Piece
from .question import Question
from .token_vectors import Interaction
from .weights import Weights, weights
from .written_dates import past_documents

# From the first chance on, the best passage is asserted; from the second, if the encoder
# says so, too. The same two for what is quoted with a doubt.
CERTAIN, SURE = 0.75, 0.5
DOUBTED, MAYBE = 0.4, 0.07
SURE_BY_WORDS, MAYBE_BY_WORDS = 0.55, 0.12
SURE_FOR_ALL = 0.75  # by words alone, where the encoder is in doubt …
NOT_DENIED = -6.0  # … and its odds are no lower
AS_GOOD = 3.0  # below the best score: what lies no farther answers as well
NEAREST = 3  # passages quoted with a doubt
CONSIDERED = 200  # passages compared row by row
# Logarithms of odds by the encoder: of what is asserted, of what is quoted with a doubt
# (where an amount is asked, and else), of what has to do with the question.
LIKELY, LEAST_OF_PRICE, POSSIBLE, RELATED = 2.0, 2.5, -2.5, -4.0
TOGETHER = 2  # passages asserted side by side


@dataclass(frozen=True, kw_only=True)
class Ranked:
    """A piece with its score; see `documents.Passage` for what is evident."""

    piece: Piece
    score: float
    is_evident: bool
    is_near: bool = False
    shown: Sequence[int] = ()  # the numbers of the passages whose words it shows


@dataclass(frozen=True, kw_only=True)
class Comparison:
    """A question beside all passages: what `fit_ranking` learns from."""

    evidence: Evidence
    features: Vectors
    candidates: Sequence[Candidate]  # each table and list once, best first

    def signs(self) -> Vectors:
        """What is known of the best candidate."""
        best = self.candidates[0]
        return signs(
            self.evidence,
            shown=shown_by(best),
            row=self.features[best.number],
            scores=np.array([one.score for one in self.candidates]),
        )

    def odds(self, candidate: Candidate) -> float:
        """The logarithm of the odds by the encoder; without one, nothing is unlikely."""
        met = self.evidence.met
        return float(met.odds[[*shown_by(candidate)]].max()) if met else np.inf

    def is_related(self, candidate: Candidate) -> bool:
        """Whether a passage has anything to do with the question."""
        held = dict(zip(FEATURES, self.features[candidate.number], strict=True))
        is_written = held["cover"] > 0 or held["soft"] > 0 or held["age"] > 0
        met = self.evidence.met
        return is_written or (met is not None and met.odds[candidate.number] >= RELATED)


class Ranking:
    """Compares passages by the words they carry and, if given, by meaning."""

    def __init__(self, index: LexicalIndex) -> None:
        self._index = index
        self._titles = {id(p.document): p.document.title for p in index.pieces}

    def rank(
        self, question: Question, met: Interaction | None, *, today: date
    ) -> list[Ranked]:
        """All passages that may answer, best first.

        What the encoder leaves in doubt, the words may still say for sure: it was taught
        with questions in other words than the answers'. Where the two have different
        passages in mind, that of the words is quoted with a doubt.
        """
        sure = SURE_BY_WORDS if met is None else SURE_FOR_ALL
        by_words = self._ranked(question, None, today=today, sure_by_words=sure)
        if met is None:
            return by_words
        ranked = self._ranked(question, met, today=today, sure_by_words=sure)
        if _is_sure(ranked) or not _is_sure(by_words):
            return ranked
        odds = met.odds[[*by_words[0].shown]].max()
        is_same = ranked[0].piece.text == by_words[0].piece.text
        if odds < (NOT_DENIED if is_same else _least(question)):
            return ranked
        if is_same:
            return by_words
        return [
            replace(one, is_evident=False, is_near=one.is_evident) for one in by_words
        ]

    def _ranked(
        self,
        question: Question,
        met: Interaction | None,
        *,
        today: date,
        sure_by_words: float,
    ) -> list[Ranked]:
        model = weights()["meaning" if met else "words"]
        compared = self.compare(question, met, model=model, today=today)
        if not compared.candidates:
            return []
        is_sure, is_unsure = _degree(
            model.certainty(compared.signs()),
            compared,
            compared.candidates[0],
            sure_by_words=sure_by_words,
        )
        evidence = compared.evidence
        least = compared.candidates[0].score - AS_GOOD
        ranked: list[Ranked] = []
        related = [c for c in compared.candidates if compared.is_related(c)]
        for place, one in enumerate(related):
            is_as_good = (
                place < TOGETHER
                and one.score >= least
                and (place == 0 or compared.odds(one) >= 0)
                and _may_answer(one, evidence)
            )
            ranked.append(
                Ranked(
                    piece=one.piece,
                    score=round(one.score, 4),
                    is_evident=is_sure and is_as_good,
                    is_near=is_unsure
                    and place < NEAREST
                    and evidence.is_of_use(shown_by(one)),
                    shown=shown_by(one),
                )
            )
        return sorted(
            ranked, key=lambda one: (-one.is_evident, -one.is_near, -one.score)
        )

    def compare(
        self,
        question: Question,
        met: Interaction | None,
        *,
        model: Weights,
        today: date,
    ) -> Comparison:
        """A question beside all passages, with the scores that the model gives."""
        past = past_documents(self._titles, today)
        evidence = gather(self._index, question, met=met, past=past)
        if not self._index.pieces:
            return Comparison(
                evidence=evidence, features=np.empty(0, np.float32), candidates=()
            )
        table = features(evidence)
        scores = model.scores(table)
        candidates = [
            Candidate(number, self._index.pieces[number], float(scores[number]))
            for number in self._considered(scores)
        ]
        chosen = one_per_group(candidates, _own(evidence))
        return Comparison(
            evidence=evidence,
            features=table,
            candidates=sorted(chosen, key=lambda one: -one.score),
        )

    def _considered(self, scores: Vectors) -> Sequence[int]:
        """The best passages, with all of the tables and lists they are of."""
        pieces = self._index.pieces
        best = [int(n) for n in np.argsort(-scores, kind="stable")[:CONSIDERED]]
        groups = {_group(pieces[n]) for n in best if pieces[n].group is not None}
        beside = [n for n, piece in enumerate(pieces) if _group(piece) in groups]
        return sorted({*best, *beside})


def shown_by(candidate: Candidate) -> Sequence[int]:
    """The numbers of the passages whose words a candidate shows.

    What stands above a list is said of each entry; a row stands alone.
    """
    if not candidate.shown:
        return (candidate.number,)
    is_list = candidate.piece.kind == "entry"
    return (candidate.number, *candidate.shown) if is_list else candidate.shown


def _group(piece: Piece) -> tuple[int, int | None]:
    return id(piece.document), piece.group


def _may_answer(candidate: Candidate, evidence: Evidence) -> bool:
    return any(map(evidence.may_answer, shown_by(candidate)))


def _own(evidence: Evidence) -> Own:
    pieces = evidence.index.pieces
    required = [evidence.supports[term] for term in evidence.required]
    soft = [evidence.supports[term] for term in evidence.soft]

    def carried(supports: Sequence[Support], number: int) -> float:
        # A word of the title or heading is said of all of them: it singles none out.
        is_entry = pieces[number].kind == "entry"
        return sum(
            s.weight * s.own.get(number, 0)
            for s in supports
            if number not in s.titled and not (is_entry and number in s.under)
        )

    def all_words(number: int) -> float:
        words = carried(required, number) + SOFT * carried(soft, number)
        return words + 0.5 * (number in evidence.ages)

    def named(number: int) -> float:
        return carried(required, number) if required else all_words(number)

    return Own(all_words, named)


def _is_sure(ranked: Sequence[Ranked]) -> bool:
    return any(one.is_evident for one in ranked)


def _least(question: Question) -> float:
    """The odds by the encoder below which a passage is not even quoted with a doubt."""
    return LEAST_OF_PRICE if "price" in question.kinds else POSSIBLE


def _degree(
    certainty: float, compared: Comparison, best: Candidate, *, sure_by_words: float
) -> tuple[bool, bool]:
    """Whether the best is asserted, and else whether the nearest are quoted."""
    evidence = compared.evidence
    if evidence.met is None:
        is_known = evidence.is_all_known()
        is_sure = certainty >= sure_by_words and is_known
        return is_sure, not is_sure and certainty >= (
            MAYBE_BY_WORDS if is_known else sure_by_words
        )
    odds = compared.odds(best)
    is_likely = certainty >= CERTAIN or (certainty >= SURE and odds >= LIKELY)
    if is_likely and _may_answer(best, evidence):
        return True, False
    is_possible = certainty >= MAYBE and odds >= _least(evidence.question)
    return False, certainty >= DOUBTED or is_possible
