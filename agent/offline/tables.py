"""Which table an admin means, and which of its rows."""

import re
from collections.abc import Mapping, Sequence

from rapidfuzz import fuzz

from tools.folding import words as words_of

from . import texts
from .lexicon import subjects_of, word_set
from .outlook import Outlook
from .steps import Call, Say, Step

_NEAR = 85  # of 100
_GROUP = re.compile(r"^\d{1,2}[a-z]$")
_NAMED = re.compile(r"\b(?:table|tableau)\s+(?:des?\s+|d['’]|the\s+)?(?P<name>[\w-]+)")
_OPEN = re.compile(r"open tables are (?P<names>[^.]+)\.")
_MOST_ROWS = 50


def table_call(said: str, outlook: Outlook) -> Sequence[Step]:
    """The reading of a table that a message asks for."""
    words = words_of(said)
    if word_set("admin", "table").isdisjoint(words):
        return []
    tables = _tables(outlook)
    name = _named(words, tables) or _explicit(said)
    if name is None:
        return _which(words, outlook, tables)
    where = _where(words, tables.get(name, ()))
    arguments = {"table": name, **where, "limit": _MOST_ROWS}
    return [
        Call(tool="query_table", purpose="admin", arguments=arguments, question=said)
    ]


def _tables(outlook: Outlook) -> Mapping[str, Sequence[str]]:
    """The tables that are known: of the actions, and of an earlier refusal."""
    found: dict[str, Sequence[str]] = dict(outlook.subjects.tables)
    for exchange in outlook.talk.past:
        for done in exchange.done:
            match = _OPEN.search(str(done.result.get("refused", "")))
            if match:
                found.update({n: found.get(n, ()) for n in match["names"].split(", ")})
    return found


def _named(words: Sequence[str], tables: Mapping[str, Sequence[str]]) -> str | None:
    scored = [
        (fuzz.ratio(word, " ".join(words_of(table))), table)
        for word in words
        for table in tables
    ]
    best = max(scored, default=(0, ""))
    return best[1] if best[0] >= _NEAR else None


def _explicit(said: str) -> str | None:
    match = _NAMED.search(said)
    return match["name"] if match else None


def _which(
    words: Sequence[str], outlook: Outlook, tables: Mapping[str, Sequence[str]]
) -> Sequence[Step]:
    if "table" not in words and "tables" not in words:
        return []
    names = ", ".join(outlook.subjects.opened or tables)
    question = texts.WHICH_TABLE(outlook.language)
    listed = texts.TABLES_OPEN(outlook.language, tables=names) if names else ""
    return [Say(f"{question}\n{listed}".strip())]


def _where(words: Sequence[str], fields: Sequence[str]) -> Mapping[str, str]:
    """The group that is named, and the one field that holds groups if there is one."""
    groups = [word for word in words if _GROUP.match(word)]
    holding = [
        field
        for field in fields
        if any("group" in subjects_of(word) for word in words_of(field))
        and "level" not in field
    ]
    exact = [field for field in holding if field in ("groupe", "group", "classe")]
    if len(groups) == 1 and len(exact or holding) == 1:
        return {"field": (exact or holding)[0], "equals": groups[0].upper()}
    return {}
