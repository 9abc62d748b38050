"""Who may use what: asked when tools are shown, and again when they are called."""

from .context import Role, ToolContext
from .errors import BackendRefused
from .profile import Profile

EVERYBODY: frozenset[Role] = frozenset({"visitor", "parent", "admin"})
PARENTS: frozenset[Role] = frozenset({"visitor", "parent"})  # proved or about to
PROVED: frozenset[Role] = frozenset({"parent", "admin"})
ADMINS: frozenset[Role] = frozenset({"admin"})

NEEDS_CODE = (
    "Refused: the contact has not proved a parent code in this session. "
    "Ask for the parent code first."
)
_NEEDS_ADMIN = "Refused: only for administrators in super-admin mode."
_NOT_AS_ADMIN = "Refused: not in super-admin mode. The contact may leave it first."


def check_role(context: ToolContext, roles: frozenset[Role]) -> None:
    """Go on only for one of these roles.

    Raises:
        BackendRefused: the contact has another role.
    """
    if context.role in roles:
        return
    if roles == ADMINS:
        raise BackendRefused(_NEEDS_ADMIN)
    raise BackendRefused(_NOT_AS_ADMIN if context.role == "admin" else NEEDS_CODE)


def opens(profile: Profile, context: ToolContext) -> bool:
    """Whether the contact has proved what this profile asks for."""
    if profile.requires is None:
        return True
    if profile.requires == "admin":
        return context.role == "admin"
    return context.role == "parent" and any(
        parent.profile == profile.name for parent in context.session.parents
    )


def check_profile(profile: Profile, context: ToolContext) -> None:
    """Go on only for who has proved what the profile asks for.

    Raises:
        BackendRefused: the contact has not.
    """
    if not opens(profile, context):
        is_admins = profile.requires == "admin"
        raise BackendRefused(_NEEDS_ADMIN if is_admins else NEEDS_CODE)


def code_fields(profile: Profile) -> set[tuple[str, str]]:
    """Every (table, field) of a profile that holds parent codes."""
    found: set[tuple[str, str]] = set()
    if profile.identity:
        found.add((profile.identity.table, profile.identity.code_field))
    for action in profile.actions:
        if action.owner_field:
            found.add((action.table, action.owner_field))
    return found
