"""The platforms' own sample events, and proofs that they came from there."""

import hashlib
import hmac
import json
from pathlib import Path
from typing import Any

from memory.records import Outgoing, OutgoingState
from tests.conftest import Clock

SECRET = "the-secret-of-our-webhook"
BOT_TOKEN = "4242:the-Token_of-our-bot"
_PAYLOADS = Path(__file__).parent / "payloads"


def payload(name: str) -> dict[str, Any]:
    """What a platform sends, by the name of its file."""
    return json.loads((_PAYLOADS / f"{name}.json").read_text("utf-8"))["payload"]


def all_payloads(platform: str) -> list[str]:
    found = (path.stem for path in _PAYLOADS.glob(f"{platform}_*.json"))
    return sorted(name for name in found if "vector" not in name)


def as_body(event: object) -> bytes:
    return json.dumps(event, ensure_ascii=False).encode()


def signed(body: bytes, secret: str = SECRET) -> dict[str, str]:
    """The headers of WAHA for this body."""
    digest = hmac.new(secret.encode(), body, hashlib.sha512).hexdigest()
    return {"x-webhook-hmac": digest, "x-webhook-hmac-algorithm": "sha512"}


def telegram_headers(secret: str = SECRET) -> dict[str, str]:
    return {"x-telegram-bot-api-secret-token": secret}


def outgoing(text: str, *, address: str, platform_id: str | None = None) -> Outgoing:
    return Outgoing(
        id=1,
        key="reply:1:0",
        channel="any",
        address=address,
        text=text,
        state=OutgoingState.SENDING,
        attempts=0,
        created_at=Clock().now,
        correlation_id="c1",
        platform_id=platform_id,
    )
