"""The answer that documents give: the passages that carry it, and their source."""

import re
from collections.abc import Sequence
from datetime import date
from typing import Any

from tools.folding import fold

from .dates import written_date
from .outlook import Outlook
from .questions import kinds_of
from .texts import (
    A_PERSON,
    IF_NOT,
    NEAREST,
    NOT_SURE,
    NOT_SURE_OF_SEVERAL,
    NOT_WRITTEN,
    OFFER_PERSON,
    PAST_YEAR,
    READ_ON,
    SOURCE,
    SOURCE_DATED,
    SOURCE_LINKED,
    Language,
)
from .words import is_year, tokens

Passage = dict[str, Any]
MAX_PASSAGES = 3
MAX_CHOICES = 3
_SHORT_CHARS = 300
_EXCERPT_CHARS = 400
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


def write_answer(passages: Sequence[Passage], question: str, outlook: Outlook) -> str:
    """What the evident passages say, with the title and date of their document.

    A document of a past year is not this year's: that is said first.
    """
    evident = [passage for passage in passages if passage.get("evident")]
    current = [passage for passage in evident if not _past(passage, outlook.today)]
    asks_year = any(is_year(word) for word in tokens(question))
    chosen = _chosen(evident if asks_year else current or evident, question)
    year = _past(chosen[0], outlook.today)
    return "\n\n".join(
        [
            *([PAST_YEAR(outlook.language, year=year)] if year else []),
            *(_quoted(passage) for passage in chosen),
            *_sources(chosen, outlook.language),
        ]
    )


def _past(passage: Passage, today: date) -> str | None:
    """The year that a passage is of, when it is over."""
    if passage.get("past_year"):
        return str(passage.get("valid_for"))
    return past_year(str(passage["title"]), today)


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


def write_section(
    passages: Sequence[Passage], topic: str, language: Language
) -> str | None:
    """What was found of a section that somebody chose; None: nothing of it."""
    chosen = [one for one in passages if _topic(one) == topic][:MAX_PASSAGES]
    if not chosen:
        return None
    return "\n\n".join([*map(_quoted, chosen), *_sources(chosen, language)])


def write_near(
    passages: Sequence[Passage], language: Language, *, at_most: int = MAX_CHOICES
) -> str | None:
    """The nearest passages, quoted with our doubt and a person offered; or None.

    Several are numbered: a number then shows the whole section.
    """
    near = [passage for passage in passages if passage.get("near")][:at_most]
    if not near:
        return None
    if len(near) > 1:
        return _numbered(near, language)
    return "\n\n".join(
        [
            NOT_SURE(language),
            _quoted(near[0]),
            *_sources(near, language),
            IF_NOT(language),
        ]
    )


def _numbered(near: Sequence[Passage], language: Language) -> str:
    quoted = [f"{_topic(passage)}\n« {_excerpt(passage)} »" for passage in near]
    choices = [*quoted, A_PERSON(language)]
    numbered = [f"{number}. {text}" for number, text in enumerate(choices, start=1)]
    return "\n\n".join([NOT_SURE_OF_SEVERAL(language), *numbered, READ_ON(language)])


def _excerpt(passage: Passage) -> str:
    """A passage on one line, so that a numbered list in it is no choice of ours."""
    lines = [line.removeprefix("- ").strip() for line in _quoted(passage).split("\n")]
    text = " ; ".join(line.rstrip(" .;") for line in lines)
    if len(text) <= _EXCERPT_CHARS:
        return text
    return f"{text[:_EXCERPT_CHARS].rsplit(' ', 1)[0]} …"


def write_not_found(passages: Sequence[Passage], language: Language) -> str:
    """That the documents do not say it, with the nearest topics and a person."""
    topics = _topics(passages)[:MAX_CHOICES]
    if not topics:
        return f"{NOT_WRITTEN(language)}\n{OFFER_PERSON(language)}"
    choices = [*topics, A_PERSON(language)]
    numbered = [f"{number}. {text}" for number, text in enumerate(choices, start=1)]
    return "\n".join([f"{NOT_WRITTEN(language)} {NEAREST(language)}", *numbered])


def _chosen(evident: Sequence[Passage], question: str) -> Sequence[Passage]:
    """The best passage, and what it lacks of the kinds of answer that were asked.

    The search has ranked them.
    """
    kinds = kinds_of(question)
    first = evident[0]
    chosen = [first]
    missing = {kind for kind in kinds if not _carries(first, {kind})}
    for passage in evident:
        if passage not in chosen and _carries(passage, missing):
            chosen.append(passage)
            missing = {kind for kind in missing if not _carries(passage, {kind})}
    if len(chosen) == 1:
        chosen.extend(_second(evident, first, kinds))
    return chosen[:MAX_PASSAGES]


def _second(
    evident: Sequence[Passage], first: Passage, kinds: set[str]
) -> Sequence[Passage]:
    """The next best passage, when short and of the kind asked."""
    return [
        passage
        for passage in evident
        if passage is not first
        and len(passage["text"]) <= _SHORT_CHARS
        and _carries(passage, kinds) >= _carries(first, kinds)
    ][:1]


def _carries(passage: Passage, kinds: set[str]) -> int:
    """How many of the kinds of answer asked for a passage holds."""
    text = fold(passage["text"])
    held = {kind for kind, form in _HOLDS.items() if form.search(text)}
    if _NUMBER.search(_MOMENT.sub(" ", text)):
        held.add("amount")  # a number that is no date and no hour
    return len(held & kinds)


def _quoted(passage: Passage) -> str:
    return str(passage["text"]).strip()


def _sources(chosen: Sequence[Passage], language: Language) -> list[str]:
    """The title and date of each document that is quoted, once, on one line."""
    lines = dict.fromkeys(_source(passage, language) for passage in chosen)
    return ["\n".join(lines)]


def _source(passage: Passage, language: Language) -> str:
    """The document; where it can be opened, the section in it and the link too."""
    link, heading = passage.get("link"), passage.get("heading")
    title = str(passage["title"])
    if link and heading:
        title = f"{title} › {heading}"
    updated = passage.get("updated")
    source = SOURCE(language, title=title)
    if updated:
        written = written_date(str(updated), language)
        source = SOURCE_DATED(language, title=title, date=written)
    return SOURCE_LINKED(language, source=source, link=link) if link else source


def _topics(passages: Sequence[Passage]) -> list[str]:
    return list(dict.fromkeys(map(_topic, passages)))


def _topic(passage: Passage) -> str:
    return " – ".join(filter(None, (passage.get("title"), passage.get("heading"))))
