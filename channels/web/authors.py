"""Who wrote a reply: the agent, or a person of the service."""

from collections.abc import Mapping

from memory import Memory
from memory.records import BY_STAFF, Outgoing

StaffNames = Mapping[str, str]  # number -> name, also of those who left
_SOMEBODY = "L'équipe"


async def names_of_staff(memory: Memory) -> StaffNames:
    """How each person of the service is called."""
    return {str(person.id): person.name for person in await memory.staff.all()}


def staff_author(outgoing: Outgoing, names: StaffNames) -> str | None:
    """The name of the staff member who wrote it; None for the agent."""
    who = outgoing.correlation_id
    if not who.startswith(BY_STAFF):
        return None
    return names.get(who.removeprefix(BY_STAFF), _SOMEBODY)
