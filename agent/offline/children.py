"""First names in what a parent writes, and the names that tools have shown."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any

from rapidfuzz import fuzz

from tools.folding import fold
from tools.folding import words as words_of

from ..language import language_of
from .lexicon import subjects_of, subjects_spelt, word_set
from .subjects import Subjects
from .talk import Done, Exchange
from .words import tokens

_NEAR = 85  # of 100, for names of five letters and more
_NAME = r"[^\W\d_]+(?:-[^\W\d_]+)*"
_CAPITAL = re.compile(rf"\b(?P<name>[A-ZÀ-ÝŒ](?:{_NAME})?)(?:['’]s\b)?")
_TITLE = re.compile(r"(?:\b[A-ZÀ-ÝŒ]\w*[\s-]+)+$")
_BEFORE_NAME = frozenset(
    ["de", "d", "of", "pour", "pr", "for", "si", "et", "and", "avec", "with", "a"]
)
_BESIDE_ONLY = frozenset(
    ("de", "d", "of", "a", "avec", "with")
)  # "absences a X", not "a dit"
# "livres à rendre", "à signer": how French verbs end, not how "olivier", "amir" or
# "andré" do. Some names are taken for verbs ("à claire") and then count only with a
# capital or once known, which shows all of the parent's own rows. The other mistake
# would tell them that they have no child called "rendre".
_INFINITIVE = re.compile(r"\w+(?:[^i]er|[^dhv]ier|[lnrst]ir|oir|[diptuv]re)")
_PIECES = re.compile(_NAME)
_AT_START = re.compile(rf"^(?P<name>{_NAME})\s(?:a|est|va|vient|has|is)\b", re.I)
_RUN_ON = re.compile(r"\bd(?P<name>[aeiouyh][a-z]{3,})\b")
_JOINED = re.compile(rf"(?:et|and|&|,)\s(?:de\s|d'|pour\s)?(?P<name>{_NAME})\b")
_OF_NAME = re.compile(rf"\b(?P<name>{_NAME})['’]s\b")
_THEIRS = re.compile(r"(?:Theirs are|children are): (?P<names>[^.]+)\.")


@dataclass(frozen=True)
class Name:
    """A first name as it was written; `is_sure`: it can hardly be anything else."""

    written: str
    is_sure: bool
    is_beside_subject: bool = True  # "les notes de agnes", rather than "de voyage"
    is_known: bool = False  # a tool has shown it as one of the writer's children
    is_one_of_several: bool = False  # "marie et benoit": the rows of all are shown


def known_children(past: Iterable[Exchange], subjects: Subjects) -> tuple[str, ...]:
    """The names of children that tools have shown in this conversation."""
    names: dict[str, None] = {}
    for exchange in past:
        for done in exchange.done:
            if done.tool == "verify_parent_code":
                names.update(dict.fromkeys(done.result.get("children", ())))
            names.update(dict.fromkeys(names_shown(done, subjects)))
    return tuple(names)


def names_shown(done: Done, subjects: Subjects) -> Sequence[str]:
    """The children whom the answer of an action names."""
    known = subjects.by_name.get(done.tool)
    if known is None or not known.action.minor_fields:
        return ()
    return _names_in(done.result, known.action.minor_fields[0])


def names_allowed(refusal: str) -> tuple[str, ...]:
    """The parent's own children, as a refusal of an action lists them."""
    match = _THEIRS.search(refusal)
    return tuple(match["names"].split(", ")) if match else ()


def _names_in(result: Mapping[str, Any], field: str) -> list[str]:
    rows: Sequence[Mapping[str, str]] = result.get("rows", ())
    listed = [row[field] for row in rows if row.get(field)]
    return [*listed, *names_allowed(str(result.get("refused", "")))]


def name_in(text: str, known: Sequence[str]) -> Name | None:
    """The child whom a question names: one that is known, or what looks like one."""
    found = _known_name(text, known) or _sure_name(text) or _likely_name(text)
    if found and _has_another(text, found.written):
        return replace(found, is_one_of_several=True)
    return found


def _has_another(text: str, name: str) -> bool:
    """Whether a second name is joined to the first."""
    _, _, rest = fold(text).partition(f"{fold(name)} ")
    match = _JOINED.match(rest)
    return match is not None and not _is_everyday(match["name"])


def is_of_sibling(text: str) -> bool:
    """Whether a text is of another child of the family: "les notes de son frère"."""
    return any(
        word in word_set("siblings") and before in word_set("before_sibling")
        for before, word in pairwise(tokens(text))
    )


def _known_name(text: str, known: Sequence[str]) -> Name | None:
    said = words_of(text)
    for name in sorted(known, key=len, reverse=True):
        parts = words_of(name)
        for at in range(len(said) - len(parts) + 1):
            if _are_alike(said[at : at + len(parts)], parts):
                return Name(name, is_sure=True, is_known=True)
    return None


def _are_alike(said: Sequence[str], parts: Sequence[str]) -> bool:
    return all(
        a == b or (len(b) > 4 and fuzz.ratio(a, b) >= _NEAR)
        for a, b in zip(said, parts, strict=True)
    )


def _sure_name(text: str) -> Name | None:
    """A word with a capital inside a sentence, that is no other word we know."""
    after_kin = _after_kin(text)
    if after_kin:
        return after_kin
    for match in _CAPITAL.finditer(text):
        name = match["name"]
        if _starts_sentence(text, match.start()) or name.isupper():
            continue
        if len(name) < 3 or _is_everyday(name) or _is_a_thing(text, match):
            continue
        before = words_of(text[: match.start()])[-1:]
        is_for = not word_set("before_receiver").isdisjoint(before)
        return Name(name, is_sure=True, is_beside_subject=not is_for)
    return None


def _is_a_thing(text: str, match: re.Match[str]) -> bool:
    """Whether a capital stands where no first name would: "la Chorale", "Étape 2".

    Nor is the name of a group one: "le groupe Acacia".
    """
    # "the First Communion": the article stands before all of its capitals.
    before = words_of(_TITLE.sub("", text[: match.start()]))[-1:]
    after = text[match.end() :].lstrip(" ")[:1]
    of_things = word_set("articles") | word_set("named_things")
    return not of_things.isdisjoint(before) or after.isdigit()


def _after_kin(text: str) -> Name | None:
    """A name beside "mon fils": a feast is a child there, if not a sure one."""
    pieces = text.replace(",", " ").split()
    for before, word in pairwise(pieces):
        if fold(before) in word_set("kin") and word[:1].isupper() and len(word) > 2:
            bare = word.strip(".!?;:")
            return Name(bare, is_sure=not _is_everyday(bare))
    return None


def _starts_sentence(text: str, at: int) -> bool:
    return not text[:at].strip() or text[:at].rstrip()[-1] in ".!?:;\n"


def _is_everyday(name: str) -> bool:
    word = fold(name)
    # "Emmanuel" is no misspelt "manuel": a capital is not written by a slip.
    subjects = subjects_spelt if name[:1].isupper() else subjects_of
    return (
        word in word_set("not_names")
        or word in word_set("light")
        or word in word_set("spelling")
        or word in word_set("kin")
        or word in word_set("polite")
        or word in word_set("ordinals")
        or any(word in word_set("kinds", kind) for kind in ("when", "amount", "who"))
        or bool(subjects(word))
    )


def _likely_name(text: str) -> Name | None:
    """A small word that stands where a first name would: "les notes de agnes"."""
    for form in (_OF_NAME, _AT_START):
        match = form.search(text)
        if match and not _is_everyday(match["name"]):
            return Name(match["name"], is_sure=False)
    return _after_small_word(text) or _run_on(text)


def _after_small_word(text: str) -> Name | None:
    pieces = _PIECES.findall(text)
    for at, before in enumerate(pieces[:-1]):
        word = pieces[at + 1]
        if fold(before) not in _BEFORE_NAME or len(word) < 3 or _is_everyday(word):
            continue
        if fold(before) == "a" and _is_no_name_after_a(before, word, text):
            continue
        is_beside = _ends_with_subject(pieces[:at])
        if fold(before) in _BESIDE_ONLY and not is_beside:
            continue
        second = pieces[at + 2 : at + 3]
        return Name(
            " ".join([word, *second * _is_second(second)]),
            is_sure=False,
            is_beside_subject=is_beside,
        )
    return None


def _is_no_name_after_a(before: str, word: str, text: str) -> bool:
    if _INFINITIVE.fullmatch(word):
        return True
    return before == "a" and language_of(text) == "en"  # an article there, and no verb


def _ends_with_subject(pieces: Sequence[str]) -> bool:
    return bool(pieces) and any(subjects_of(fold(piece)) for piece in pieces[-2:])


def _run_on(text: str) -> Name | None:
    match = _RUN_ON.search(text)
    if match and not _is_everyday(match[0]) and not _is_everyday(match["name"]):
        return Name(match["name"], is_sure=False)
    return None


def _is_second(parts: Sequence[str]) -> bool:
    """Whether a word may be the other half of a compound first name."""
    return any(
        fold(part) in word_set("not_names") - word_set("light")
        or (len(part) > 2 and not _is_everyday(part))
        for part in parts
    )
