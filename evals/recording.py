"""A channel whose platform is a list: what was delivered can be read."""

from collections.abc import Mapping, Sequence

from channels.channel import DoorState
from channels.errors import ClosedDoor
from memory.records import Incoming, Outgoing

CHANNEL_NAMES = ("whatsapp", "telegram", "web")


class RecordingChannel:
    """Takes every delivery. Nothing comes in by it: a house puts it in the inbox."""

    def __init__(self, name: str) -> None:
        self._name = name
        self.delivered: list[Outgoing] = []

    @property
    def name(self) -> str:
        return self._name

    def understand(self, body: bytes, headers: Mapping[str, str]) -> Sequence[Incoming]:
        del body, headers
        raise ClosedDoor(f"{self._name}: nobody calls the evals")

    async def new_platform_id(self) -> str | None:
        return None

    async def deliver(self, outgoing: Outgoing) -> str | None:
        self.delivered.append(outgoing)
        return f"recorded-{len(self.delivered)}"

    async def was_delivered(self, outgoing: Outgoing) -> bool | None:
        return any(outgoing.key == sent.key for sent in self.delivered)

    async def show_typing(self, address: str) -> None:
        pass

    async def state(self, *, public_url: str) -> DoorState:
        del public_url
        return DoorState(True, "a list")


def recording_channels() -> Mapping[str, RecordingChannel]:
    """One for each channel of a case, by name."""
    return {name: RecordingChannel(name) for name in CHANNEL_NAMES}
