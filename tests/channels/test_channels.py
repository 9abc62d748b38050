import httpx

from channels import CHANNELS
from channels.channel import Configured


def test_without_configuration_every_door_is_shut() -> None:
    given = Configured(environment={}, http=httpx.AsyncClient())

    assert [channel.open(given) for channel in CHANNELS] == [None, None]


def test_no_two_channels_read_the_same_variable() -> None:
    named = [variable for channel in CHANNELS for variable in channel.variables]

    assert len(named) == len(set(named))
    assert "WAHA_WEBHOOK_SECRET" in named
    assert "TELEGRAM_WEBHOOK_SECRET" in named
