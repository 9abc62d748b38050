"""What a turn brings along to the providers, and what it brings back from them."""

from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager, suppress
from typing import cast

from memory import MemoryFault
from memory.records import VeiledValue
from tools.code_shapes import CodeShape, pieces_like_codes
from tools.context import ToolContext
from tools.personal import know_codes, know_family

from .privacy import Kept, Kind, Veil
from .providers import BUILT_IN
from .providers.errand import Errand, on_errand

_PHONE = "whatsapp:+"


@asynccontextmanager
async def errand_of(
    context: ToolContext,
    *,
    time_s: float,
    leaves_house: bool,
    shapes: Sequence[CodeShape],
) -> AsyncGenerator[Errand]:
    """Within, requests to models belong to this turn; then what they cost is kept.

    Raises:
        Unkept: the database is away.
    """
    veil = await _open_veil(context, shapes) if leaves_house else Veil()
    known_before = len(veil.kept)
    errand = Errand.begun(time_s, veil, context.language)
    memory = context.desk.memory
    try:
        with on_errand(errand):
            yield errand
    finally:
        # An answer is worth more than its bill.
        with suppress(MemoryFault):
            if any(call.provider != BUILT_IN for call in errand.calls):
                await memory.spending.note(
                    context.conversation.id, context.correlation_id, errand.calls
                )
            if leaves_house and len(veil.kept) > known_before:
                await memory.veils.keep(context.conversation.id, _to_keep(veil))


async def _open_veil(context: ToolContext, shapes: Sequence[CodeShape]) -> Veil:
    """The veil of this conversation; the tools of the turn tell it what they read."""
    desk, contact = context.desk, context.contact
    kept = await desk.memory.veils.of(context.conversation.id)
    veil = Veil([Kept(one.token, cast("Kind", one.kind), one.value) for one in kept])
    context.personal = veil
    if not any(one.kind == "child" for one in kept):
        # Proved in a turn that did not end well, or on another channel.
        for parent in context.session.parents:
            profile = desk.profiles[parent.profile]
            await know_family(veil, desk.tables, profile, parent)
    if contact.name:
        veil.know("parent", contact.name)
    for alias in contact.aliases:
        if alias.startswith(_PHONE):
            veil.know("phone", alias.removeprefix("whatsapp:"))
    for text in context.said:
        veil.notice(text, shapes)
    plain = [shape for shape in shapes if not shape.is_distinct]
    pieces = [p for text in context.said for p in pieces_like_codes(text, plain)]
    await know_codes(veil, desk.tables, desk.profiles.values(), pieces)
    return veil


def _to_keep(veil: Veil) -> Sequence[VeiledValue]:
    return [
        VeiledValue(token=one.token, kind=one.kind, value=one.value)
        for one in veil.kept
    ]
