"""Reading what a platform sends: tolerant, and never with a character we cannot keep."""

import json
from datetime import UTC, datetime
from typing import Annotated, Any, TypeVar, cast

from pydantic import (
    BaseModel,
    ConfigDict,
    ValidationError,
    ValidatorFunctionWrapHandler,
    WrapValidator,
)

from .errors import NotUnderstood

_T = TypeVar("_T")
_LAST_SECONDS = 1e11  # year 5138: what is larger counts milliseconds


class Tolerant(BaseModel):
    """A payload of which we read some fields and ignore all others."""

    model_config = ConfigDict(extra="ignore", frozen=True)


def _or_none(value: Any, read: ValidatorFunctionWrapHandler) -> Any:
    try:
        return read(value)
    except ValidationError:
        return None


# Platforms send null, objects and numbers where they document strings.
Maybe = Annotated[_T | None, WrapValidator(_or_none)]


def read_json_object(body: bytes) -> dict[str, Any]:
    """The JSON object in `body`, without NUL and without halves of an emoji.

    Neither can be kept by every database, and JSON escapes can smuggle in both.

    Raises:
        NotUnderstood: not JSON, nested too deep, or not an object.
    """
    try:
        found = _keepable(json.loads(body))
    except (ValueError, RecursionError):
        # Without the cause: it quotes what people wrote.
        raise NotUnderstood("the body is not JSON") from None
    if not isinstance(found, dict):
        raise NotUnderstood("the body is not an object")
    return cast("dict[str, Any]", found)


def moment(timestamp: float | None, *, otherwise: datetime) -> datetime:
    """A Unix timestamp in seconds or milliseconds, in UTC."""
    if timestamp is None:
        return otherwise
    seconds = timestamp / 1000 if timestamp > _LAST_SECONDS else timestamp
    try:
        return datetime.fromtimestamp(seconds, UTC)
    except (ValueError, OverflowError, OSError):
        return otherwise


def _keepable(value: Any) -> Any:
    if isinstance(value, str):
        whole = value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
        return whole.replace("\x00", "")
    if isinstance(value, list):
        return [_keepable(one) for one in cast("list[Any]", value)]
    if isinstance(value, dict):
        pairs = cast("dict[str, Any]", value).items()
        return {_keepable(key): _keepable(one) for key, one in pairs}
    return value
