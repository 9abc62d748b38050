"""Who wrote a reply: the agent, or a person of the service."""

from memory.records import Outgoing

_STAFF = "staff:"


def staff_author(outgoing: Outgoing) -> str | None:
    """The name of the staff member who wrote it; None for the agent.

    `Turns.answer_as_human` keeps the name in the correlation id.
    """
    who = outgoing.correlation_id
    return who.removeprefix(_STAFF) if who.startswith(_STAFF) else None
