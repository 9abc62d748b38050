"""How Telegram stands, from what it says of our bot and of its webhook."""

from collections.abc import Iterator

import httpx
from pydantic import BaseModel, ValidationError

from .channel import DoorState
from .environment import site_of

WEBHOOK_PATH = "/api/v1/telegram"
_MAX_QUOTED = 120


class _Bot(BaseModel):
    username: str


class _Webhook(BaseModel):
    url: str
    pending_update_count: int = 0
    last_error_message: str = ""


class _AboutBot(BaseModel):
    result: _Bot


class _AboutWebhook(BaseModel):
    result: _Webhook


def state_of_telegram(
    me: httpx.Response, webhook: httpx.Response, *, public_url: str
) -> DoorState:
    """What `getMe` and `getWebhookInfo` answered, judged."""
    if me.status_code in (401, 404):
        return DoorState(False, "Telegram refuses TELEGRAM_BOT_TOKEN: ask @BotFather")
    try:
        bot = _AboutBot.model_validate_json(me.content).result
        set_to = _AboutWebhook.model_validate_json(webhook.content).result
    except ValidationError:
        codes = f"HTTP {me.status_code} and {webhook.status_code}"
        return DoorState(False, f"what answers is no Bot API that we know ({codes})")
    expected = f"{public_url.rstrip('/')}{WEBHOOK_PATH}"
    wrong = list(_problems(set_to, expected=expected))
    found = f"bot @{bot.username}"
    return DoorState(not wrong, "; ".join([found, *(wrong or ["its webhook is ours"])]))


def _problems(webhook: _Webhook, *, expected: str) -> Iterator[str]:
    if not webhook.url:
        yield f"no webhook is set: call setWebhook with url={expected}"
    elif webhook.url != expected:
        site = site_of(webhook.url)
        yield f"its webhook points elsewhere ({site}), not to {expected}"
    # Telegram tells of its last failure for ever: it matters while updates wait.
    if webhook.last_error_message and webhook.pending_update_count:
        quoted = webhook.last_error_message[:_MAX_QUOTED]
        waiting = webhook.pending_update_count
        yield f'Telegram cannot reach us: "{quoted}" ({waiting} updates wait)'
