"""What a question asks: its words, what kind of answer, which year, what age."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import zip_longest

from ..folding import fold, stem, words
from .answers import STRICT
from .asides import parted
from .spelling import Spelling
from .vocabulary import Vocabulary
from .written_dates import MONTHS, school_year_of, school_years, years

_AGE = re.compile(r"\b(\d{1,2})\s*(?:ans?|years?|yrs?|yo)\b")
_AND = frozenset({"et", "and"})
_DAY = re.compile(r"^[0-3]?\d$")  # "26 décembre" is one thing, not two words
_RANK = re.compile(r"^\d{1,2}e$")
_LAST_YEAR = re.compile(
    r"\b(?:an(?:nee)?s?\s+(?:derniere?|passee?|precedente?)|last\s+year)\b"
)
_NEXT_YEAR = re.compile(r"\b(?:an(?:nee)?\s+prochaine?|next\s+year)\b")
# Stems.
_DAYS = frozenset({"lund", "mard", "mercred", "jeud", "vendred", "samed", "dimanch"})
_CLAUSE = re.compile(r"(?:[^?!\n;.]|\.(?!\s|$))+\??")
# "Qui dirige la chorale et quand est la fête": a second question in one sentence.
_ASKS_ALSO = re.compile(
    r"[\s,]+(?:et|and)\s+(?=(?:[àa]\s+)?(?:qui|quand|o[uù]|quel(?:le)?s?|combien"
    r"|comment|where|when|who|what|how|kan|kand|kel|ki|kombien|cmb"
    r"|(?:de )?ce qu(?:e|['’ ]?il|['’ ]?on)?)\b)",
    re.IGNORECASE,
)
_SEVERAL = re.compile(
    r"\b([2-9]) (?:enfants?|fils|filles?|garcons?|kids|children|sons|daughters)\b"
)
_SIBLINGS = frozenset(map(stem, ("fratrie", "frère", "sœur", "famille")))
_GOES_ON = frozenset(
    {"c", "ce", "cest", "ca", "il", "elle", "ils", "elles", "it", "they"}
)
# An answer of these kinds need not use the word: a number says "téléphone" itself.
CARRYING = frozenset({"call", "address", "reduction", "papers", "age"})


@dataclass(frozen=True, kw_only=True)
class Term:
    """One word of the question and what may stand for it in a passage, as stems."""

    word: str
    stems: frozenset[str]
    same: frozenset[str] = frozenset()
    near: frozenset[str] = frozenset()
    kindred: frozenset[str] = frozenset()  # of the same root: "asthme"
    rank: str | None = None  # "2e" in "2e année", "6" in "6 mai": only both count
    kind: str | None = None  # of answer that also carries the word
    is_required: bool = True
    is_light: bool = False  # a good answer may well say it in another way
    is_kind: bool = False  # not said: what an answer of the kind asked is called
    selects: bool = False  # a day or a rank: picks a row of a table

    def is_of(self, kind: str) -> bool:
        """Whether it belongs to a question for this kind of answer only."""
        return self.kind in (None, kind) and not (self.is_kind and self.word != kind)


@dataclass(frozen=True, kw_only=True)
class Question:
    """A question, understood."""

    terms: tuple[Term, ...]
    kinds: frozenset[str]  # of answer: see `answers.kinds_in`
    years: frozenset[int] = frozenset()
    school_years: frozenset[int] = frozenset()  # by the year they begin in
    age: int | None = None
    is_twofold: bool = False  # "les têtards et les loutres": two rows may answer

    @property
    def names_a_year(self) -> bool:
        return bool(self.years or self.school_years)

    def by_kind(self) -> "list[Question]":
        """One question for each kind of answer, when a noun names one of several.

        "C'est combien et à partir de quel âge": no price says "âge".
        """
        kinds = self.kinds & STRICT
        named = {term.kind for term in self.terms} & kinds
        if not named or len(kinds) < 2:
            return []
        return [
            replace(
                self,
                kinds=frozenset({kind}),
                terms=tuple(t for t in self.terms if t.is_of(kind)),
            )
            for kind in sorted(kinds)
        ]

    @property
    def has_subject(self) -> bool:
        """Whether it says by itself what it is about."""
        return any(term.is_required for term in self.terms)

    @property
    def required(self) -> tuple[Term, ...]:
        """What a passage must be about. Without any, the soft words take their place."""
        strict = tuple(term for term in self.terms if term.is_required)
        return strict or tuple(term for term in self.terms if not term.is_kind)


def clauses(text: str) -> list[str]:
    """The questions of one message, as they are parted by punctuation.

    "Il y a une cantine ? C'est combien le repas ?" is one: the second goes on.
    """
    parts: list[str] = []
    for part in _parted(text):
        said = words(part)
        if parts and parts[-1].endswith("?") and said[:1] and said[0] in _GOES_ON:
            parts[-1] += part
        elif said:
            parts.append(part.strip())
    return parts


def _parted(text: str) -> Iterator[str]:
    for sentence in _CLAUSE.findall(text):
        yield from _ASKS_ALSO.split(sentence)


def is_added(clause: str) -> bool:
    """Whether a question takes its kind from the one before: "et la cantine ?"."""
    return words(clause)[:1] in (["et"], ["and"], ["e"])


class Reader:
    """Understands questions about one set of documents."""

    def __init__(self, lexicon: Vocabulary, spelling: Spelling) -> None:
        self._lexicon = lexicon
        self._spelling = spelling

    def read(self, text: str, *, today: date) -> Question:
        """The question in a message of one person."""
        said = self._spelling.understand(_split_numbers(text))
        spelt = " ".join(said)
        age = _AGE.search(spelt)
        begun = {first for first, _ in school_years(text)}
        if _LAST_YEAR.search(spelt):
            begun.add(school_year_of(today) - 1)
        if _NEXT_YEAR.search(spelt):
            begun.add(school_year_of(today) + 1)
        paired = {year for first in begun for year in (first, first + 1)}
        asked = (kind for kind in self._lexicon.kinds if kind.is_asked(said))
        kinds = frozenset(kind.name for kind in asked)
        return Question(
            terms=(
                *self._all_terms(text, age[1] if age else "", kinds),
                *self._nouns(kinds),
                *_siblings(spelt),
            ),
            kinds=kinds,
            years=frozenset(years(text) - paired),
            school_years=frozenset(begun),
            age=int(age[1]) if age else None,
            is_twofold=not _AND.isdisjoint(said[1:]),
        )

    def spelt(self, text: str) -> str | None:
        """The same in the spelling of the documents, if it was in another."""
        plain = self._spelling.understand(_split_numbers(text))
        return " ".join(plain) if plain != words(fold(text)) else None

    def _all_terms(self, text: str, age: str, kinds: frozenset[str]) -> Iterator[Term]:
        """The terms of what is asked; those of an aside count where they are found.

        Where nothing else names a thing, the aside is what it is about.
        """
        asked, told = parted(text)
        terms = self._terms_of(asked, age, kinds)
        if not any(term.is_required and not term.is_light for term in terms):
            yield from self._terms_of(text, age, kinds)
            return
        yield from terms
        said = {term.word for term in terms}
        for term in self._terms_of(told, age, kinds):
            if term.word not in said:
                yield replace(term, is_required=False)

    def _terms_of(self, text: str, age: str, kinds: frozenset[str]) -> list[Term]:
        said = self._spelling.understand(_split_numbers(text))
        return list(self._terms([word for word in said if word != age], kinds))

    def _terms(self, said: Sequence[str], kinds: frozenset[str]) -> Iterator[Term]:
        seen: set[str] = set()
        rank: str | None = None
        for word, after in zip_longest(said, said[1:], fillvalue=""):
            if _RANK.match(word) or (_DAY.match(word) and after in MONTHS):
                rank = word
                continue
            if (rank is None and self._is_skipped(word)) or len(word) < 2:
                continue
            key = f"{rank or ''} {stem(word)}"
            if key not in seen:
                seen.add(key)
                yield self._term(word, rank, kinds)
            rank = None
        if rank:
            yield Term(word=rank, stems=frozenset({rank}))

    def _nouns(self, kinds: frozenset[str]) -> Iterator[Term]:
        """What an answer of this kind is called: "combien" is near to "tarif"."""
        for kind in self._lexicon.kinds:
            if kind.name in kinds:
                yield Term(
                    word=kind.name, stems=kind.nouns, is_required=False, is_kind=True
                )

    def _is_skipped(self, word: str) -> bool:
        silent = self._lexicon.silent
        if word in silent or f"{word}s" in silent:
            return True
        return word.isdigit() and len(word) > 2

    def _term(self, word: str, rank: str | None, kinds: frozenset[str]) -> Term:
        own = stem(word)
        is_soft = own in self._lexicon.soft_stems or word.isdigit()
        same = self._lexicon.kin(word) - {own}
        near = self._lexicon.near.get(own, frozenset[str]())
        is_light = rank is None and word in self._lexicon.light
        return Term(
            word=word,
            stems=frozenset({own}),
            same=same,
            near=near,
            kindred=self._spelling.kindred(word),
            rank=rank,
            kind=self._carrying(word, kinds),
            is_required=rank is not None or not is_soft,
            is_light=is_light,
            selects=rank is not None or not _DAYS.isdisjoint({own, *same}),
        )

    def _carrying(self, word: str, kinds: frozenset[str]) -> str | None:
        named = (kind.name for kind in self._lexicon.kinds if kind.is_cue(word))
        return next((name for name in named if name in CARRYING & kinds), None)


def _siblings(spelt: str) -> Iterator[Term]:
    """Of "j'ai 3 enfants": what is said of the third one may answer."""
    if several := _SEVERAL.search(spelt):
        yield Term(
            word="siblings",
            stems=frozenset({f"{several[1]}e"}),
            near=_SIBLINGS,
            is_required=False,
        )


def _split_numbers(text: str) -> list[str]:
    """Words, with "16h30" and "5ans" taken apart but "4a" and "2e" left whole."""
    apart = re.sub(
        r"(\d)(?=(?:h|ans?|mois|f|fcfa|cfa|jours?|years?)\d*\b)", r"\1 ", fold(text)
    )
    return words(apart)
