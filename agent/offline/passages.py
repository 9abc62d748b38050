"""The answer that documents give: the passages that carry it, and their source."""

import re
from collections.abc import Sequence
from typing import Any

from tools.folding import fold, stem

from .dates import written_date
from .questions import kinds_of
from .texts import (
    A_PERSON,
    NEAREST,
    NOT_WRITTEN,
    OFFER_PERSON,
    SOURCE,
    SOURCE_DATED,
    Language,
)
from .words import topic_words

Passage = dict[str, Any]
MAX_PASSAGES = 3
MAX_CHOICES = 3
_DAY_OR_HOUR = (
    r"\d\s?h\b|\d\s?h\s?\d|\d:\d\d|lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche"
    r"|janvier|fevrier|\bmars\b|avril|\bmai\b|juin|juillet|aout|septembre|octobre"
    r"|novembre|decembre|\b20\d\d\b|ferme|ouvert|monday|tuesday|wednesday|thursday"
    r"|friday|saturday|sunday|minutes|jours|semaine"
)
_HOLDS = {
    "when": re.compile(_DAY_OR_HOUR),
    "amount": re.compile(r"\d|gratuit|free\b|aucun|offert"),
    "phone": re.compile(r"\d\d[\s.]?\d\d|@"),
}
_BOLD = re.compile(r"\*\*(.+?)\*\*")


def write_answer(passages: Sequence[Passage], question: str, language: Language) -> str:
    """What the evident passages say, with the title and date of their document."""
    chosen = _chosen([p for p in passages if p.get("evident")], question)
    texts = [_quoted(passage) for passage in chosen]
    return "\n\n".join([*texts, _source(chosen[0], language)])


def write_not_found(
    passages: Sequence[Passage], language: Language, *, with_choices: bool = True
) -> str:
    """That the documents do not say it, with the nearest topics and a person."""
    topics = _topics(passages)[:MAX_CHOICES] if with_choices else []
    if not topics:
        return f"{NOT_WRITTEN(language)}\n{OFFER_PERSON(language)}"
    choices = [*topics, A_PERSON(language)]
    numbered = [f"{number}. {text}" for number, text in enumerate(choices, start=1)]
    return "\n".join([f"{NOT_WRITTEN(language)} {NEAREST(language)}", *numbered])


def _chosen(evident: Sequence[Passage], question: str) -> Sequence[Passage]:
    """The best passage, its like in the same section, and one per kind asked for."""
    words = {stem(word) for word in topic_words(question)}
    kinds = kinds_of(question)
    first = max(evident, key=lambda p: (_carries(p, kinds), _shared(p, words)))
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
    return chosen[:MAX_PASSAGES]


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
    return sum(bool(_HOLDS[kind].search(text)) for kind in kinds if kind in _HOLDS)


def _shared(passage: Passage, words: set[str]) -> int:
    """How many words of the question a passage has; in its title they weigh more."""
    named = f"{passage.get('title')} {passage.get('heading') or ''}"
    in_name = {stem(word) for word in topic_words(named)}
    in_text = {stem(word) for word in topic_words(passage["text"])}
    return len(words & (in_name | in_text)) + len(words & in_name)


def _quoted(passage: Passage) -> str:
    # One star is bold on WhatsApp and Telegram; two are not.
    return _BOLD.sub(r"*\1*", str(passage["text"])).strip()


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
