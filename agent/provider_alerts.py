"""What admins hear of the providers: once a day for the same thing."""

import structlog

from memory import MemoryFault
from tools.alerts import tell_admins
from tools.context import Desk
from tools.texts import (
    credit_is_low,
    day_is_spent,
    provider_key_set_aside,
    provider_misconfigured,
)

from .providers.credit import Credit
from .providers.faults import NO_MONEY, FaultKind
from .providers.purse import Level
from .providers.router import Trouble

_log = structlog.get_logger()


class ProviderAlerts:
    """Tells the admins of a desk; without the database nobody can be told."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    async def trouble(self, trouble: Trouble) -> None:
        """A key is refused or out of money, or a model is not there."""
        if trouble.kind is not FaultKind.KEY:  # whatever key it was asked with
            await self._tell(
                f"{trouble.kind.value}:{trouble.provider}",
                provider_misconfigured(provider=trouble.provider),
            )
            return
        text = provider_key_set_aside(
            provider=trouble.provider,
            account=trouble.account,
            key=trouble.key,
            is_out_of_money=trouble.reason == NO_MONEY,
        )
        whose = f"{trouble.provider}:{trouble.account}:{trouble.key}"
        await self._tell(f"{trouble.kind.value}:{whose}", text)

    async def spent(self, level: Level) -> None:
        """Most or all of the day's money is gone."""
        await self._tell(f"spent:{level}", day_is_spent(is_all=level == "empty"))

    async def low_credit(self, credit: Credit) -> None:
        """Little is left on an account."""
        text = credit_is_low(
            provider=credit.provider,
            account=credit.account,
            left_usd=credit.left_usd or 0.0,
        )
        await self._tell(f"credit:{credit.provider}:{credit.account}", text)

    async def _tell(self, what: str, text: str) -> None:
        today = self._desk.now().astimezone(self._desk.timezone)
        key = f"provider:{today:%Y-%m-%d}:{what}"
        try:
            await tell_admins(
                self._desk, key=key, text=text, correlation_id="providers"
            )
        except MemoryFault:
            _log.warning("provider_alert_not_kept")
