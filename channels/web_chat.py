"""The web chat as a channel: its outbox row, once marked sent, is the delivery."""

from collections.abc import Mapping, Sequence

from memory.records import Incoming, Outgoing

from .channel import DoorState


class WebChat:
    """Replies are read from the outbox by the stream of `channels.web.chat`."""

    name = "web"

    def understand(self, body: bytes, headers: Mapping[str, str]) -> Sequence[Incoming]:
        del body, headers  # there is no webhook: the page posts to its own route
        return ()

    async def new_platform_id(self) -> str | None:
        return None

    async def deliver(self, outgoing: Outgoing) -> str | None:
        del outgoing  # the page shows the row as soon as it is marked sent
        return None

    async def was_delivered(self, outgoing: Outgoing) -> bool | None:
        del outgoing
        return False  # in doubt it was never marked sent, so nobody has seen it

    async def show_typing(self, address: str) -> None:
        del address  # the stream sees that messages are waiting

    async def state(self, *, public_url: str) -> DoorState:
        del public_url
        return DoorState(True, "the page of this process")
