"""What the concierge can do: the list, and who may use what."""

from collections.abc import Awaitable, Callable
from dataclasses import KW_ONLY, dataclass
from typing import Any

from memory.records import Service

from .admin.find_people import find_people
from .admin.list_handoffs import list_handoffs
from .admin.query_table import query_table
from .context import Role, ToolContext
from .create_temporary_page import create_temporary_page
from .hand_off_to_human import hand_off_to_human
from .rights import ADMINS, EVERYBODY, PARENTS, PROVED, opens
from .run_action import action_tools
from .search_documents import search_documents
from .verify_parent_code import verify_parent_code

__all__ = ["TOOLS", "ToolEntry", "action_tools", "may_use"]


@dataclass(frozen=True)
class ToolEntry:
    """A tool, who may use it, the service it belongs to, whether it changes things."""

    function: Callable[..., Awaitable[dict[str, Any]]]
    _: KW_ONLY
    roles: frozenset[Role]
    service: Service
    writes: bool

    @property
    def name(self) -> str:
        """The name by which the model calls it."""
        return self.function.__name__


_S = Service
TOOLS: tuple[ToolEntry, ...] = (
    ToolEntry(verify_parent_code, roles=PARENTS, service=_S.CATECHESE, writes=True),
    ToolEntry(
        search_documents, roles=EVERYBODY, service=_S.RENSEIGNEMENT, writes=False
    ),
    ToolEntry(
        hand_off_to_human, roles=EVERYBODY, service=_S.CONTACT_HUMAIN, writes=True
    ),
    ToolEntry(create_temporary_page, roles=PROVED, service=_S.CATECHESE, writes=True),
    ToolEntry(find_people, roles=ADMINS, service=_S.SUPER_ADMIN, writes=False),
    ToolEntry(query_table, roles=ADMINS, service=_S.SUPER_ADMIN, writes=False),
    ToolEntry(list_handoffs, roles=ADMINS, service=_S.SUPER_ADMIN, writes=False),
)


def may_use(name: str, context: ToolContext) -> bool:
    """Whether the contact may be shown the tool or action of this name."""
    for entry in TOOLS:
        if entry.name == name:
            return context.role in entry.roles
    profile_and_action = context.desk.actions.get(name)
    return profile_and_action is not None and opens(profile_and_action[0], context)
