"""Gemini generateContent.

Source: Gemini API, "Generating content", "Troubleshooting", and google.rpc error
details, read 2026-11.
"""

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from .exchange import Request, event
from .words import (
    Answered,
    Asked,
    Called,
    Finish,
    Message,
    Problem,
    Reply,
    Said,
    ToolUse,
    Usage,
)

PATH = re.compile(r"/models/([^/:]+):(generateContent|streamGenerateContent)$")
_FINISH: Final[Mapping[Finish, str]] = {
    "stop": "STOP",
    "length": "MAX_TOKENS",
    "refusal": "SAFETY",
    "sensitive": "SAFETY",
}
_STATUS = {
    400: "INVALID_ARGUMENT",
    401: "UNAUTHENTICATED",
    403: "PERMISSION_DENIED",
    404: "NOT_FOUND",
    429: "RESOURCE_EXHAUSTED",
    500: "INTERNAL",
    503: "UNAVAILABLE",
    504: "DEADLINE_EXCEEDED",
}
_MESSAGES = {
    "credit": "You exceeded your current quota, please check your plan and billing.",
    "context": "The input token count (1200000) exceeds the maximum number of tokens "
    "allowed (1048576).",
    "bad": "Invalid JSON payload received.",
    "key": "API key not valid. Please pass a valid API key.",
}


def read(request: Request, body: Mapping[str, Any]) -> Asked:
    found = PATH.search(request.path)
    declared: list[Any] = [
        declaration
        for tool in body.get("tools", ())
        for declaration in tool.get("functionDeclarations", ())
    ]
    return Asked(
        wire="gemini",
        path=request.path,
        key=request.headers.get("x-goog-api-key", ""),
        model=found[1] if found else "",
        streamed=bool(found) and found[2] == "streamGenerateContent",
        system=_text(body.get("systemInstruction", {}).get("parts", ())),
        messages=tuple(_messages(body.get("contents", ()))),
        tools={one["name"]: _schema(one) for one in declared},
        descriptions={one["name"]: one.get("description", "") for one in declared},
        headers=request.headers,
        body=body,
    )


def _schema(declaration: Mapping[str, Any]) -> dict[str, Any]:
    for name in ("parametersJsonSchema", "parameters_json_schema", "parameters"):
        if name in declaration:
            return declaration[name]
    return {}


def _text(parts: Any) -> str:
    return "\n".join(part["text"] for part in parts if "text" in part)


def _messages(contents: Any) -> Iterator[Message]:
    for content in contents:
        by = "assistant" if content.get("role") == "model" else "user"
        for part in content["parts"]:
            if "functionCall" in part:
                call = part["functionCall"]
                arguments = call.get("args", {})
                id_ = call.get("id", "")
                yield Called(id=id_, name=call["name"], arguments=arguments)
            elif "functionResponse" in part:
                yield _answered(part["functionResponse"])
            elif part.get("text") and not part.get("thought"):
                yield Said(by=by, text=part["text"])


def _answered(answer: Mapping[str, Any]) -> Answered:
    """A text comes wrapped in an object with one field, as `response` must be one."""
    said = list(answer.get("response", {}).values())
    is_text = len(said) == 1 and isinstance(said[0], str)
    text = said[0] if is_text else json.dumps(answer["response"], ensure_ascii=False)
    return Answered(call_id=answer.get("id", ""), name=answer["name"], text=text)


def whole(asked: Asked, reply: Reply) -> dict[str, Any]:
    # A refused prompt has no candidate; a filtered answer has one, without content.
    if reply.finish == "refusal":
        return _head(asked) | _blocked() | _counted(reply.usage)
    return _chunk(asked, reply, _parts(reply, reply.text)) | _counted(reply.usage)


def _head(asked: Asked) -> dict[str, Any]:
    response_id = f"response-{len(asked.messages):04}"
    return {"modelVersion": asked.model, "responseId": response_id}


def _blocked() -> dict[str, Any]:
    return {"promptFeedback": {"blockReason": "SAFETY", "safetyRatings": []}}


def _parts(reply: Reply, *texts: str) -> list[dict[str, Any]]:
    parts: list[dict[str, Any]] = []
    if reply.thinking:
        parts.append({"text": reply.thinking, "thought": True})
    parts += [{"text": text} for text in texts if text]
    parts += [
        _call(call) for call in reply.calls if not isinstance(call.arguments, str)
    ]
    if reply.thinking and parts:
        parts[-1]["thoughtSignature"] = "c2lnbmF0dXJl"
    return parts


def _call(call: ToolUse) -> dict[str, Any]:
    return {"functionCall": {"name": call.name, "args": call.arguments}}


def _chunk(asked: Asked, reply: Reply, parts: list[dict[str, Any]]) -> dict[str, Any]:
    content = {"role": "model", "parts": parts} if parts else {"role": "model"}
    candidate = {"index": 0, "content": content, "finishReason": _finish(reply)}
    return _head(asked) | {"candidates": [candidate]}


def _finish(reply: Reply) -> str:
    # `args` is an object on this wire and cannot be cut: a call that the model broke is
    # reported instead of shown.
    if any(isinstance(call.arguments, str) for call in reply.calls):
        return "MALFORMED_FUNCTION_CALL"
    return _FINISH[reply.finish]


def _counted(usage: Usage | None) -> dict[str, Any]:
    if usage is None:
        return {}
    counted = {
        "promptTokenCount": usage.input,
        "candidatesTokenCount": usage.output,
        "totalTokenCount": usage.input + usage.output,
        "cachedContentTokenCount": usage.cached,
    }
    return {"usageMetadata": counted}


def events(asked: Asked, reply: Reply) -> tuple[bytes, ...]:
    if reply.finish == "refusal":
        return (event(whole(asked, reply)),)
    half = len(reply.text) // 2
    halves = (reply.text[:half], reply.text[half:])
    *begun, last = [[part] for part in _parts(reply, *halves)] or [[]]
    chunks = [_chunk(asked, reply, parts) for parts in begun]
    for chunk in chunks:
        del chunk["candidates"][0]["finishReason"]
    chunks.append(_chunk(asked, reply, last) | _counted(reply.usage))
    return tuple(map(event, chunks))


def refused(asked: Asked, problem: Problem) -> dict[str, Any]:
    status = _STATUS.get(problem.status, "UNKNOWN")
    message = _MESSAGES.get(problem.reason, f"This is {status}.")
    details: list[dict[str, Any]] = []
    if problem.reason == "key":
        type_ = "type.googleapis.com/google.rpc.ErrorInfo"
        details.append({"@type": type_, "reason": "API_KEY_INVALID"})
    if problem.reason == "credit" and problem.status == 400:
        status = "FAILED_PRECONDITION"
    if problem.retry_after_s is not None:
        type_ = "type.googleapis.com/google.rpc.RetryInfo"
        details.append({"@type": type_, "retryDelay": f"{problem.retry_after_s}s"})
    error = {"code": problem.status, "message": message, "status": status}
    return {"error": error | ({"details": details} if details else {})}


def refused_in_stream(asked: Asked, problem: Problem) -> bytes:
    return event(refused(asked, problem))
