"""The script that is played when a test gives none."""

import json
import re

from .words import Answered, Asked, Reply, ToolUse

_CALL = re.compile(r"!(\w+)\s*(\{.*\})?\s*$", re.DOTALL)


def greet(asked: Asked) -> Reply:
    """Says "Bonjour"; calls the tool that the text ends with; repeats its answer.

    `… !consult_notes` calls it without arguments, `… !consult_notes {"child": "Agnès"}`
    with these. A tool that was not offered is not called.
    """
    last = asked.messages[-1] if asked.messages else None
    if isinstance(last, Answered):
        return Reply(text=last.text)
    wanted = _CALL.search(asked.last_text)
    if wanted and wanted[1] in asked.tools:
        return Reply(calls=(ToolUse(wanted[1], json.loads(wanted[2] or "{}")),))
    return Reply(text="Bonjour")
