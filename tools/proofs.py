"""Whether what a code opened still stands: the tables decide, at each use."""

from collections.abc import Sequence

from rapidfuzz import fuzz

from memory.records import ParentIdentity

from .backends.tables import Row
from .context import Desk, ToolContext
from .errors import BackendRefused
from .folding import words
from .matching import codes_in, normal_code
from .profile import IdentityTable

_SAME_WORD = 80  # of 100: one letter wrong in a name, not another name

_WITHDRAWN = (
    "Refused: the service has withdrawn this access. Do not ask for the code again; "
    "offer a human."
)
_CHANGED_HANDS = (
    "Refused: this code belongs to somebody else now than when the contact used it. "
    "The service must confirm who they are. Offer a human."
)


async def holders_of(desk: Desk, code: str) -> Sequence[ParentIdentity]:
    """Everybody whom this code says to be; more than one is a mistake of a list.

    Raises:
        BackendUnavailable: the tables cannot be read now.
    """
    found: list[ParentIdentity] = []
    for profile in desk.profiles.values():
        identity = profile.identity
        if profile.requires != "parent_code" or identity is None:
            continue
        # No filter: a code is compared in our spelling, not in the backend's.
        for row in await desk.tables.rows(
            identity.table, needed=(identity.code_field, *identity.name_fields)
        ):
            written = _written_code(row.get(identity.code_field, ""), code)
            if written:
                found.append(
                    ParentIdentity(
                        profile=profile.name, code=written, name=_name(row, identity)
                    )
                )
    return found


async def end_what_no_longer_holds(context: ToolContext) -> None:
    """Close what was opened by a code that is gone, or that says somebody else now.

    Raises:
        BackendUnavailable: the tables cannot be read now.
    """
    memory, contact_id = context.desk.memory, context.contact.id
    for parent in context.session.parents:
        holders = await holders_of(context.desk, parent.code)
        if len(holders) == 1 and _is_same(holders[0], parent):
            continue
        await memory.grants.end(contact_id, parent)
        context.session = await memory.sessions.of(contact_id)


async def refuse_what_was_taken(context: ToolContext, holder: ParentIdentity) -> None:
    """Go on only if this contact may open the code of `holder`.

    Whoever had a code before it changed hands still knows it: knowing it is no
    proof any more.

    Raises:
        BackendRefused: staff withdrew it, or it was opened as somebody else.
    """
    for grant in await context.desk.memory.grants.of(context.contact.id):
        if normal_code(grant.code) != normal_code(holder.code) or grant.child:
            continue
        if grant.revoked_at:
            raise BackendRefused(_WITHDRAWN)
        if not is_same_person(grant.name, holder.name):
            raise BackendRefused(_CHANGED_HANDS)


def is_same_person(name: str, other: str) -> bool:
    """Whether two spellings name one person: corrected, or with a name more."""
    fewer, more = sorted((words(name), words(other)), key=len)
    if not fewer:
        return not more
    return all(any(_is_same_word(a, b) for b in more) for a in fewer)


def _is_same(holder: ParentIdentity, parent: ParentIdentity) -> bool:
    return holder.profile == parent.profile and is_same_person(holder.name, parent.name)


def _is_same_word(word: str, other: str) -> bool:
    return word == other or fuzz.ratio(word, other) >= _SAME_WORD


def _written_code(cell: str, code: str) -> str | None:
    if normal_code(code) not in codes_in(cell):
        return None
    same = (part for part in cell.split(";") if normal_code(part) == normal_code(code))
    return next(same).strip()


def _name(row: Row, identity: IdentityTable) -> str:
    parts = (row.get(field, "").strip() for field in identity.name_fields)
    return " ".join(part for part in parts if part)
