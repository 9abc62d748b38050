"""Anthropic Messages, and z.ai's endpoint that is compatible with it.

Source: Anthropic API, "Messages", "Streaming" and "Errors", read 2026-11.
"""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from .exchange import Request, as_text, event
from .words import (
    Answered,
    Asked,
    Called,
    Finish,
    Message,
    Problem,
    Reply,
    Said,
    Usage,
)

_STOP: Final[Mapping[Finish, str]] = {
    "stop": "end_turn",
    "length": "max_tokens",
    "refusal": "refusal",
    # What z.ai's Anthropic route says of a filtered answer is not documented; this is
    # the word of its OpenAI-style route.
    "sensitive": "sensitive",
}
_ERROR_TYPES = {
    400: "invalid_request_error",
    401: "authentication_error",
    402: "billing_error",
    403: "permission_error",
    404: "not_found_error",
    413: "request_too_large",
    429: "rate_limit_error",
    504: "timeout_error",
    529: "overloaded_error",
}
_MESSAGES = {
    "credit": "Your credit balance is too low to access the Anthropic API. "
    "Please go to Plans & Billing to upgrade or purchase credits.",
    "context": "prompt is too long: 210000 tokens > 200000 maximum",
    "bad": "messages.0.content: Field required",
    "key": "invalid x-api-key",
}


def read(request: Request, body: Mapping[str, Any]) -> Asked:
    bearer = request.headers.get("authorization", "").removeprefix("Bearer ")
    tools: list[dict[str, Any]] = [t for t in body.get("tools", ()) if "name" in t]
    return Asked(
        wire="anthropic",
        path=request.path,
        key=request.headers.get("x-api-key") or bearer,
        model=str(body.get("model", "")),
        streamed=bool(body.get("stream")),
        system=_text(body.get("system", "")),
        messages=tuple(_messages(body.get("messages", ()))),
        tools={tool["name"]: tool.get("input_schema", {}) for tool in tools},
        descriptions={tool["name"]: tool.get("description", "") for tool in tools},
        headers=request.headers,
        body=body,
    )


def _text(content: Any) -> str:
    """A text, or the texts of its blocks."""
    if isinstance(content, str):
        return content
    return "\n".join(block["text"] for block in content if block["type"] == "text")


def _messages(raw: Any) -> Iterator[Message]:
    names: dict[str, str] = {}
    for message in raw:
        content = message["content"]
        if isinstance(content, str):
            content = [{"type": "text", "text": content}]
        for block in content:
            if block["type"] == "text":
                by = "assistant" if message["role"] == "assistant" else "user"
                yield Said(by=by, text=block["text"])
            elif block["type"] == "tool_use":
                names[block["id"]] = block["name"]
                arguments = block["input"]
                yield Called(id=block["id"], name=block["name"], arguments=arguments)
            elif block["type"] == "tool_result":
                call = block["tool_use_id"]
                text = _text(block.get("content", ""))
                yield Answered(call_id=call, name=names.get(call, ""), text=text)


def whole(asked: Asked, reply: Reply) -> dict[str, Any]:
    message = _message(asked) | {
        "content": _blocks(asked, reply),
        "stop_reason": _stop_reason(reply),
    }
    if reply.usage:
        message["usage"] = _usage(reply.usage)
    return message


def _message(asked: Asked) -> dict[str, Any]:
    return {
        "id": f"msg_{len(asked.messages):04}",
        "type": "message",
        "role": "assistant",
        "model": asked.model,
        "content": [],
        "stop_reason": None,
        "stop_sequence": None,
    }


def _blocks(asked: Asked, reply: Reply) -> list[dict[str, Any]]:
    blocks: list[dict[str, Any]] = []
    if reply.thinking:
        signature = "c2lnbmF0dXJl"
        thought = {"type": "thinking", "thinking": reply.thinking}
        blocks.append(thought | {"signature": signature})
    if reply.text:
        blocks.append({"type": "text", "text": reply.text})
    for index, call in enumerate(reply.calls):
        id_ = asked.call_id("toolu", index)
        use = {"type": "tool_use", "id": id_, "name": call.name}
        blocks.append(use | {"input": call.arguments})
    return blocks


def _stop_reason(reply: Reply) -> str:
    return "tool_use" if reply.calls else _STOP[reply.finish]


def _usage(usage: Usage) -> dict[str, Any]:
    # Anthropic counts what came from the cache beside `input_tokens`, not within.
    return {
        "input_tokens": usage.input - usage.cached,
        "cache_creation_input_tokens": 0,
        "cache_read_input_tokens": usage.cached,
        "output_tokens": usage.output,
    }


def events(asked: Asked, reply: Reply) -> tuple[bytes, ...]:
    return tuple(event(one, name=one["type"]) for one in _events(asked, reply))


def _events(asked: Asked, reply: Reply) -> Iterator[dict[str, Any]]:
    message = _message(asked)
    if reply.usage:
        message["usage"] = _usage(reply.usage) | {"output_tokens": 1}
    yield {"type": "message_start", "message": message}
    for index, block in enumerate(_blocks(asked, reply)):
        start, deltas = _streamed(block)
        yield {"type": "content_block_start", "index": index, "content_block": start}
        for delta in deltas:
            yield {"type": "content_block_delta", "index": index, "delta": delta}
        yield {"type": "content_block_stop", "index": index}
    delta = {"stop_reason": _stop_reason(reply), "stop_sequence": None}
    last: dict[str, Any] = {"type": "message_delta", "delta": delta}
    if reply.usage:
        last["usage"] = {"output_tokens": reply.usage.output}
    yield last
    yield {"type": "message_stop"}


def _streamed(block: dict[str, Any]) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """How a block begins, and the deltas that complete it."""
    if block["type"] == "thinking":
        empty = {"type": "thinking", "thinking": "", "signature": ""}
        return empty, [
            {"type": "thinking_delta", "thinking": block["thinking"]},
            {"type": "signature_delta", "signature": block["signature"]},
        ]
    if block["type"] == "text":
        half = len(block["text"]) // 2
        halves = (block["text"][:half], block["text"][half:])
        deltas = [{"type": "text_delta", "text": text} for text in halves]
        return {"type": "text", "text": ""}, deltas
    arguments = block["input"]
    delta = {"type": "input_json_delta", "partial_json": as_text(arguments)}
    return block | {"input": {}}, [delta]


def refused(asked: Asked, problem: Problem) -> dict[str, Any]:
    type_ = _ERROR_TYPES.get(problem.status, "api_error")
    if problem.reason == "key":
        type_ = "authentication_error"
    message = _MESSAGES.get(problem.reason, f"This is a {type_}.")
    if problem.status == 404:
        message = f"model: {asked.model}"
    return {
        "type": "error",
        "error": {"type": type_, "message": message},
        "request_id": "req_0001",
    }


def refused_in_stream(asked: Asked, problem: Problem) -> bytes:
    return event(refused(asked, problem), name="error")
