"""What the tools answered, in words."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from tools.rights import NEEDS_CODE

from . import admin_words, texts
from .added_words import write_added
from .children import names_allowed
from .outlook import Outlook
from .ownership import is_of_the_house_only
from .passages import (
    MAX_CHOICES,
    write_answer,
    write_near,
    write_not_found,
    write_section,
)
from .rows import about, write_rows
from .steps import Call, Offer, Purpose, Say, Step
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
        parts.append(_part(step, results.get(at), outlook))
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


def _part(step: Step, result: Result | None, outlook: Outlook) -> str:
    language = outlook.language
    if isinstance(step, Say):
        return step.text
    if isinstance(step, Offer):
        return texts.OFFER_ACTION(language, what=step.what)
    if result is None:
        needs_code = _needs_proof(step, outlook)
        return (texts.ASK_CODE if needs_code else texts.NOT_ALLOWED)(language)
    return _WORDS[step.purpose](step, result, outlook)


def _documents(step: Call, result: Result, outlook: Outlook) -> str:
    passages = result.get("passages")
    if passages is None:
        return texts.UNAVAILABLE(outlook.language)
    section = write_section(passages, step.question, outlook.language)
    if section:
        return section
    if any(passage.get("evident") for passage in passages):
        return write_answer(passages, step.question, outlook)
    # Two lists of numbered choices in one reply could not be told apart.
    most = MAX_CHOICES if step.is_alone else 1
    near = write_near(passages, outlook.language, at_most=most)
    if near:
        return near
    answer = write_not_found(passages if step.is_alone else (), outlook.language)
    return f"{answer}{_own_instead(step, outlook)}"


def _own_instead(step: Call, outlook: Outlook) -> str:
    """What a code would show, when the question may be about one's own child."""
    ranked = outlook.subjects.ranked(step.question)
    if outlook.is_verified or outlook.is_admin or not ranked:
        return ""
    best = ranked[0]
    if not (best.known.is_own and best.names_it):
        return ""
    if is_of_the_house_only(step.question):
        return ""
    label = outlook.label(best.known)
    return f"\n\n{texts.OWN_WITH_CODE(outlook.language, what=label)}"


def _rows(step: Call, result: Result, outlook: Outlook) -> str:
    language = outlook.language
    if "refused" in result:
        names = names_allowed(str(result["refused"]))
        if names:
            return texts.NOT_YOUR_CHILD(language, names=", ".join(names))
        # Proved, and then the code changed in the tables.
        is_over = result["refused"] == NEEDS_CODE
        return (texts.ASK_CODE if is_over else texts.NOT_ALLOWED)(language)
    if "rows" not in result:
        return texts.UNAVAILABLE(language)
    known = outlook.subjects.by_name[step.tool]
    rows: Sequence[Mapping[str, str]] = result["rows"]
    if not rows:
        return texts.NOTHING_THERE(language, what=outlook.title(known))
    action = known.action
    minor = next(iter(action.minor_fields), None)
    others = [field for field in action.fields if field not in action.minor_fields]
    shown = about(rows, step.question, others)
    written = write_rows(shown, action.fields, minor_field=minor, language=language)
    return written if step.is_alone else f"{outlook.title(known)}\n{written}"


def _verified(_step: Call, result: Result, outlook: Outlook) -> str:
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


_WORDS: Mapping[Purpose, Callable[[Call, Result, Outlook], str]] = {
    "search": _documents,
    "rows": _rows,
    "verify": _verified,
    "human": _handed_off,
    "added": lambda _step, result, outlook: write_added(result, outlook.language),
    "admin": lambda step, result, outlook: admin_words.write(
        step, result, outlook.language
    ),
}
