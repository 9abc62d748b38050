"""What a channel is: a door that speaks one platform's dialect."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

import httpx

from memory.records import Incoming, Outgoing

TIMEOUT_S = 10.0  # of every call to a platform; the outbox's lease is longer
CHECK_TIMEOUT_S = 5.0  # somebody sits before `main.py check`


@dataclass(frozen=True)
class DoorState:
    """Whether a channel serves; what was found, or what to mend, in one line."""

    is_well: bool
    detail: str


class Channel(Protocol):
    """One platform, both ways."""

    @property
    def name(self) -> str:
        """`whatsapp`, `telegram`, `web`: also the prefix of its aliases."""
        ...

    def understand(self, body: bytes, headers: Mapping[str, str]) -> Sequence[Incoming]:
        """The messages of people in a webhook call; header names are lower case.

        Our own echoes, acknowledgements, groups, statuses and unknown event types
        are no messages: they give an empty sequence.

        Raises:
            ForgedCall: the raw bytes do not carry the platform's proof.
            NotUnderstood: not JSON, or not an object.
            ClosedDoor: no secret is configured.
        """
        ...

    async def new_platform_id(self) -> str | None:
        """An id for a message before it is sent, where the platform gives one."""
        ...

    async def deliver(self, outgoing: Outgoing) -> str | None:
        """Send one message; its platform id, when the platform tells.

        Raises:
            DeliveryRefused, DeliveryUnavailable, DeliveryUnknown.
        """
        ...

    async def was_delivered(self, outgoing: Outgoing) -> bool | None:
        """Whether a message in doubt was sent; None when the platform cannot tell.

        Raises:
            DeliveryUnavailable: the platform is away; nothing is known yet.
        """
        ...

    async def show_typing(self, address: str) -> None:
        """Show that an answer is being written. A failure does not matter."""
        ...

    async def state(self, *, public_url: str) -> DoorState:
        """Ask the platform whether it serves us, and calls us at `public_url`."""
        ...


@dataclass(frozen=True)
class Configured:
    """What `open` of a channel is given: the environment, and the shared client."""

    environment: Mapping[str, str]
    http: httpx.AsyncClient


class ChannelType(Protocol):
    """An entry of CHANNELS: opens the channel, or None when it is not configured.

    `variables` names the environment variables that it reads, for `.env.example`.
    """

    variables: tuple[str, ...]

    def open(self, given: Configured) -> Channel | None:
        """The channel, when its base URL or token is set.

        Raises:
            ValueError: a variable is wrong; the text names it and what is expected.
        """
        ...
