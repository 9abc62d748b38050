"""What the tools answered, in words."""

from collections.abc import Mapping, Sequence
from typing import Any

from . import admin_words, texts
from .children import names_allowed
from .outlook import Outlook
from .passages import write_answer, write_not_found
from .rows import about, write_rows
from .steps import Call, Offer, Say, Step
from .talk import Result


def compose(
    steps: Sequence[Step], results: Mapping[int, Result], outlook: Outlook
) -> str:
    """The reply: one paragraph for each step, in order."""
    has_failed = _verify_failed(steps, results)
    parts: list[str] = []
    for at, step in enumerate(steps):
        if has_failed and _needs_proof(step, outlook):
            continue
        parts.append(_part(step, results.get(at), outlook, is_only=len(steps) == 1))
    return "\n\n".join(dict.fromkeys(part for part in parts if part))


def _verify_failed(steps: Sequence[Step], results: Mapping[int, Result]) -> bool:
    return any(
        isinstance(step, Call)
        and step.purpose == "verify"
        and not results.get(at, {}).get("verified")
        for at, step in enumerate(steps)
    )


def _needs_proof(step: Step, outlook: Outlook) -> bool:
    if isinstance(step, Call):
        known = outlook.subjects.by_name.get(step.tool)
        return known is not None and known.is_own
    return isinstance(step, Offer)


def _part(step: Step, result: Result | None, outlook: Outlook, *, is_only: bool) -> str:
    language = outlook.language
    if isinstance(step, Say):
        return step.text
    if isinstance(step, Offer):
        return texts.OFFER_ACTION(language, what=step.what)
    if result is None:
        return texts.ASK_CODE(language)
    match step.purpose:
        case "search":
            return _documents(step, result, outlook, is_only=is_only)
        case "rows":
            return _rows(step, result, outlook)
        case "verify":
            return _verified(result, outlook)
        case "human":
            return _handed_off(step, result, outlook)
        case "admin":
            return admin_words.write(step, result, language)


def _documents(step: Call, result: Result, outlook: Outlook, *, is_only: bool) -> str:
    language = outlook.language
    if "passages" not in result:
        return texts.UNAVAILABLE(language)
    passages = result["passages"]
    if any(passage.get("evident") for passage in passages):
        return write_answer(passages, step.question, language)
    return write_not_found(passages, language, with_choices=is_only)


def _rows(step: Call, result: Result, outlook: Outlook) -> str:
    language = outlook.language
    if "refused" in result:
        names = names_allowed(str(result["refused"]))
        if names:
            return texts.NOT_YOUR_CHILD(language, names=", ".join(names))
        return texts.NOT_ALLOWED(language)
    if "rows" not in result:
        return texts.UNAVAILABLE(language)
    rows: Sequence[Mapping[str, str]] = result["rows"]
    if not rows:
        return texts.NOTHING_THERE(language)
    action = outlook.subjects.by_name[step.tool].action
    minor = next(iter(action.minor_fields), None)
    others = [field for field in action.fields if field not in action.minor_fields]
    shown = about(rows, step.question, others)
    return write_rows(shown, action.fields, minor_field=minor, language=language)


def _verified(result: Result, outlook: Outlook) -> str:
    language = outlook.language
    if result.get("verified"):
        name = result.get("name")
        if name:
            return texts.CODE_OK_NAMED(language, name=name)
        return texts.CODE_OK(language)
    if result.get("reason") == "locked":
        minutes: Any = result.get("locked_minutes", 15)
        return texts.CODE_LOCKED(language, minutes=minutes)
    if result.get("reason") == "wrong":
        return texts.CODE_WRONG(language)
    return texts.CODE_NOT_TAKEN(language)


def _handed_off(step: Call, result: Result, outlook: Outlook) -> str:
    language = outlook.language
    is_urgent = bool(step.arguments.get("urgent"))
    number = result.get("handoff")
    if number is None:
        failed = texts.NOT_HANDED_OFF_URGENT if is_urgent else texts.NOT_HANDED_OFF
        return failed(language)
    if is_urgent:
        return texts.HANDED_OFF_URGENT(language, number=number)
    if result.get("already_open"):
        return texts.ALREADY_HANDED_OFF(language, number=number)
    return texts.HANDED_OFF(language, number=number)
