"""The proof of who a parent is."""

import math
from collections.abc import Sequence
from contextlib import suppress
from typing import Any

import structlog
from pydantic_ai import RunContext

from memory.records import ParentIdentity, Service
from memory.sql.codes import WRONG_CODES_TO_ALERT, CodeVerdict

from .alerts import tell_admins
from .call_key import digest
from .context import ToolContext
from .errors import BackendRefused, ToolError
from .matching import normal_code, wrote_code
from .own_rows import own_minors
from .personal import know_family
from .proofs import holders_of, is_same_person, refuse_what_was_taken
from .rights import PARENTS, check_role
from .texts import codes_under_attack

SHORTEST_CODE = 3

_log = structlog.get_logger()

_NO_CODE = "Invalid: this is not a parent code. Ask the contact for theirs."
_NOT_WRITTEN = (
    "Refused: the contact did not write this code in this session. Use only a code "
    "that they wrote themselves; otherwise ask for it."
)
_TWICE = (
    "Refused: this code cannot be used, the service must correct its list. "
    "Offer a human."
)


async def verify_parent_code(ctx: RunContext[ToolContext], code: str) -> dict[str, Any]:
    """Check the parent code that the contact wrote. Right: their tools open.

    Returns `verified`, and then the first names of their `children`; when false, `reason` is `wrong` (ask once more, kindly) or
    `locked` (no code is accepted for `locked_minutes` more: say so, offer a human).

    Args:
        code: The code exactly as the contact wrote it. Never guess or complete one.
    """
    context = ctx.deps
    check_role(context, PARENTS)
    if len(normal_code(code)) < SHORTEST_CODE:
        raise BackendRefused(_NO_CODE)
    if not wrote_code(code, context.said):
        raise BackendRefused(_NOT_WRITTEN)
    holders = await holders_of(context.desk, code)
    verdict = await context.desk.memory.codes.attempt(
        context.contact.id,
        key=f"{context.turn_key}:{digest(context, normal_code(code))}",
        right=len(holders) == 1,
    )
    context.services.add(Service.CATECHESE)
    if verdict.is_under_attack:
        await _defend(context, verdict)
    if verdict.accepted:
        return await _welcome(context, holders[0])
    if len(holders) > 1 and not verdict.locked_until:
        _log.warning("parent_code_held_twice", holders=len(holders))
        raise BackendRefused(_TWICE)
    return _not_accepted(context, verdict)


async def _welcome(context: ToolContext, parent: ParentIdentity) -> dict[str, Any]:
    await refuse_what_was_taken(context, parent)
    before = context.session.parent
    context.session = await context.desk.memory.sessions.prove(
        context.contact.id,
        parent,
        # A phone that goes from hand to hand shows one family at a time.
        beside_others=before is not None and is_same_person(before.name, parent.name),
    )
    profile = context.desk.profiles[parent.profile]
    await know_family(context.personal, context.desk.tables, profile, parent)
    children: Sequence[str] = ()
    with suppress(ToolError):  # the proof stands, whatever their tables do
        children = await own_minors(context, profile)
    return {"verified": True, "name": parent.name, "children": children}


def _not_accepted(context: ToolContext, verdict: CodeVerdict) -> dict[str, Any]:
    if verdict.locked_until is None:
        return {"verified": False, "reason": "wrong"}
    left = verdict.locked_until - context.desk.now()
    return {
        "verified": False,
        "reason": "locked",
        "locked_minutes": max(1, math.ceil(left.total_seconds() / 60)),
        "locked_until": verdict.locked_until.isoformat(),
    }


async def _defend(context: ToolContext, verdict: CodeVerdict) -> None:
    if not verdict.accepted:
        await _alert_admins(context)
    await context.desk.slow_down()


async def _alert_admins(context: ToolContext) -> None:
    """Tell each admin once an hour; a crash in between does not lose the alert."""
    desk, now = context.desk, context.desk.now()
    _log.warning("parent_codes_under_attack")
    await tell_admins(
        desk,
        key=f"code-alert:{now:%Y-%m-%dT%H}",
        text=codes_under_attack(WRONG_CODES_TO_ALERT, at=now.astimezone(desk.timezone)),
        correlation_id=context.correlation_id,
    )
