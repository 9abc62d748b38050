"""The conversations that wait for a human, or are held by one."""

from typing import Any

from pydantic_ai import RunContext

from memory import Memory
from memory.records import Handoff

from ..audit import audited
from ..context import ToolContext
from ..rights import ADMINS, check_role


async def list_handoffs(ctx: RunContext[ToolContext]) -> dict[str, Any]:
    """List the open requests for a human: urgent ones first, then the oldest.

    Each with `number`, `state` (`waiting` or `claimed`), `urgent`, `since` and
    `channel`; without names.
    """
    context = ctx.deps
    async with audited(context, "list_handoffs"):
        check_role(context, ADMINS)
        memory = context.desk.memory
        open_ones = await memory.handoffs.open()
        listed = [await _line(memory, handoff) for handoff in open_ones]
    return {"handoffs": listed, "count": len(listed)}


async def _line(memory: Memory, handoff: Handoff) -> dict[str, Any]:
    conversation = await memory.inbox.conversation(handoff.conversation_id)
    return {
        "number": handoff.id,
        "state": handoff.state,
        "urgent": handoff.urgent,
        "since": handoff.requested_at.isoformat(),
        "channel": conversation.channel,
    }
