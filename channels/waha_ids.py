"""WhatsApp's ids: which chats are people, and by what names a person is known.

Source: WAHA, "Chat ids"; issues 1073 and 1849 (a direct chat may be a LID), 1977
(an id with a device part cannot be answered).
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass

_PERSON = re.compile(r"([1-9][0-9]*)(?::[0-9]+)?@(c\.us|s\.whatsapp\.net|lid)")


@dataclass(frozen=True, kw_only=True)
class MessageId:
    """`{true|false}_{chat}_{message}[_{participant}]`, taken apart."""

    is_ours: bool
    chat: str
    bare: str


def read_message_id(text: str | None) -> MessageId | None:
    """The parts of a message id, or None when it is not of that form."""
    parts = (text or "").split("_")
    if len(parts) < 3 or parts[0] not in ("true", "false"):
        return None
    return MessageId(is_ours=parts[0] == "true", chat=parts[1], bare=parts[2])


def bare_id(text: str) -> str:
    """The message's own part of an id."""
    found = read_message_id(text)
    return found.bare if found else text


def person(chat: str | None) -> str | None:
    """The id of a person's chat as it can be answered; None for anything else."""
    found = _PERSON.fullmatch(chat or "")
    if found is None:
        return None
    return f"{found[1]}@{'lid' if found[2] == 'lid' else 'c.us'}"


def chat_at(address: str) -> str:
    """The chat to send to: an address may also be a phone, as `STAFF_CHAT` names it."""
    return f"{address[1:]}@c.us" if address.startswith("+") else address


def aliases(ids: Iterable[str | None]) -> tuple[str, ...]:
    """What the person behind `ids` is known by, phones before LIDs.

    The digits of a LID are not a phone number.
    """
    people = dict.fromkeys(one for one in map(person, ids) if one)
    phones = [f"whatsapp:+{one[:-5]}" for one in people if one.endswith("@c.us")]
    lids = [f"whatsapp:lid:{one[:-4]}" for one in people if one.endswith("@lid")]
    return (*phones, *lids)
