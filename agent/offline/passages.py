"""The answer that documents give: the passages that carry it, and their source."""

import re
from collections.abc import Sequence
from datetime import date
from typing import Any

from tools.folding import fold, stem

from .dates import written_date
from .outlook import Outlook
from .questions import kinds_of
from .texts import (
    A_PERSON,
    NEAREST,
    NOT_WRITTEN,
    OFFER_PERSON,
    PAST_YEAR,
    SOURCE,
    SOURCE_DATED,
    Language,
)
from .words import is_year, tokens, topic_words

Passage = dict[str, Any]
MAX_PASSAGES = 3
MAX_CHOICES = 3
_SHORT_CHARS = 300
_MONTHS = (
    "janvier|fevrier|mars|avril|mai|juin|juillet|aout|septembre|octobre|novembre"
    "|decembre"
)
_DAY_OR_HOUR = (
    rf"\d\s?h\b|\d\s?h\s?\d|\d:\d\d|\b20\d\d\b|\b(?:{_MONTHS})\b|lundi|mardi|mercredi"
    r"|jeudi|vendredi|samedi|dimanche|ferme|ouvert|minutes|jours|semaine"
)
_HOLDS = {
    "when": re.compile(_DAY_OR_HOUR),
    "where": re.compile(
        r"\b(?:rue|avenue|allee|route|boulevard|quartier|adresse|angle|impasse|immeuble"
        r"|en face|villa|carrefour|street|road|address)\b"
    ),
    "phone": re.compile(r"\d\d[\s.]?\d\d|@"),
}
_YEARS = re.compile(r"\b(?P<first>20\d\d)(?:\s?[-–/]\s?(?P<last>20\d\d))?\b")
_MOMENT = re.compile(
    rf"\d{{1,2}}(?:er)? (?:{_MONTHS})|\b20\d\d\b|\d{{1,2}}\s?h(?:\s?\d\d)?\b|\d:\d\d"
)
_NUMBER = re.compile(r"\d|gratuit|\bfree\b|offert")
_BOLD = re.compile(r"\*\*(.+?)\*\*")


def write_answer(passages: Sequence[Passage], question: str, outlook: Outlook) -> str:
    """What the evident passages say, with the title and date of their document.

    A document of a past year is not this year's: that is said first.
    """
    evident = [passage for passage in passages if passage.get("evident")]
    current = [p for p in evident if not past_year(str(p["title"]), outlook.today)]
    asks_year = any(is_year(word) for word in tokens(question))
    chosen = _chosen(evident if asks_year else current or evident, question)
    year = past_year(str(chosen[0]["title"]), outlook.today)
    return "\n\n".join(
        [
            *([PAST_YEAR(outlook.language, year=year)] if year else []),
            *(_quoted(passage) for passage in chosen),
            *_sources(chosen, outlook.language),
        ]
    )


def past_year(title: str, today: date) -> str | None:
    """The year or school year in a title, when it is over.

    A school year ends with the summer of its second year.
    """
    span = _YEARS.search(title)
    if span is None:
        return None
    last = int(span["last"] or span["first"])
    is_school_year = span["last"] is not None
    end = date(last, 8, 31) if is_school_year else date(last, 12, 31)
    return span[0] if end < today else None


def write_not_found(passages: Sequence[Passage], language: Language) -> str:
    """That the documents do not say it, with the nearest topics and a person."""
    topics = _topics(passages)[:MAX_CHOICES]
    if not topics:
        return f"{NOT_WRITTEN(language)}\n{OFFER_PERSON(language)}"
    choices = [*topics, A_PERSON(language)]
    numbered = [f"{number}. {text}" for number, text in enumerate(choices, start=1)]
    return "\n".join([f"{NOT_WRITTEN(language)} {NEAREST(language)}", *numbered])


def _chosen(evident: Sequence[Passage], question: str) -> Sequence[Passage]:
    """The best passage, its like in the same section, and one per kind asked for."""
    words = {stem(word) for word in topic_words(question)}
    kinds = kinds_of(question)
    first = max(evident, key=lambda passage: _rank(passage, words, kinds))
    if _rank(first, words, kinds) <= _rank(evident[0], words, kinds):
        first = evident[0]
    chosen = [first]
    for passage in evident:
        if passage not in chosen and _is_alike(passage, first, words, kinds):
            chosen.append(passage)
    missing = {kind for kind in kinds if not _carries(first, {kind})}
    for passage in evident:
        if passage not in chosen and _carries(passage, missing):
            chosen.append(passage)
            missing = {kind for kind in missing if not _carries(passage, {kind})}
    if len(chosen) == 1:
        chosen.extend(_second(evident, first, words, kinds))
    return chosen[:MAX_PASSAGES]


def _second(
    evident: Sequence[Passage], first: Passage, words: set[str], kinds: set[str]
) -> Sequence[Passage]:
    """The next best passage of the document, when short and saying as much."""
    others = [passage for passage in evident if passage is not first][:1]
    return [
        passage
        for passage in others
        if passage.get("title") == first.get("title")
        and len(passage["text"]) <= _SHORT_CHARS
        and _rank(passage, words, kinds) >= _rank(first, words, kinds)
    ]


def _rank(passage: Passage, words: set[str], kinds: set[str]) -> tuple[int, int]:
    return _carries(passage, kinds), _shared(passage, words)


def _is_alike(
    passage: Passage, first: Passage, words: set[str], kinds: set[str]
) -> bool:
    """Whether a passage of the same section says as much: another row of a table."""
    same = all(passage.get(key) == first.get(key) for key in ("title", "heading"))
    return same and _rank(passage, words, kinds) >= _rank(first, words, kinds)


def _carries(passage: Passage, kinds: set[str]) -> int:
    """How many of the kinds of answer asked for a passage holds."""
    text = fold(passage["text"])
    held = {kind for kind, form in _HOLDS.items() if form.search(text)}
    if _NUMBER.search(_MOMENT.sub(" ", text)):
        held.add("amount")  # a number that is no date and no hour
    return len(held & kinds)


def _shared(passage: Passage, words: set[str]) -> int:
    """How many words of the question a passage has; in its title they weigh double."""
    said = " ".join(str(passage.get(part) or "") for part in ("heading", "text"))
    in_title = {stem(word) for word in topic_words(str(passage["title"]))}
    in_text = {stem(word) for word in topic_words(said)}
    return len(words & (in_title | in_text)) + len(words & in_title)


def _quoted(passage: Passage) -> str:
    # One star is bold on WhatsApp and Telegram; two are not.
    return _BOLD.sub(r"*\1*", str(passage["text"])).strip()


def _sources(chosen: Sequence[Passage], language: Language) -> list[str]:
    """The title and date of each document that is quoted, once, on one line."""
    lines = dict.fromkeys(_source(passage, language) for passage in chosen)
    return ["\n".join(lines)]


def _source(passage: Passage, language: Language) -> str:
    updated = passage.get("updated")
    if not updated:
        return SOURCE(language, title=passage["title"])
    date = written_date(str(updated), language)
    return SOURCE_DATED(language, title=passage["title"], date=date)


def _topics(passages: Sequence[Passage]) -> list[str]:
    named = [
        " – ".join(part for part in (p.get("title"), p.get("heading")) if part)
        for p in passages
    ]
    return list(dict.fromkeys(named))
