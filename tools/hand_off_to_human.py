"""A human of the service takes over."""

from dataclasses import replace
from typing import Any

from pydantic_ai import RunContext

from memory.records import Handoff, Mode, Service
from memory.sql.handoffs import Card

from .context import Receipt, ToolContext
from .rights import EVERYBODY, check_role
from .texts import staff_card

MAX_REASON_CHARS = 500


async def hand_off_to_human(
    ctx: RunContext[ToolContext], reason: str, urgent: bool
) -> dict[str, Any]:
    """Ask a human of the service to answer this conversation, and tell them now.

    Returns the `handoff` number and its `state`; `already_open` true: a request was
    waiting before, say that it is still known and make no promise about when.

    Args:
        reason: What the contact needs, in one sentence, for the human who answers.
        urgent: True only when somebody, above all a child, may be in danger.
    """
    context = ctx.deps
    check_role(context, EVERYBODY)
    memory = context.desk.memory
    handoff, is_new = await memory.handoffs.request(
        context.conversation.id,
        key=f"{context.turn_key}:handoff",
        reason=reason.strip()[:MAX_REASON_CHARS],
        urgent=urgent,
        card=_card(context, urgent=urgent),
    )
    context.receipts.append(Receipt("handoff", str(handoff.id)))
    context.services.add(Service.CONTACT_HUMAIN)
    memory.live.publish("handoff", context.conversation.id)
    memory.live.publish("outgoing", None)
    _note_mode(context, handoff)
    return {
        "handoff": handoff.id,
        "state": handoff.state,
        "urgent": handoff.urgent,
        "already_open": not is_new,
    }


def _card(context: ToolContext, *, urgent: bool) -> Card | None:
    desk = context.desk
    if desk.staff_chat is None:
        return None
    since = desk.now().astimezone(desk.timezone)
    return Card(
        channel=desk.staff_chat.channel,
        address=desk.staff_chat.address,
        text=lambda number: staff_card(
            number,
            urgent=urgent,
            channel=context.conversation.channel,
            since=since,
            link=f"{desk.public_url.rstrip('/')}/staff/handoffs",
        ),
    )


def _note_mode(context: ToolContext, handoff: Handoff) -> None:
    conversation = context.conversation
    if conversation.mode is Mode.BOT and handoff.state == "waiting":
        context.conversation = replace(conversation, mode=Mode.WAITING)
