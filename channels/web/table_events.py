"""Where Baserow tells that a table has changed."""

import hmac
from collections.abc import Mapping
from typing import Protocol

import structlog
from pydantic import BaseModel, ValidationError

from ..errors import ClosedDoor, ForgedCall, NotUnderstood

# Baserow signs nothing: this header is given to its webhook when it is made.
SECRET_HEADER = "x-gust-secret"
_ROWS = "rows."

_log = structlog.get_logger()


class Changed(Protocol):
    """What was read of a table is old: its rows, or its columns too."""

    def __call__(self, table_id: int, /, *, rows_only: bool) -> None: ...


class TableEvents(Protocol):
    """What an event must carry, and what it does."""

    @property
    def secret(self) -> str: ...
    @property
    def changed(self) -> Changed: ...


class _Event(BaseModel):
    table_id: int
    event_type: str = ""


def take_event(
    events: TableEvents | None, body: bytes, headers: Mapping[str, str]
) -> None:
    """Have the table of an event read again. The same event twice does no harm.

    It is a hint and no more: what changed is read from the table itself.

    Raises:
        ForgedCall: it does not carry our secret.
        NotUnderstood: it names no table.
        ClosedDoor: no secret is configured, or no Baserow.
    """
    if events is None or not events.secret:
        raise ClosedDoor("BASEROW_URL or BASEROW_WEBHOOK_SECRET is not set")
    shown = headers.get(SECRET_HEADER, "")
    if not hmac.compare_digest(events.secret.encode(), shown.encode()):
        raise ForgedCall("the secret does not fit")
    try:
        event = _Event.model_validate_json(body)
    except ValidationError:
        raise NotUnderstood("not an event of a table") from None
    # The body tells, not X-Baserow-Event: the header may name another event.
    events.changed(event.table_id, rows_only=event.event_type.startswith(_ROWS))
    _log.info("table_changed", table=event.table_id)
