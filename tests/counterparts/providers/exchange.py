"""Just enough HTTP/1.1: read a request, write an answer, whole or not."""

import json
from asyncio import IncompleteReadError, StreamReader, StreamWriter
from collections.abc import Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any, Literal, TypeAlias, cast

_PHRASES = {one.value: one.phrase for one in HTTPStatus}

Manner: TypeAlias = Literal["whole", "hang", "hang-after-headers", "stall", "drop"]


@dataclass(frozen=True, kw_only=True)
class Request:
    """One request; `headers` in lower case."""

    method: str
    path: str
    query: str
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True, kw_only=True)
class Answer:
    """One answer. Several `pieces` are the events of a stream, sent as chunks."""

    pieces: tuple[bytes, ...]
    status: int = 200
    content_type: str = "application/json"
    headers: Mapping[str, str] = field(default_factory=dict[str, str])

    @property
    def is_stream(self) -> bool:
        return self.content_type == "text/event-stream"


def as_json(value: object, *, status: int = 200, **headers: str) -> Answer:
    """`value` as an answer; an underscore in a header's name is a dash."""
    named = {name.replace("_", "-"): text for name, text in headers.items()}
    return Answer(pieces=(to_json(value),), status=status, headers=named)


def to_json(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False).encode()


def event(value: object, *, name: str = "") -> bytes:
    """One server-sent event."""
    title = f"event: {name}\n".encode() if name else b""
    return title + b"data: " + to_json(value) + b"\n\n"


def as_object(body: bytes) -> dict[str, Any] | None:
    """The JSON object in `body`, or None."""
    try:
        value: Any = json.loads(body)
    except ValueError:
        return None
    return cast("dict[str, Any]", value) if isinstance(value, dict) else None


async def read_request(reader: StreamReader) -> Request | None:
    """The next request of this connection, or None when it has ended."""
    try:
        head = await reader.readuntil(b"\r\n\r\n")
        first, *lines = head.decode("latin-1").split("\r\n")
        pairs = (line.split(":", 1) for line in lines if line)
        headers = {name.strip().lower(): text.strip() for name, text in pairs}
        body = await reader.readexactly(int(headers.get("content-length", 0)))
    except (IncompleteReadError, ConnectionError):
        return None
    method, target, _ = first.split(" ", 2)
    path, _, query = target.partition("?")
    return Request(method=method, path=path, query=query, headers=headers, body=body)


async def send(
    answer: Answer, manner: Manner, reader: StreamReader, writer: StreamWriter
) -> bool:
    """Sends `answer` in that manner; says whether the connection can go on."""
    if manner == "whole":
        writer.write(_head(answer) + _body(answer))
        await writer.drain()
        return True
    if manner != "hang":
        begun = b"" if manner == "hang-after-headers" else _beginning(answer)
        writer.write(_head(answer) + begun)
        await writer.drain()
    if manner != "drop":
        # Nothing more is sent: the client gives up, or the server is stopped.
        await reader.read()
    return False


def _head(answer: Answer) -> bytes:
    if answer.is_stream:
        size = "transfer-encoding: chunked"
    else:
        size = f"content-length: {sum(map(len, answer.pieces))}"
    lines = [
        f"HTTP/1.1 {answer.status} {_PHRASES.get(answer.status, 'Overloaded')}",
        f"content-type: {answer.content_type}",
        size,
        *(f"{name}: {text}" for name, text in answer.headers.items()),
    ]
    return "\r\n".join([*lines, "\r\n"]).encode()


def _body(answer: Answer) -> bytes:
    if answer.is_stream:
        return b"".join([*map(_chunk, answer.pieces), b"0\r\n\r\n"])
    return b"".join(answer.pieces)


def _beginning(answer: Answer) -> bytes:
    """The first event of a stream, half of any other body."""
    first = answer.pieces[0]
    return _chunk(first) if answer.is_stream else first[: len(first) // 2]


def _chunk(piece: bytes) -> bytes:
    return f"{len(piece):x}\r\n".encode() + piece + b"\r\n"


def as_text(arguments: object) -> str:
    """The arguments of a call as text; what is text already may well be broken JSON."""
    if isinstance(arguments, str):
        return arguments
    return json.dumps(arguments, ensure_ascii=False)
