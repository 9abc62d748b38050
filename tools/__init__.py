"""What the concierge can do: the list, and who may use what."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import KW_ONLY, dataclass
from typing import Any

from pydantic_ai import Tool

from memory.records import Service

from .admin.find_people import find_people
from .admin.list_handoffs import list_handoffs
from .admin.query_table import query_table
from .context import Role, ToolContext
from .create_temporary_page import create_temporary_page
from .errors import WrongProfile
from .hand_off_to_human import hand_off_to_human
from .matching import Owns, is_owned
from .profile import Profile
from .rights import ADMINS, EVERYBODY, PARENTS, PROVED, opens
from .run_action import tool_of
from .search_documents import search_documents
from .verify_parent_code import verify_parent_code

__all__ = ["TOOLS", "ToolEntry", "action_tools", "may_use"]


@dataclass(frozen=True)
class ToolEntry:
    """A tool, who may use it, the service it belongs to, whether it changes things.

    `asked_as`: how people ask for it, for the built-in model, which has rules of its
    own for the tools that have none here.
    """

    function: Callable[..., Awaitable[dict[str, Any]]]
    _: KW_ONLY
    roles: frozenset[Role]
    service: Service
    writes: bool
    asked_as: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """The name by which the model calls it."""
        return self.function.__name__

    def as_tool(self) -> Tool[ToolContext]:
        """As the agent takes it; providers never see the metadata."""
        return Tool(
            self.function,
            docstring_format="google",
            require_parameter_descriptions=True,
            metadata={"asked_as": self.asked_as, "writes": self.writes},
        )


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


def action_tools(
    profiles: Mapping[str, Profile], *, owns: Owns = is_owned
) -> Sequence[Tool[ToolContext]]:
    """One tool per action of every profile. `owns` decides whose a row is.

    Raises:
        WrongProfile: an action is called like a tool of the list.
    """
    taken = {entry.name for entry in TOOLS}
    for profile in profiles.values():
        for action in profile.actions:
            if action.name in taken:
                raise WrongProfile(
                    f"profile {profile.name}: actions.{action.name}:"
                    " this is the name of a tool that is always there"
                )
    return [
        tool_of(profile, action, owns)
        for profile in profiles.values()
        for action in profile.actions
    ]


def may_use(name: str, context: ToolContext) -> bool:
    """Whether the contact may be shown the tool or action of this name."""
    for entry in TOOLS:
        if entry.name == name:
            return context.role in entry.roles
    profile_and_action = context.desk.actions.get(name)
    return profile_and_action is not None and opens(profile_and_action[0], context)
