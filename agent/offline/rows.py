"""Rows of a table as a short message that is pleasant on a phone."""

import re
from collections.abc import Mapping, Sequence
from itertools import groupby

from rapidfuzz import fuzz

from tools.folding import words as words_of

from .dates import written_value
from .lexicon import section, word_set
from .texts import Language
from .words import topic_words

Row = Mapping[str, str]
_NEAR = 88  # of 100
_NUMBER = re.compile(r"\d+([.,]\d+)?(\s*/\s*\d+)?")
_LONG = 25  # letters: a remark, rather than a value


def write_rows(
    rows: Sequence[Row],
    fields: Sequence[str],
    *,
    minor_field: str | None,
    language: Language,
) -> str:
    """The rows, under the name of the child they are about if there is one."""
    if minor_field is None or minor_field not in fields:
        return "\n".join(_line(row, fields, language) for row in rows)
    rest = [field for field in fields if field != minor_field]
    groups: dict[str, list[Row]] = {}
    for row in rows:
        groups.setdefault(row.get(minor_field, ""), []).append(row)
    return "\n\n".join(
        _group(name, group, rest, language) for name, group in groups.items()
    )


def about(rows: Sequence[Row], question: str, fields: Sequence[str]) -> Sequence[Row]:
    """The rows whose cells the question names, or all of them."""
    wanted = [word for word in topic_words(question) if len(word) > 3]
    named = [
        row
        for row in rows
        if any(_has_word(row.get(field, ""), wanted) for field in fields)
    ]
    return named or rows


def column(field: str) -> str:
    """A column name as it stands on a screen: "reste_a_payer" → "Reste à payer"."""
    spelt = section("columns")
    words = [spelt.get(word, word) for word in field.replace("_", " ").split()]
    name = " ".join(words)
    return name[:1].upper() + name[1:]


def _has_word(cell: str, wanted: Sequence[str]) -> bool:
    written = [word for word in words_of(cell) if len(word) > 3]
    return any(fuzz.ratio(a, b) >= _NEAR for a in wanted for b in written)


def _group(
    name: str, rows: Sequence[Row], fields: Sequence[str], language: Language
) -> str:
    if len(rows) > 1:
        lines = _several(rows, fields, language)
    else:
        lines = [
            f"{column(field)}{_colon(language)} {_value(rows[0], field, language)}"
            for field in fields
            if rows[0].get(field)
        ]
    return "\n".join([f"**{name}**", *lines])


def _several(
    rows: Sequence[Row], fields: Sequence[str], language: Language
) -> list[str]:
    """A line a row; what several rows share is written once, above them."""
    shared = _shared(rows, fields)
    if shared is None:
        return [_line(row, fields, language) for row in rows]
    rest = [field for field in fields if field != shared]
    lines: list[str] = []
    for _, group in groupby(rows, key=lambda row: row.get(shared, "")):
        members = list(group)
        value = _value(members[0], shared, language)
        lines.append(f"{column(shared)} {value}{_colon(language)}")
        lines += [_line(row, rest, language) for row in members]
    return lines


def _shared(rows: Sequence[Row], fields: Sequence[str]) -> str | None:
    """The first column if its values stand in blocks, several rows each."""
    first = fields[0] if len(fields) > 1 else None
    if first is None or not all(row.get(first) for row in rows):
        return None
    blocks = [len(list(group)) for _, group in groupby(r[first] for r in rows)]
    return first if min(blocks) > 1 else None


def _line(row: Row, fields: Sequence[str], language: Language) -> str:
    """The first cell names the row; the others follow, a long text last."""
    filled = [field for field in fields if row.get(field)]
    if not filled:
        return "•"
    label, others = filled[0], filled[1:]
    long = [field for field in others if len(row[field]) > _LONG]
    short = [field for field in others if field not in long]
    head = _value(row, label, language)
    if _NUMBER.fullmatch(row[label].strip()):
        head = f"{column(label)} {head}"  # a bare number names nothing
    if len(short) == 1 and _NUMBER.fullmatch(row[short[0]].strip()):
        head += f"{_colon(language)} {_value(row, short[0], language)}"
    elif short:
        cells = [_cell(row, field, language) for field in short]
        # Two colons in a line read badly: "justifiée : oui" has its own.
        joint = " —" if _is_whether(row[short[0]]) else _colon(language)
        head += f"{joint} {' · '.join(cells)}"
    return " — ".join([f"• {head}", *(_value(row, field, language) for field in long)])


def _cell(row: Row, field: str, language: Language) -> str:
    """A value beside its column, unless it names it itself: "salle 12"."""
    name, value = column(field).lower(), _value(row, field, language)
    spoken = words_of(value)
    if spoken[:1] == words_of(name)[:1] and len(spoken) > 1:
        return value
    return f"{name}{_colon(language) if _is_whether(value) else ''} {value}"


def _is_whether(value: str) -> bool:
    spoken = words_of(value)
    return bool(spoken) and word_set("whether").issuperset(spoken)


def _colon(language: Language) -> str:
    return " :" if language == "fr" else ":"


def _value(row: Row, field: str, language: Language) -> str:
    is_amount = not word_set("amounts").isdisjoint(words_of(field))
    return written_value(row[field], language, is_amount=is_amount)
