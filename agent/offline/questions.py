"""The questions in a message, and what a short question leaves unsaid."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import takewhile

from tools.backends.vocabulary import vocabulary
from tools.folding import stem

from ..language import language_of
from .lexicon import (
    is_personal,
    phrases,
    question_words,
    section,
    subjects_of,
    word_set,
)
from .small_talk import small_talk, without_small_talk
from .talk import Exchange
from .words import has_one_of, is_year, spoken, tokens, topic_words

_ENDS = re.compile(
    r"(?<=[?!;\n])|(?<=[a-zà-ÿ0-9)]\.)(?=\s)|\b(?=et aussi\b|and also\b)"
)
_PREFACE = re.compile(
    r"\b(?:\d+|deux|trois|two|three)?\s?(?:qu|k)estions?\b\s*(?:svp)?\s?:", re.I
)
_AND_ASKS = re.compile(
    r"\s+(?=(?:et|and)\s+(?:c['’]?\s?est|c|quel\w*|kel\w*|combien|cb|comment|où|ou est|"
    r"quand|kan|qui|how|what|when|where|who)\b)",
    re.IGNORECASE,
)
_OPENS_FOLLOW_UP = re.compile(
    r"^(?:(?:ok|et|e|and|puis|sinon|alors|donc|oui|d accord|mais|so|then|but|what about"
    r"|how about)\s)+"
)
_PRONOUNS = frozenset(
    ("it", "ca", "cela", "celui", "celle", "celles", "ceux", "them", "one")
)
_MOST = 6  # questions answered at once
_OF_LEVELS = frozenset(("rank", "group"))  # "et pour les 6e ?" after "CM2"
_SHORT = 3  # topic words: a question this short may lean on the one before


@dataclass(frozen=True)
class Question:
    """One question, with the words around it that belong to it."""

    text: str


def questions_in(text: str) -> Sequence[Question]:
    """The questions of a message that are answered at once, in order; never none."""
    return [Question(piece) for piece in _asked(text)[:_MOST] if piece.strip()]


def has_too_many_questions(text: str) -> bool:
    """Whether a message asks more than is answered at once."""
    return len(_asked(text)) > _MOST


def _asked(text: str) -> list[str]:
    joined: list[str] = []
    for line in _PREFACE.sub("", text).split("\n"):
        pieces = [without_small_talk(piece) for piece in _pieces(line)]
        said = [piece for piece in pieces if piece and small_talk(piece) is None]
        new = _joined(said)
        # What came in a message of its own and says what it asks for stands alone.
        if joined and new and not _is_whole(new[0]):
            joined[-1] = f"{joined[-1]} {new.pop(0)}"
        joined.extend(new)
    return [piece for piece in joined if asks(piece)] or [" ".join(joined)]


def _pieces(text: str) -> list[str]:
    found: list[str] = []
    for sentence in _ENDS.split(text):
        parts = _AND_ASKS.split(sentence)
        found.extend(part.strip() for part in parts if part.strip(" ?!.,;\n"))
    return found


def _joined(pieces: Sequence[str]) -> list[str]:
    """Pieces without a topic of their own lean on the piece before."""
    joined: list[str] = []
    for piece in pieces:
        if joined and (not _has_own_topic(piece) or _is_of_it(piece, joined[-1])):
            joined[-1] = f"{joined[-1]} {piece}"
        else:
            joined.append(piece)
    return joined


def _is_of_it(piece: str, before: str) -> bool:
    """Whether it asks more of what may not exist: "une cantine ? le repas, combien"."""
    words = topic_words(piece)
    if len(words) != 1 or not has_one_of(spoken(before), phrases("is_there")):
        return False
    subjects = {subject for w in topic_words(before) for subject in subjects_of(w)}
    return not subjects.isdisjoint(subjects_of(words[0]))


def _is_whole(piece: str) -> bool:
    """Whether it is a question without a line before it: "combien la 5e année"."""
    has_value = any(_kind_of_value(word) for word in tokens(piece))
    return _has_own_topic(piece) or (has_value and bool(kinds_of(piece)))


def _has_own_topic(piece: str) -> bool:
    if not word_set("happenings").isdisjoint(tokens(piece)):
        return True
    kin = word_set("kin") | word_set("ordinals")
    return any(word not in kin and not word.isdigit() for word in topic_words(piece))


def asks(piece: str) -> bool:
    """Whether a piece of a message is a question or a request, not a remark."""
    if requests(piece):
        return True
    return any(
        is_personal(subject) for word in tokens(piece) for subject in subjects_of(word)
    )


def requests(piece: str) -> bool:
    """Whether a piece says that it wants something: a question, "je voudrais"."""
    words = tokens(piece)
    asking = word_set("kinds", "when") | word_set("kinds", "amount")
    asking |= word_set("kinds", "where") | word_set("see") | word_set("asks")
    asking -= word_set("opens_question")
    opens = word_set("opens_question").issuperset(without_opening(piece).split()[:1])
    return "?" in piece or opens or not asking.isdisjoint(words)


def asks_nothing(text: str) -> bool:
    """Whether there is neither a topic nor a kind of answer: "allo ?", "svp"."""
    has_value = any(_kind_of_value(word) for word in tokens(text))
    return not topic_words(text) and not kinds_of(text) and not has_value


def is_gratitude(text: str) -> bool:
    """Whether somebody thanks at length and asks for nothing: "merci pour tout ce que"."""
    words = tokens(text)
    thanked = list(takewhile(lambda word: word in word_set("thanking"), words))
    # "Merci pour tout", but "merci, les notes de Grace" wants them.
    is_for_it = word_set("thanked_for").issuperset(words[len(thanked) :][:1])
    rest = f" {spoken(text)} "
    for way in (*phrases("what_you_do"), *phrases("goodbyes"), "so much", "very much"):
        rest = rest.replace(f" {way} ", " ")
    return bool(thanked) and is_for_it and "?" not in text and not requests(rest)


def introduces(text: str) -> bool:
    """Whether somebody only says who they are: "c'est la maman de…"."""
    said = f"{spoken(text)} "
    ways = [way for way in phrases("introduces") if said.startswith(f"{way} ")]
    if not ways or asks(text):
        return False
    first = said.removeprefix(ways[0]).split()[:_SHORT]
    return not word_set("titles").isdisjoint(first)


def is_told(piece: str) -> bool:
    """Whether a sentence tells rather than asks: "ma fille s'est fait mal au cours"."""
    words = tokens(piece.rpartition(",")[2])
    if requests(piece) or not words:
        return False
    begins = word_set("told")
    is_of_kin = words[0] in word_set("my") and word_set("kin").issuperset(words[1:2])
    return words[0] in begins or is_of_kin


def asks_where_we_are(text: str) -> bool:
    """Whether a question names nothing but the house: "vous êtes où svp"."""
    return not topic_words(text) and _is_of_the_house(spoken(text))


def _is_of_the_house(said: str) -> bool:
    return has_one_of(said, phrases("of_the_house"))


def is_follow_up(text: str) -> bool:
    """Whether a question leans on the one before: "et samedi ?", "and for it?"."""
    said = spoken(text)
    words = topic_words(text)
    if _is_of_the_house(said) and not _OPENS_FOLLOW_UP.match(said):
        return False
    if not words:
        return True
    if _OPENS_FOLLOW_UP.match(f"{said} "):
        return len(words) <= _SHORT
    return len(words) <= _SHORT and not _PRONOUNS.isdisjoint(said.split())


def is_in_last_answer(text: str, last: Exchange) -> bool:
    """Whether a few words are all of what was just shown: "entrée payante ?"."""
    words = topic_words(text)
    asks_itself = word_set("pure_kinds") | word_set("interrogatives")
    if not 0 < len(words) < _SHORT or not asks_itself.isdisjoint(tokens(text)):
        return False
    if spoken(text).startswith(phrases("of_oneself")):
        return False
    return {stem(word) for word in words} <= _shown_stems(last)


def without_opening(text: str) -> str:
    """A follow-up without its "et" or "and"."""
    return _OPENS_FOLLOW_UP.sub("", f"{spoken(text)} ").strip()


def completed_beside(text: str, before: str) -> str:
    """A question with the kind of answer that its neighbour asked for, if it has none.

    "la cotisation, c'est combien ? et la tenue ?": the second is about a price, too.
    """
    if kinds_of(text) or "?" not in text:
        return text
    kinds = [word for word in tokens(before) if word in word_set("pure_kinds")]
    return _substituted(text, before) or " ".join([without_opening(text), *kinds])


def completed(text: str, before: str, last: Exchange | None) -> str:
    """A short question with what the one before it said."""
    substituted = _substituted(text, before)
    if substituted:
        return substituted
    fresh = without_opening(text)
    kept = _kept_words(fresh, before, last)
    return f"{fresh} {' '.join(kept)}".strip()


def _substituted(text: str, before: str) -> str | None:
    """The question before with another day, level or number: "et la 2e ?"."""
    words = [w for w in without_opening(text).split() if _kind_of_value(w)]
    others = [w for w in topic_words(text) if not _kind_of_value(w)]
    others = [w for w in others if w not in word_set("levels")]
    if len(words) != 1 or others:
        return None
    kind = _kind_of_value(words[0])
    kinds = _OF_LEVELS if kind in _OF_LEVELS else {kind}
    for sentence in before.split("?"):
        old = [w for w in tokens(sentence) if _kind_of_value(w) in kinds]
        if old:
            kept = [w for w in tokens(sentence) if w not in old[1:]]
            return " ".join(words[0] if w == old[0] else w for w in kept)
    return None


def _kind_of_value(word: str) -> str | None:
    if word in word_set("days"):
        return "day"
    if word in word_set("ordinals") and word not in ("un", "une", "one", "second"):
        return "rank"
    if re.fullmatch(r"\d{1,2}[a-df]|[a-z]{1,3}\d{1,2}", word):
        return "group"
    if word in word_set("month_words"):
        return "month"
    return "number" if word.isdigit() and not is_year(word) else None


def _kept_words(fresh: str, before: str, last: Exchange | None) -> list[str]:
    """The words of the question before that the new one still means."""
    new = {stem(word) for word in topic_words(fresh)}
    words = fresh.split()
    asks_itself = bool(kinds_of(fresh)) or not word_set("interrogatives").isdisjoint(
        words
    )
    shown = _shown_stems(last)
    leans = not _PRONOUNS.isdisjoint(words)
    leans = leans or _does_only(fresh)
    is_elsewhere = bool(shown) and not leans and _is_other_topic(fresh, shown)
    return [
        word
        for word in dict.fromkeys(_in_order(before))
        if not (
            asks_itself
            if word in question_words()
            else is_elsewhere or stem(word) in new or _is_replaced(word, fresh)
        )
    ]


def _does_only(fresh: str) -> bool:
    """Whether a follow-up says what is done, not to what: "et on s'habille comment"."""
    words = topic_words(fresh)
    doing = vocabulary().light - word_set("said_by_itself")
    return bool(words) and doing.issuperset(words)


def _is_other_topic(fresh: str, shown: set[str]) -> bool:
    """Whether a follow-up names another topic: no word of the answer before.

    "les grands" and "samedi" are none; words of another language prove nothing.
    """
    words = [w for w in topic_words(fresh) if w not in word_set("narrowing")]
    new = {stem(word) for word in words if not _kind_of_value(word)}
    return bool(new) and new.isdisjoint(shown) and language_of(fresh) == "fr"


def _is_replaced(word: str, fresh: str) -> bool:
    """Whether a value of the question before gives way: an age, a day, a level."""
    if word.isdigit() or word in ("ans", "years") or word in word_set("kin"):
        return True
    kind = _kind_of_value(word)
    return kind is not None and kind in {_kind_of_value(w) for w in fresh.split()}


_KINDS = ("when", "amount", "who", "where", "phone")


def _in_order(text: str) -> list[str]:
    topics = set(topic_words(text))
    return [w for w in tokens(text) if w in topics or w in question_words()]


def kinds_of(text: str) -> set[str]:
    """The kinds of answer that a question asks for: a time, a price, a person."""
    words = set(tokens(text))
    kinds = {kind for kind in _KINDS if not words.isdisjoint(word_set("kinds", kind))}
    # "Son téléphone a sonné": not the number of one.
    is_thing = not words.isdisjoint(word_set("phone_as_thing"))
    return kinds - {"phone"} if is_thing else kinds


def _passages(last: Exchange | None) -> list[dict[str, str]]:
    if last is None:
        return []
    return [
        passage
        for done in last.done
        if done.tool == "search_documents"
        for passage in done.result.get("passages", ())
    ]


def _shown_stems(last: Exchange | None) -> set[str]:
    """The words of the document that answered the question before."""
    passages = _passages(last)
    if not passages:
        return set()
    title = passages[0].get("title")
    same = [p for p in passages if p.get("title") == title]
    texts = [f"{p.get('heading') or ''} {p.get('text') or ''} {title}" for p in same]
    return {stem(word) for text in texts for word in tokens(text)}


def integer_after(text: str, words: frozenset[str]) -> int | None:
    """The number beside one of these words: "1er trimestre", "term 2"."""
    said = tokens(text)
    ranks = section("ordinals")
    for at, word in enumerate(said):
        if word not in words:
            continue
        for near in (*said[max(0, at - 1) : at], *said[at + 1 : at + 2]):
            value = int(near) if near.isdigit() else int(ranks.get(near, 0))
            if value > 0:
                return value
    return None
