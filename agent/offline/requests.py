"""What was asked for before and still waits for a code."""

from .outlook import Outlook
from .routing import Own, own_requests

_LOOK_BACK = 6  # exchanges


def pending_request(outlook: Outlook) -> Own | None:
    """The last request for own rows that no action has answered."""
    for exchange in reversed(outlook.talk.past[-_LOOK_BACK:]):
        if any(_is_own(outlook, done.tool) for done in exchange.done):
            return None
        found = own_requests(exchange.said, outlook, is_verified=False)
        if found:
            return found[0]
    return None


def _is_own(outlook: Outlook, tool: str) -> bool:
    known = outlook.subjects.by_name.get(tool)
    return known is not None and known.is_own
