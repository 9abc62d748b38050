"""Every fault of the matrix, named by a word that a key may simply be.

429 402 401 403 404 500 503 529 …   that status; any 4xx or 5xx
429-retry-7                         and asks to wait 7 s
400-credit 400-context 400-bad      and why; 429-credit is OpenAI's empty account,
400-key                             400-key Google's wrong key
zai-1113 zai-1302 …                 z.ai's codes with their status and body;
                                    zai-1113-typed in the older shape
hang                                reads the request, never answers
hang-after-headers                  headers, then nothing
stall                               the first event, or half the body, then nothing
drop                                the same, then hangs up
truncated                           complete by its length, cut as JSON
html  200-error  200-envelope       200 with a page, an error, z.ai's envelope
overload-in-stream                  an error event after the first one; a plain
                                    request gets 529
no-usage  empty  thinking  length   what the answer lacks, or has more
array-args broken-args invalid-args a tool call that cannot be run; the script's, or
unknown-tool                        else one to the first tool offered
refusal  sensitive                  the model's or the provider's filter
slow-0.5                            waits these seconds, then answers
ok                                  no fault
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any, cast

from .exchange import Answer, Manner, as_json
from .wires import ZAI_CODES, Wire
from .words import Asked, Problem, Reason, Reply, ToolUse

Spoil = Callable[[Wire, Asked, Answer], Answer]
Change = Callable[[Asked, Reply], Reply]


def _unchanged(asked: Asked, reply: Reply) -> Reply:
    return reply


def _unspoilt(wire: Wire, asked: Asked, answer: Answer) -> Answer:
    return answer


@dataclass(frozen=True, kw_only=True)
class Deed:
    """What a fault does, in this order: wait, refuse or change, spoil, send so."""

    wait_s: float = 0
    problem: Problem | None = None
    change: Change = _unchanged
    spoil: Spoil = _unspoilt
    manner: Manner = "whole"


@dataclass(frozen=True)
class Fault:
    """A fault for a key, for its next `times` requests or for all.

    Raises:
        ValueError: no fault has that name.
    """

    word: str
    times: int | None = None

    def __post_init__(self) -> None:
        _ = self.deed

    @property
    def deed(self) -> Deed:
        """What it does."""
        if deed := deed_of(self.word):
            return deed
        raise ValueError(f"no fault is called {self.word!r}")


def deed_of(word: str) -> Deed | None:
    """What the fault of that name does, or None when it is none."""
    if word in _DEEDS:
        return _DEEDS[word]
    if status := _STATUS.fullmatch(word):
        retry = int(status["retry"]) if status["retry"] else None
        reason = cast("Reason", status["reason"] or "")
        code = int(status["code"])
        problem = Problem(status=code, reason=reason, retry_after_s=retry)
        return Deed(problem=problem)
    if (zai := _ZAI.fullmatch(word)) and zai["code"] in ZAI_CODES:
        code = ZAI_CODES[zai["code"]][0]
        typed = bool(zai["typed"])
        return Deed(problem=Problem(status=code, zai_code=zai["code"], is_typed=typed))
    if slow := _SLOW.fullmatch(word):
        return Deed(wait_s=float(slow["seconds"]))
    return None


_STATUS = re.compile(
    r"(?P<code>[45]\d\d)(-(?P<reason>credit|context|bad|key))?(-retry-(?P<retry>\d+))?"
)
_ZAI = re.compile(r"zai-(?P<code>\d{4})(?P<typed>-typed)?")
_SLOW = re.compile(r"slow-(?P<seconds>\d+(\.\d+)?)")


def _with_call(spoil: Callable[[Asked, ToolUse], ToolUse]) -> Change:
    """Makes sure of one call, and spoils it."""

    def change(asked: Asked, reply: Reply) -> Reply:
        first = next(iter(asked.tools), "no_tool_was_offered")
        call = reply.calls[0] if reply.calls else ToolUse(first)
        return Reply(calls=(spoil(asked, call),), usage=reply.usage)

    return change


def _invalid_arguments(asked: Asked, call: ToolUse) -> ToolUse:
    """Of a wrong type for every parameter, and one parameter that is none."""
    schema: Mapping[str, Any] = asked.tools.get(call.name, {})
    properties: Mapping[str, Any] = schema.get("properties", {})
    wrong: dict[str, Any] = {
        name: [] if one.get("type") == "object" else {}
        for name, one in properties.items()
    }
    return replace(call, arguments=wrong | {"no_such_parameter": 1})


def _half(asked: Asked, reply: Reply) -> Reply:
    half = reply.text[: len(reply.text) // 2 + 1]
    return replace(reply, text=half, calls=(), finish="length")


def _truncated(wire: Wire, asked: Asked, answer: Answer) -> Answer:
    if not answer.is_stream:
        whole = answer.pieces[0]
        return replace(answer, pieces=(whole[: len(whole) // 2],))
    first, second, *_ = *answer.pieces, b"data: {}\n\n"
    cut = second[: len(second) // 2] + b"\n\n"
    return replace(answer, pieces=(first, cut))


def _page(wire: Wire, asked: Asked, answer: Answer) -> Answer:
    page = b"<!doctype html><title>502</title><h1>Bad gateway</h1>"
    return Answer(pieces=(page,), content_type="text/html; charset=utf-8")


def _error(wire: Wire, asked: Asked, answer: Answer) -> Answer:
    return as_json(wire.refused(asked, Problem(status=500)))


def _envelope(wire: Wire, asked: Asked, answer: Answer) -> Answer:
    return as_json({"code": 500, "msg": "404 NOT_FOUND", "success": False})


def _overload(wire: Wire, asked: Asked, answer: Answer) -> Answer:
    problem = Problem(status=503 if asked.wire == "gemini" else 529)
    if not answer.is_stream:
        return wire.refusal(asked, problem)
    error = wire.refused_in_stream(asked, problem)
    return replace(answer, pieces=(answer.pieces[0], error))


_DEEDS: Mapping[str, Deed] = {
    "ok": Deed(),
    "hang": Deed(manner="hang"),
    "hang-after-headers": Deed(manner="hang-after-headers"),
    "stall": Deed(manner="stall"),
    "drop": Deed(manner="drop"),
    "truncated": Deed(spoil=_truncated),
    "html": Deed(spoil=_page),
    "200-error": Deed(spoil=_error),
    "200-envelope": Deed(spoil=_envelope),
    "overload-in-stream": Deed(spoil=_overload),
    "no-usage": Deed(change=lambda _, reply: replace(reply, usage=None)),
    "empty": Deed(change=lambda _, reply: Reply(usage=reply.usage)),
    "thinking": Deed(
        change=lambda _, reply: replace(reply, thinking="Le parent salue.")
    ),
    "length": Deed(change=_half),
    "refusal": Deed(change=lambda _, reply: Reply(finish="refusal")),
    "sensitive": Deed(change=lambda _, reply: Reply(finish="sensitive")),
    "array-args": Deed(
        change=_with_call(lambda _, call: replace(call, arguments=["Agnès"]))
    ),
    "broken-args": Deed(
        change=_with_call(lambda _, call: replace(call, arguments='{"child": "Ag'))
    ),
    "invalid-args": Deed(change=_with_call(_invalid_arguments)),
    "unknown-tool": Deed(
        change=_with_call(lambda _, call: replace(call, name="no_such_tool"))
    ),
}
