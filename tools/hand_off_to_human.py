"""A human of the service takes over."""

from dataclasses import replace
from typing import Any

from pydantic_ai import RunContext

from memory.records import Conversation, Handoff, Mode, Service
from memory.sql.handoffs import Card

from .context import Desk, Receipt, ToolContext
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
    handoff, is_new = await ask_for_human(
        context.desk,
        context.conversation,
        key=f"{context.turn_key}:handoff",
        correlation_id=context.correlation_id,
        reason=reason,
        urgent=urgent,
    )
    context.receipts.append(Receipt("handoff", str(handoff.id)))
    context.services.add(Service.CONTACT_HUMAIN)
    _note_mode(context, handoff)
    return {
        "handoff": handoff.id,
        "state": handoff.state,
        "urgent": handoff.urgent,
        "already_open": not is_new,
    }


async def ask_for_human(
    desk: Desk,
    conversation: Conversation,
    *,
    key: str,
    correlation_id: str,
    reason: str,
    urgent: bool,
) -> tuple[Handoff, bool]:
    """The open handoff of the conversation, and whether this call made it.

    Staff are told in the same transaction, where a staff chat is configured.
    """
    memory = desk.memory
    requested = await memory.handoffs.request(
        conversation.id,
        key=key,
        reason=reason.strip()[:MAX_REASON_CHARS],
        urgent=urgent,
        card=_card(desk, conversation, correlation_id, urgent=urgent),
    )
    memory.live.publish("handoff", conversation.id)
    memory.live.publish("outgoing", None)
    return requested


def _card(
    desk: Desk, conversation: Conversation, correlation_id: str, *, urgent: bool
) -> Card | None:
    if desk.staff_chat is None:
        return None
    since = desk.now().astimezone(desk.timezone)
    return Card(
        channel=desk.staff_chat.channel,
        address=desk.staff_chat.address,
        correlation_id=correlation_id,
        text=lambda number: staff_card(
            number,
            urgent=urgent,
            channel=conversation.channel,
            since=since,
            link=f"{desk.public_url.rstrip('/')}/staff/handoffs",
        ),
    )


def _note_mode(context: ToolContext, handoff: Handoff) -> None:
    conversation = context.conversation
    if conversation.mode is Mode.BOT and handoff.state == "waiting":
        context.conversation = replace(conversation, mode=Mode.WAITING)
