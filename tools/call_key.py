"""The name of one call: the same when its turn runs again after a crash."""

import hashlib
import hmac
import json
from typing import Any

from .context import ToolContext


def call_key(context: ToolContext, tool: str, **arguments: Any) -> str:
    """A key of the message, the tool and a digest of its arguments.

    The model's own id of the call is no part of it: it changes at each run.
    """
    return f"{context.turn_key}:{tool}:{digest(context, arguments)}"


def digest(context: ToolContext, value: Any) -> str:
    """What stands for a value that must not be kept or guessed, such as a code."""
    words = json.dumps(value, sort_keys=True, ensure_ascii=False, default=str)
    return hmac.new(
        context.desk.secret.encode(), words.encode(), hashlib.sha256
    ).hexdigest()[:32]
