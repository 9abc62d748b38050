"""Telling the admins: each once for the same thing, where they write to us."""

from .context import Desk


async def tell_admins(desk: Desk, *, key: str, text: str, correlation_id: str) -> None:
    """Put an alert in the outbox for every admin who has written to us.

    The same `key` reaches nobody twice, whatever crashes in between.

    Raises:
        Unkept: the database is away.
    """
    for alias in sorted(desk.admins):
        channel = alias.partition(":")[0]
        conversation = await desk.memory.inbox.conversation_of(alias, channel)
        if conversation is None:
            continue
        await desk.memory.outbox.put(
            key=f"{key}:{conversation.id}",
            channel=channel,
            address=conversation.address,
            text=text,
            correlation_id=correlation_id,
            conversation_id=conversation.id,
        )
        desk.memory.live.publish("outgoing", conversation.id)
