"""What the tools of super-admin mode answered, in words."""

from collections.abc import Mapping, Sequence
from typing import Any

from . import texts
from .dates import written_moment
from .rows import about, write_rows
from .steps import Call
from .talk import Result
from .texts import Language

_MOST_LINES = 20
_PLATFORMS = {"whatsapp": "WhatsApp", "telegram": "Telegram"}


def write(step: Call, result: Result, language: Language) -> str:
    """The answer of an admin tool, short enough for a phone."""
    if "refused" in result:
        return _refused(str(result["refused"]), language)
    if result.get("unavailable"):
        return texts.UNAVAILABLE(language)
    match step.tool:
        case "find_people":
            return _people(result, language)
        case "query_table":
            return _table(step, result, language)
        case "list_handoffs":
            return _handoffs(result, language)
        case _:
            until = written_moment(str(result.get("expires_at", "")), language)
            return texts.PAGE_MADE(language, link=result.get("link", ""), until=until)


def _refused(refusal: str, language: Language) -> str:
    _, found, names = refusal.partition("the open tables are ")
    if found:
        return texts.TABLES_OPEN(language, tables=names.rstrip("."))
    _, found, names = refusal.partition("the open fields are ")
    if found:
        return texts.FIELDS_OPEN(language, fields=names.rstrip("."))
    return texts.NOT_ALLOWED(language)


def _people(result: Result, language: Language) -> str:
    people = _lines(result.get("people", ()), language)
    if people:
        head = texts.PEOPLE_FOUND(language, count=result.get("count", len(people)))
        return "\n".join([head, *people])
    perhaps = _lines(result.get("suggestions", ()), language)
    if perhaps:
        return "\n".join([texts.PEOPLE_PERHAPS(language), *perhaps])
    return texts.PEOPLE_NONE(language)


def _lines(people: Sequence[Mapping[str, Any]], language: Language) -> list[str]:
    return [
        write_rows([one["row"]], list(one["row"]), minor_field=None, language=language)
        for one in people
    ]


def _table(step: Call, result: Result, language: Language) -> str:
    rows: Sequence[Mapping[str, str]] = result.get("rows", ())
    if not rows:
        return texts.ROWS_FOUND(language, table=result.get("table", ""), count=0)
    fields = list(rows[0])
    wanted = rows if "field" in step.arguments else about(rows, step.question, fields)
    shown = wanted[:_MOST_LINES]
    count = len(wanted) if len(wanted) < len(rows) else result.get("count", len(rows))
    parts = [
        texts.ROWS_FOUND(language, table=result.get("table", ""), count=count),
        write_rows(shown, fields, minor_field=None, language=language),
    ]
    if int(count) > len(shown):
        parts.append(texts.ROWS_MORE(language, more=int(count) - len(shown)))
    return "\n".join(parts)


def _state(handoff: Mapping[str, Any], language: Language) -> str:
    is_claimed = handoff.get("state") == "claimed"
    return (texts.CLAIMED if is_claimed else texts.WAITING)(language)


def _channel(handoff: Mapping[str, Any], language: Language) -> str:
    channel = str(handoff.get("channel", ""))
    return (
        texts.ON_SITE(language)
        if channel == "web"
        else _PLATFORMS.get(channel, channel)
    )


def _handoffs(result: Result, language: Language) -> str:
    listed: Sequence[Mapping[str, Any]] = result.get("handoffs", ())
    if not listed:
        return texts.HANDOFFS_NONE(language)
    head = texts.HANDOFFS_SOME(language, count=result.get("count", len(listed)))
    lines = [
        f"• n° {one['number']}{' 🔴' if one.get('urgent') else ''}"
        f" · {_channel(one, language)} · {_state(one, language)}"
        f" · {written_moment(str(one.get('since', '')), language)}"
        for one in listed
    ]
    return "\n".join([head, *lines])
