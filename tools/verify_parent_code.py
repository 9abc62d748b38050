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
from .backends.tables import Row
from .call_key import digest
from .context import ToolContext
from .errors import BackendRefused, ToolError
from .matching import codes_in, normal_code, wrote_code
from .own_rows import own_minors
from .personal import know_family
from .profile import IdentityTable
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
    holders = await _holders(context, code)
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


async def _holders(context: ToolContext, code: str) -> Sequence[ParentIdentity]:
    """Everybody whom this code says to be; more than one is a mistake of a list."""
    found: list[ParentIdentity] = []
    for profile in context.desk.profiles.values():
        identity = profile.identity
        if profile.requires != "parent_code" or identity is None:
            continue
        # No filter: a code is compared in our spelling, not in the backend's.
        for row in await context.desk.tables.rows(
            identity.table, needed=(identity.code_field, *identity.name_fields)
        ):
            written = _written_code(row.get(identity.code_field, ""), code)
            if written:
                found.append(
                    ParentIdentity(
                        profile=profile.name, code=written, name=_name(row, identity)
                    )
                )
    return found


def _written_code(cell: str, code: str) -> str | None:
    if normal_code(code) not in codes_in(cell):
        return None
    same = (part for part in cell.split(";") if normal_code(part) == normal_code(code))
    return next(same).strip()


def _name(row: Row, identity: IdentityTable) -> str:
    parts = (row.get(field, "").strip() for field in identity.name_fields)
    return " ".join(part for part in parts if part)


async def _welcome(context: ToolContext, parent: ParentIdentity) -> dict[str, Any]:
    context.session = await context.desk.memory.sessions.prove(
        context.contact.id, parent
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
