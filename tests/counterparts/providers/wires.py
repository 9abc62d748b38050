"""The wire formats that are spoken, found by the path of a request."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from . import wire_anthropic, wire_gemini, wire_openai
from .exchange import Answer, Request, as_json
from .words import Asked, Problem, Reply

# What z.ai's documentation says of each code, and the status it comes with.
ZAI_CODES: Mapping[str, tuple[int, str]] = {
    "1113": (429, "Insufficient balance or no resource package. Please recharge."),
    "1210": (400, "API call parameter error, please refer to the documentation."),
    "1261": (400, "Prompt is too long."),
    "1301": (
        400,
        "System detected potentially unsafe or sensitive content in input or "
        "generation.",
    ),
    "1302": (429, "Rate limit reached for requests."),
    "1305": (429, "The service may be temporarily overloaded, please try again later."),
    "1308": (
        429,
        "Usage limit reached for 5 hour. Your limit will reset at 2026-11-23 18:00:00.",
    ),
}


@dataclass(frozen=True)
class Wire:
    """One wire format, as functions."""

    read: Callable[[Request, Mapping[str, Any]], Asked]
    whole: Callable[[Asked, Reply], dict[str, Any]]
    events: Callable[[Asked, Reply], tuple[bytes, ...]]
    refused: Callable[[Asked, Problem], dict[str, Any]]
    refused_in_stream: Callable[[Asked, Problem], bytes]

    def answer(self, asked: Asked, reply: Reply) -> Answer:
        """`reply`, as a stream when one was asked for."""
        if asked.streamed:
            pieces = self.events(asked, reply)
            return Answer(pieces=pieces, content_type="text/event-stream")
        return as_json(self.whole(asked, reply))

    def refusal(self, asked: Asked, problem: Problem) -> Answer:
        """The error response for `problem`; z.ai's codes have its body everywhere."""
        if problem.zai_code:
            return as_json(_zai_body(problem), status=problem.status)
        body = self.refused(asked, problem)
        # Google says in `RetryInfo` what the others say in this header.
        if problem.retry_after_s is None or asked.wire == "gemini":
            return as_json(body, status=problem.status)
        wait = str(problem.retry_after_s)
        return as_json(body, status=problem.status, retry_after=wait)


def _zai_body(problem: Problem) -> dict[str, Any]:
    """Both shapes were seen on its Anthropic route: `code` 2026, `type` 2025.

    Source: anthropics/claude-code issues 34851 and 9201.
    """
    message = ZAI_CODES[problem.zai_code][1]
    if problem.is_typed:
        error = {"type": problem.zai_code, "message": message}
        return {"type": "error", "error": error, "request_id": "20261123100000"}
    error = {"code": problem.zai_code, "message": message}
    return {"error": error, "request_id": "20261123100000"}


ANTHROPIC = Wire(
    wire_anthropic.read,
    wire_anthropic.whole,
    wire_anthropic.events,
    wire_anthropic.refused,
    wire_anthropic.refused_in_stream,
)
OPENAI = Wire(
    wire_openai.read,
    wire_openai.whole,
    wire_openai.events,
    wire_openai.refused,
    wire_openai.refused_in_stream,
)
GEMINI = Wire(
    wire_gemini.read,
    wire_gemini.whole,
    wire_gemini.events,
    wire_gemini.refused,
    wire_gemini.refused_in_stream,
)


def wire_of(path: str) -> Wire | None:
    """The wire format spoken at `path`."""
    if path.endswith("/v1/messages"):
        return ANTHROPIC
    if path.endswith("/chat/completions"):
        return OPENAI
    return GEMINI if wire_gemini.PATH.search(path) else None
