"""The doors: everything that speaks to the outside as a counterpart."""

from .channel import ChannelType
from .telegram import Telegram
from .waha import Waha

CHANNELS: tuple[ChannelType, ...] = (
    Waha,
    Telegram,
)
