"""How WAHA stands, from what it says of its version and of our session."""

from collections.abc import Iterator
from urllib.parse import urlsplit

import httpx
from pydantic import BaseModel, ValidationError

from .channel import DoorState
from .environment import site_of

WEBHOOK_PATH = "/api/v1/webhook"
_REFUSED = {401, 403}
_CURES = {
    "SCAN_QR_CODE": "scan its QR code in WAHA",
    "STARTING": "wait a moment",
    "PASSKEY_REQUIRED": "confirm its passkey in WAHA",
    "PASSKEY_CONFIRMATION_REQUIRED": "confirm its passkey in WAHA",
}


class _Version(BaseModel):
    version: str
    engine: str


class _Hmac(BaseModel):
    key: str | None = None


class _Webhook(BaseModel):
    url: str
    hmac: _Hmac | None = None


class _Config(BaseModel):
    webhooks: list[_Webhook] | None = None


class _Session(BaseModel):
    status: str
    config: _Config | None = None


def state_of_waha(
    version: httpx.Response, session: httpx.Response, *, name: str
) -> DoorState:
    """What `/api/server/version` and `/api/sessions/{name}` answered, judged."""
    refusal = _refusal(version, session, name=name)
    if refusal:
        return DoorState(False, refusal)
    try:
        waha = _Version.model_validate_json(version.content)
        ours = _Session.model_validate_json(session.content)
    except ValidationError:
        return DoorState(False, "what answers at WAHA_BASE_URL is no WAHA that we know")
    wrong = list(_problems(ours, name=name))
    found = f"WAHA {waha.version} ({waha.engine})"
    return DoorState(not wrong, "; ".join([found, *(wrong or [_well(ours, name)])]))


def _refusal(
    version: httpx.Response, session: httpx.Response, *, name: str
) -> str | None:
    if _REFUSED & {version.status_code, session.status_code}:
        return "WAHA refuses our key: correct WAHA_API_KEY"
    if not version.is_success:
        return f"what answers at WAHA_BASE_URL is no WAHA (HTTP {version.status_code})"
    if session.status_code == 404:
        return f'WAHA has no session "{name}": start it there, or correct WAHA_SESSION'
    if not session.is_success:
        return f"WAHA does not tell of its session (HTTP {session.status_code})"
    return None


def _problems(session: _Session, *, name: str) -> Iterator[str]:
    if session.status != "WORKING":
        cure = _CURES.get(session.status, "start it in WAHA")
        yield f'session "{name}" is {session.status}, not WORKING: {cure}'
    webhooks = _webhooks(session)
    # By its path: WAHA often calls us by a name that only its own network knows.
    ours = [each for each in webhooks if urlsplit(each.url).path == WEBHOOK_PATH]
    if webhooks and not ours:
        sites = ", ".join(site_of(each.url) for each in webhooks)
        yield f"its webhook points elsewhere ({sites}), not to …{WEBHOOK_PATH}"
    if ours and not any(each.hmac and each.hmac.key for each in ours):
        yield "its webhook signs nothing: set hmac.key to WAHA_WEBHOOK_SECRET"


def _well(session: _Session, name: str) -> str:
    working = f'session "{name}" is WORKING'
    if _webhooks(session):
        return working
    return f"{working}, without a webhook of its own (a global one is not seen here)"


def _webhooks(session: _Session) -> list[_Webhook]:
    return (session.config and session.config.webhooks) or []
