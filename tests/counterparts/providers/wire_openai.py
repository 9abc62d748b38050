"""OpenAI chat completions, and what OpenRouter and z.ai make of them.

A path with "openrouter" gets OpenRouter's shapes: cost, provider, its own errors.

Source: OpenAI "Chat Completions" and "Error codes", OpenRouter "Errors and debugging"
and "Usage accounting", z.ai "Chat completion", read 2026-11.
"""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from .exchange import Request, as_object, as_text, event
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

_FINISH: Final[Mapping[Finish, str]] = {
    "stop": "stop",
    "length": "length",
    "refusal": "content_filter",
    "sensitive": "sensitive",  # z.ai's own word
}
_ERRORS: Mapping[int, tuple[str, str | None]] = {  # status -> type, code
    400: ("invalid_request_error", None),
    401: ("invalid_request_error", "invalid_api_key"),
    402: ("insufficient_quota", "insufficient_quota"),
    403: ("invalid_request_error", "unsupported_country_region_territory"),
    404: ("invalid_request_error", "model_not_found"),
    429: ("requests", "rate_limit_exceeded"),
    503: ("service_unavailable_error", "service_unavailable"),
    529: ("overloaded_error", "overloaded"),
}
_REASONS: Mapping[str, tuple[str, str, str]] = {  # reason -> type, code, message
    "context": (
        "invalid_request_error",
        "context_length_exceeded",
        "This model's maximum context length is 128000 tokens. However, your messages "
        "resulted in 210000 tokens. Please reduce the length of the messages.",
    ),
    "key": ("invalid_request_error", "invalid_api_key", "Incorrect API key provided."),
}


def is_openrouter(path: str) -> bool:
    return "openrouter" in path


def read(request: Request, body: Mapping[str, Any]) -> Asked:
    functions = [t["function"] for t in body.get("tools", ()) if "function" in t]
    messages: list[Any] = list(body.get("messages", ()))
    system = [m for m in messages if m["role"] in ("system", "developer")]
    return Asked(
        wire="openai",
        path=request.path,
        key=request.headers.get("authorization", "").removeprefix("Bearer "),
        model=str(body.get("model", "")),
        streamed=bool(body.get("stream")),
        system="\n".join(_text(message["content"]) for message in system),
        messages=tuple(_messages(m for m in messages if m not in system)),
        tools={f["name"]: f.get("parameters", {}) for f in functions},
        descriptions={f["name"]: f.get("description", "") for f in functions},
        headers=request.headers,
        body=body,
    )


def _text(content: Any) -> str:
    if isinstance(content, str):
        return content
    return "\n".join(part["text"] for part in content if part["type"] == "text")


def _messages(raw: Iterator[Any]) -> Iterator[Message]:
    names: dict[str, str] = {}
    for message in raw:
        text = _text(message.get("content") or "")
        if message["role"] == "tool":
            call = message["tool_call_id"]
            yield Answered(call_id=call, name=names.get(call, ""), text=text)
        elif text:
            by = "assistant" if message["role"] == "assistant" else "user"
            yield Said(by=by, text=text)
        for call in message.get("tool_calls") or ():
            function = call["function"]
            names[call["id"]] = function["name"]
            known = as_object(function["arguments"].encode())
            arguments: Any = function["arguments"] if known is None else known
            yield Called(id=call["id"], name=function["name"], arguments=arguments)


def whole(asked: Asked, reply: Reply) -> dict[str, Any]:
    message: dict[str, Any] = {"role": "assistant", "content": reply.text or None}
    if reply.thinking:
        message |= _thinking(asked, reply)
    if reply.calls:
        message["tool_calls"] = _calls(asked, reply)
    choice = {"index": 0, "message": message, "finish_reason": _finish(reply)}
    completion = _head(asked, "chat.completion") | {"choices": [choice]}
    if reply.usage:
        completion["usage"] = _usage(asked, reply.usage)
    return completion


def _head(asked: Asked, kind: str) -> dict[str, Any]:
    head = {
        "id": f"chatcmpl-{len(asked.messages):04}",
        "object": kind,
        "created": 1790000000,
        "model": asked.model,
    }
    return head | ({"provider": "Z.AI"} if is_openrouter(asked.path) else {})


def _thinking(asked: Asked, reply: Reply) -> dict[str, Any]:
    if not is_openrouter(asked.path):
        return {"reasoning_content": reply.thinking}
    detail = {
        "type": "reasoning.text",
        "text": reply.thinking,
        "signature": "c2lnbmF0dXJl",
        "format": "anthropic-claude-v1",
        "index": 0,
    }
    return {"reasoning": reply.thinking, "reasoning_details": [detail]}


def _calls(asked: Asked, reply: Reply) -> list[dict[str, Any]]:
    return [
        {
            "index": index,
            "id": asked.call_id("call", index),
            "type": "function",
            "function": {"name": call.name, "arguments": as_text(call.arguments)},
        }
        for index, call in enumerate(reply.calls)
    ]


def _finish(reply: Reply) -> str:
    return "tool_calls" if reply.calls else _FINISH[reply.finish]


def _usage(asked: Asked, usage: Usage) -> dict[str, Any]:
    counted: dict[str, Any] = {
        "prompt_tokens": usage.input,
        "completion_tokens": usage.output,
        "total_tokens": usage.input + usage.output,
        "prompt_tokens_details": {"cached_tokens": usage.cached},
    }
    return counted | ({"cost": usage.cost_usd} if is_openrouter(asked.path) else {})


def events(asked: Asked, reply: Reply) -> tuple[bytes, ...]:
    chunks = [_chunk(asked, delta) for delta in _deltas(asked, reply)]
    chunks.append(_chunk(asked, {}, finish=_finish(reply)))
    options: Mapping[str, Any] = asked.body.get("stream_options") or {}
    wants_usage = options.get("include_usage") or is_openrouter(asked.path)
    if reply.usage and wants_usage:
        usage = _usage(asked, reply.usage)
        last = _chunk(asked, {}, finish=_finish(reply))
        # OpenAI's last chunk has no choice; OpenRouter's repeats the last one.
        choices: dict[str, Any] = {} if is_openrouter(asked.path) else {"choices": []}
        chunks.append(last | choices | {"usage": usage})
    return (*map(event, chunks), b"data: [DONE]\n\n")


def _deltas(asked: Asked, reply: Reply) -> Iterator[dict[str, Any]]:
    yield {"role": "assistant", "content": ""}
    if reply.thinking:
        yield _thinking(asked, reply)
    half = len(reply.text) // 2
    for text in filter(None, (reply.text[:half], reply.text[half:])):
        yield {"content": text}
    for call in _calls(asked, reply):
        yield {"tool_calls": [call]}


def _chunk(
    asked: Asked, delta: dict[str, Any], *, finish: str | None = None
) -> dict[str, Any]:
    choice = {"index": 0, "delta": delta, "finish_reason": finish}
    return _head(asked, "chat.completion.chunk") | {"choices": [choice]}


def refused(asked: Asked, problem: Problem) -> dict[str, Any]:
    type_, code = _ERRORS.get(problem.status, ("server_error", None))
    message = f"This is a {problem.status}."
    if problem.reason in _REASONS:
        type_, code, message = _REASONS[problem.reason]
    elif problem.reason == "credit":
        message = "You exceeded your current quota, please check your billing details."
        code = "insufficient_quota" if problem.status == 429 else _HARD_LIMIT
    if is_openrouter(asked.path):
        metadata = {"provider_name": "Z.AI", "raw": message}
        error = {"code": problem.status, "message": message, "metadata": metadata}
        return {"error": error, "user_id": "user_0001"}
    return {"error": {"message": message, "type": type_, "param": None, "code": code}}


_HARD_LIMIT = "billing_hard_limit_reached"


def refused_in_stream(asked: Asked, problem: Problem) -> bytes:
    return event(refused(asked, problem))
