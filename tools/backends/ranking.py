"""Which passages answer a question, and whether they evidently do."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from .answers import STRICT
from .lexical import CARRIED, LexicalIndex, Support
from .naming import Candidate, Own, one_per_group
from .passages import Piece
from .question import Question, Term
from .written_dates import past_documents, school_years, years

COMMON = 0.33  # a word that this share of the passages has says nothing
# A passage that misses a word may still answer if it is the best one and carries this
# share of what is asked by weight: less if its meaning agrees.
NEARLY, AGREED, ALIKE = 0.7, 0.55, 0.5
NEAR = 0.4  # and this share makes it worth quoting, with a doubt
BEST = 0.9  # of the best score: as good as the best
LESSER = 0.9  # a missing noun weighs at most this share of one that is there
TELLING = 0.6  # a noun of this weight says what a question is about, without its verb
LIGHT = 0.25  # the weight of a verb beside a noun
# What a passage earns beside the words it must have.
SOFT, KIND, RELEVANCE, MEANING, FITS = 0.35, 0.2, 0.1, 0.3, 0.1
HEADED, TITLED = 0.08, 0.12
AGE, PAST = 0.3, 0.5


@dataclass(frozen=True, kw_only=True)
class Ranked:
    """A piece with its score; see `documents.Passage` for what is evident."""

    piece: Piece
    score: float
    is_evident: bool
    is_near: bool = False


@dataclass(frozen=True, kw_only=True)
class _Evidence:
    """All that is known about one question before the passages are compared."""

    question: Question
    supports: Mapping[Term, Support]
    required: Sequence[Term]
    soft: Sequence[Term]
    ages: frozenset[int]
    relevance: Mapping[int, float]
    meaning: Mapping[int, float]
    past: frozenset[int]  # documents of a past year


class Ranking:
    """Compares passages by the words they carry and, if given, by meaning."""

    def __init__(self, index: LexicalIndex) -> None:
        self._index = index
        self._titles = {id(p.document): p.document.title for p in index.pieces}

    def rank(
        self, question: Question, meaning: Mapping[int, float], *, today: date
    ) -> list[Ranked]:
        """Passages that share a word with the question, best first.

        `meaning` is the likeness by number of the piece, 0 to 1; empty without an
        embedder.
        """
        past = past_documents(self._titles, today)
        evidence = self._evidence(question, meaning, past)
        found = {*meaning, *evidence.ages}
        for support in evidence.supports.values():
            found.update(support.anywhere)
        candidates = [
            Candidate(number, self._index.pieces[number], self._score(number, evidence))
            for number in sorted(found)
        ]
        chosen = one_per_group(candidates, _own(evidence, self._index.pieces))
        able = (one for one in chosen if self._fitting(one, evidence))
        best = max((one.score for one in able), default=0.0)
        near = next(
            (
                one
                for one in sorted(chosen, key=lambda one: -one.score)
                if one.score >= BEST * best and self._is_near(one, evidence)
            ),
            None,
        )
        ranked = [
            Ranked(
                piece=one.piece,
                score=round(one.score, 4),
                is_evident=self._is_evident(one, evidence)
                or (one.score == best and self._is_nearly(one, evidence)),
                is_near=one is near,
            )
            for one in chosen
        ]
        return sorted(
            ranked, key=lambda one: (-one.is_evident, -one.is_near, -one.score)
        )

    def _evidence(
        self, question: Question, meaning: Mapping[int, float], past: frozenset[int]
    ) -> _Evidence:
        supports = {term: self._index.support(term) for term in question.terms}
        telling = [t for t in question.required if supports[t].share < COMMON]
        required = telling or question.required
        age = question.age
        return _Evidence(
            question=question,
            supports=supports,
            required=required,
            soft=[term for term in question.terms if term not in required],
            ages=self._index.ages(age) if age else frozenset(),
            relevance=self._index.relevance(question.terms),
            meaning=meaning,
            past=past,
        )

    def _score(self, number: int, evidence: _Evidence) -> float:
        question, piece = evidence.question, self._index.pieces[number]
        kinds = question.kinds & self._index.kinds[number]
        score = _cover(number, evidence.required, evidence)
        score += SOFT * _cover(number, evidence.soft, evidence)
        score += KIND * len(kinds) / max(1, len(question.kinds))
        score += RELEVANCE * evidence.relevance.get(number, 0)
        score += MEANING * evidence.meaning.get(number, 0)
        score += AGE * (number in evidence.ages)
        is_headed = any(
            number in evidence.supports[term].headed for term in evidence.required
        )
        score += HEADED * is_headed
        is_titled = any(
            number in evidence.supports[term].titled for term in evidence.required
        )
        score += TITLED * is_titled
        if question.names_a_year:
            return score + FITS * _fits_year(piece, question)
        return score - PAST * (id(piece.document) in evidence.past)

    def _is_evident(self, candidate: Candidate, evidence: _Evidence) -> bool:
        """Whether one row, or one passage, carries all that is asked."""
        fitting = self._fitting(candidate, evidence)
        if not evidence.required:
            return False
        if evidence.question.is_twofold:
            return all(_is_carried(t, fitting, evidence) for t in evidence.required)
        return any(
            all(_is_carried(term, [number], evidence) for term in evidence.required)
            for number in fitting
        )

    def _is_nearly(self, candidate: Candidate, evidence: _Evidence) -> bool:
        """Whether the best passage carries so much that the rest may be said otherwise.

        A thing that no document names is a veto; so is a missing word that weighs more
        than those that are there.
        """
        terms = evidence.required
        if any(not (t.is_light or evidence.supports[t].anywhere) for t in terms):
            return False
        for number in self._fitting(candidate, evidence):
            alike = evidence.meaning.get(candidate.number, 0) >= ALIKE
            enough = AGREED if alike else NEARLY
            carried = [t for t in terms if _is_carried(t, [number], evidence)]
            heaviest = max((_weight([t], evidence) for t in carried), default=0.0)
            if (
                _says_enough(carried, terms, evidence)
                and all(
                    term.is_light
                    or (
                        not term.selects
                        and _weight([term], evidence) <= LESSER * heaviest
                    )
                    for term in terms
                    if term not in carried
                )
                and _weight(carried, evidence) >= enough * _weight(terms, evidence)
            ):
                return True
        return False

    def _is_near(self, candidate: Candidate, evidence: _Evidence) -> bool:
        """Whether one of the best passages may answer, though it does not evidently.

        Something that no document names is a veto here as well, an amount or an hour
        of something else is no help at all, and the rarest noun says what happened:
        "on a volé la guitare" is about theft.
        """
        if evidence.question.kinds & STRICT:
            return False
        nouns = [term for term in evidence.required if not term.is_light]
        if any(not evidence.supports[term].anywhere for term in nouns):
            return False
        alike = evidence.meaning.get(candidate.number, 0) >= ALIKE
        if evidence.meaning and not alike:
            return False
        rarest = max((_weight([t], evidence) for t in nouns), default=0.0)
        return any(
            any(_weight([t], evidence) >= LESSER * rarest for t in carried)
            and _weight(carried, evidence) >= NEAR * _weight(nouns, evidence)
            for number in self._fitting(candidate, evidence)
            if (carried := [t for t in nouns if _is_carried(t, [number], evidence)])
        )

    def _fitting(self, candidate: Candidate, evidence: _Evidence) -> list[int]:
        shown = candidate.shown or (candidate.number,)
        if self._index.pieces[shown[0]].kind == "entry":
            # What stands above a list is said of each entry; a row stands alone.
            shown = (candidate.number, *shown)
        return [number for number in shown if self._may_answer(number, evidence)]

    def _may_answer(self, number: int, evidence: _Evidence) -> bool:
        """Whether a passage holds the kind of answer that is asked, of that year."""
        question, kinds = evidence.question, self._index.kinds[number]
        piece = self._index.pieces[number]
        asked = question.kinds & STRICT
        if asked and asked.isdisjoint(kinds):
            return False
        if question.names_a_year:
            return _fits_year(piece, question)
        # An amount or a date of a past year is not this year's.
        is_past = id(piece.document) in evidence.past
        return not (is_past and kinds & {"price", "date"})


def _is_carried(term: Term, numbers: Sequence[int], evidence: _Evidence) -> bool:
    anywhere = evidence.supports[term].anywhere
    return any(anywhere.get(number, 0) >= CARRIED for number in numbers)


def _says_enough(
    carried: Sequence[Term], terms: Sequence[Term], evidence: _Evidence
) -> bool:
    """Whether a noun is carried, and not one common noun without its verb.

    "Can an aunt collect her after the lesson": "lesson" is no answer by itself. Where
    a price or a date is asked, its kind of answer says the verb.
    """
    nouns = [term for term in carried if not term.is_light]
    if len(nouns) != 1 or evidence.question.kinds:
        return bool(nouns)
    lacks_verb = any(term.is_light and term not in carried for term in terms)
    return not lacks_verb or _weight(nouns, evidence) >= TELLING


def _weight(terms: Sequence[Term], evidence: _Evidence) -> float:
    weights = (
        evidence.supports[t].weight * (LIGHT if t.is_light else 1) for t in terms
    )
    return sum(weights)


def _cover(number: int, terms: Sequence[Term], evidence: _Evidence) -> float:
    supports = [evidence.supports[term] for term in terms]
    total = sum(support.weight for support in supports)
    carried = sum(s.weight * s.anywhere.get(number, 0) for s in supports)
    return carried / total if total else 0.0


def _own(evidence: _Evidence, pieces: Sequence[Piece]) -> Own:
    required = [evidence.supports[term] for term in evidence.required]
    soft = [evidence.supports[term] for term in evidence.soft]
    total = sum(support.weight for support in required)

    def carried(supports: Sequence[Support], number: int) -> float:
        # A word of the title or heading is said of all of them: it singles none out.
        is_entry = pieces[number].kind == "entry"
        return sum(
            s.weight * s.own.get(number, 0)
            for s in supports
            if number not in s.titled and not (is_entry and number in s.under)
        )

    picking = [evidence.supports[term] for term in evidence.required if term.selects]

    def subject(number: int) -> float:
        if number in evidence.ages or any(number in s.own for s in picking):
            return 1.0
        return carried(required, number) / total

    def all_words(number: int) -> float:
        words = carried(required, number) + SOFT * carried(soft, number)
        return words + 0.5 * (number in evidence.ages)

    def named(number: int) -> float:
        return carried(required, number) if required else all_words(number)

    return Own(all_words, named, subject if required else lambda _: 0.0)


def _fits_year(piece: Piece, question: Question) -> bool:
    title = piece.document.title
    written = f"{title} {piece.heading or ''} {piece.text}"
    begun = {first for first, _ in school_years(written)}
    return question.school_years <= begun and question.years <= years(written)
