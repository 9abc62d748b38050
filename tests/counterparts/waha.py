"""A WAHA to talk to: holds every call against WAHA's own OpenAPI (2026.7.1).

Alone:   python tests/counterparts/waha.py PORT
In test: with running_waha() as waha: … waha.url, waha.sent

It answers 401 without the key, 422 to what the OpenAPI does not allow, and keeps the
messages it was given. Its own questions are beside those of WAHA:

    GET  /_sent    the messages received, as a JSON list, oldest first
    POST /_faults  {"status": 500, "keep": true, "delay_s": 0}: how to treat the next
                   sendText; `keep` is whether the message is sent all the same
                   status 0 hangs up without an answer

`waha_openapi.json` holds the paths used, their schemas as WAHA publishes them.
"""

import json
import sys
import threading
import time
from collections import deque
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import count
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import unquote, urlsplit

from jsonschema import Draft202012Validator
from referencing import Registry
from referencing.jsonschema import DRAFT202012

API_KEY = "the-key-of-our-waha"
VERSION = {
    "version": "2026.7.1",
    "engine": "GOWS",
    "tier": "CORE",
    "browser": "",
    "platform": "linux/x86",
    "worker": {"id": "one"},
}
_OPENAPI: dict[str, Any] = json.loads(
    Path(__file__).with_name("waha_openapi.json").read_text("utf-8")
)
_REGISTRY: Any = Registry().with_resource(  # type: ignore[var-annotated]
    "urn:waha", DRAFT202012.create_resource(_OPENAPI)
)


class Fault(NamedTuple):
    """How the next sendText is treated; status 0 hangs up."""

    status: int
    keep: bool = False
    delay_s: float = 0
    body: dict[str, Any] | None = None


class Call(NamedTuple):
    """One call as it came."""

    method: str
    path: str
    body: dict[str, Any] | None


def problems(value: Any, schema: Mapping[str, Any]) -> list[str]:
    """What the OpenAPI has against `value`."""
    reference = {"$ref": f"urn:waha{schema['$ref']}"} if "$ref" in schema else schema
    validator: Any = Draft202012Validator(reference, registry=_REGISTRY)
    return [error.message for error in validator.iter_errors(value)]


def schema_of(method: str, template: str, *, answer: str | None = None) -> Any:
    """The schema of a request, or of its answer with that status."""
    operation = _OPENAPI["paths"][template][method.lower()]
    part = operation["responses"][answer] if answer else operation["requestBody"]
    return part["content"]["application/json"]["schema"]


class WahaCounterpart:
    """What it was told, and how it will treat the next message."""

    def __init__(self) -> None:
        self.url = ""
        self.sent: list[dict[str, Any]] = []
        self.calls: list[Call] = []
        self.faults: deque[Fault] = deque()
        self.gives_ids = True
        self.status = "WORKING"
        self.webhooks: list[dict[str, Any]] = []
        self._ids = count(1)

    def answer(self, call: Call) -> tuple[int, Any]:
        """Status and body, as WAHA would."""
        self.calls.append(call)
        template = _template(call)
        if template is None:
            return 404, {"message": f"Cannot {call.method} {call.path}"}
        if call.method == "POST":
            wrong = problems(call.body, schema_of("POST", template))
            if wrong:
                return 422, {"message": wrong, "error": "Unprocessable Entity"}
            if template.endswith("sendText"):
                return self._send_text(call.body or {})
            return 201, {}
        return self._told(template, unquote(urlsplit(call.path).path.split("/")[-1]))

    def _told(self, template: str, last: str) -> tuple[int, Any]:
        """The answer to a question; `last` is the last part of its path."""
        match template.rpartition("/")[2]:
            case "version":
                return 200, VERSION
            case "{session}":
                return self._session(last)
            case "new-message-id" if self.gives_ids:
                return 200, {"id": f"3EB0{next(self._ids):016X}"}
            case "{messageId}":
                return self._message(last)
            case _:
                return 404, {"statusCode": 404}

    def _send_text(self, body: dict[str, Any]) -> tuple[int, Any]:
        fault = self.faults.popleft() if self.faults else None
        message = as_message(body, body.get("id") or f"AAAA{next(self._ids):016X}")
        if fault is None or fault.keep:
            self.sent.append(message)
        if fault is None:
            return 201, message
        time.sleep(fault.delay_s)
        return fault.status, fault.body or {"statusCode": fault.status}

    def _session(self, name: str) -> tuple[int, Any]:
        if name != "default":
            return 404, {"message": "Session not found", "statusCode": 404}
        return 200, as_session(self.status, self.webhooks)

    def _message(self, message_id: str) -> tuple[int, Any]:
        found = [one for one in self.sent if one["id"] == message_id]
        return (200, found[0]) if found else (404, {"statusCode": 404})


def as_session(status: str, webhooks: list[dict[str, Any]]) -> dict[str, Any]:
    """What WAHA says of its session."""
    return {
        "name": "default",
        "status": status,
        "config": {"webhooks": webhooks},
        "presence": {},
        "timestamps": {"activity": 1790000000},
    }


def as_message(body: Mapping[str, Any], bare: str) -> dict[str, Any]:
    """What WAHA says of a message it has sent."""
    return {
        "id": f"true_{body['chatId']}_{bare}",
        "timestamp": 1790000000,
        "from": body["chatId"],
        "fromMe": True,
        "source": "api",
        "to": body["chatId"],
        "participant": "",
        "body": body["text"],
        "hasMedia": False,
        "mediaUrl": "",
        "ack": 1,
        "ackName": "SERVER",
    }


def _template(call: Call) -> str | None:
    """The path of the OpenAPI that the call was made to."""
    parts = urlsplit(call.path).path.split("/")
    for template, operations in _OPENAPI["paths"].items():
        names = template.split("/")
        fits = len(names) == len(parts) and all(
            name.startswith("{") or name == part
            for name, part in zip(names, parts, strict=True)
        )
        if fits and call.method.lower() in operations:
            return template
    return None


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, waha: WahaCounterpart, port: int) -> None:
        super().__init__(("127.0.0.1", port), _Handler)
        self.waha = waha
        waha.url = f"http://127.0.0.1:{self.server_address[1]}"


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: _Server  # type: ignore[assignment]

    def do_GET(self) -> None:
        if self.path == "/_sent":
            self._say(200, self.server.waha.sent)
        elif self._has_key():
            self._say(*self.server.waha.answer(Call("GET", self.path, None)))

    def do_POST(self) -> None:
        size = int(self.headers.get("Content-Length", 0))
        body = json.loads(self.rfile.read(size) or b"null")
        if self.path == "/_faults":
            self.server.waha.faults.append(Fault(**body))
            self._say(200, {})
        elif self._has_key():
            self._say(*self.server.waha.answer(Call("POST", self.path, body)))

    def _has_key(self) -> bool:
        if self.headers.get("X-Api-Key") == API_KEY:
            return True
        self._say(401, {"message": "Unauthorized", "statusCode": 401})
        return False

    def _say(self, status: int, body: object) -> None:
        if status == 0:
            self.close_connection = True
            return
        said = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(said)))
        self.end_headers()
        self.wfile.write(said)

    def log_message(self, format: str, *args: object) -> None:
        del format, args


@contextmanager
def running_waha() -> Generator[WahaCounterpart]:
    """A counterpart on a free port of this machine, in a thread."""
    waha = WahaCounterpart()
    server = _Server(waha, 0)
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield waha
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


if __name__ == "__main__":
    _Server(WahaCounterpart(), int(sys.argv[1])).serve_forever()
