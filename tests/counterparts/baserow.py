"""A Baserow to talk to: answers as version 1.35.3 was seen to, its traps included.

It answers 200 and *every row* to a filter that it does not understand: an unknown or
mistyped name, an empty value, a value of another type. It fails closed only for an
unknown field in the `filters` tree, an unknown id, an unknown or unfit type of filter.
`tests/counterparts/test_baserow.py` holds it against recorded answers.

In test:  BaserowCounterpart(tables).transport()   or   with running_baserow(tables)
"""

import asyncio
import json
import threading
from collections import deque
from collections.abc import Generator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import MappingProxyType
from typing import Any, NamedTuple
from urllib.parse import parse_qsl, urlsplit

import httpx

from tests.counterparts.baserow_filters import FilterRefused, kept_by
from tests.counterparts.baserow_tables import StubRow, StubTable

TOKEN = "the-token-of-our-baserow"
INNER = "http://baserow.example"  # what a proxy may put into `next`

_RIGHTS = {"POST": "create", "PATCH": "update", "DELETE": "delete"}


class Call(NamedTuple):
    """One call as it came."""

    method: str
    path: str
    params: dict[str, str]


class Answer(NamedTuple):
    status: int
    body: Any
    headers: Mapping[str, str] = MappingProxyType({})


class Refused(Exception):
    """Baserow answers with an error."""

    def __init__(self, status: int, error: str, detail: str) -> None:
        super().__init__(error)
        self.answer = Answer(status, {"error": error, "detail": detail})


@dataclass
class BaserowCounterpart:
    """Its tables, what the token may do, and how it will treat the next calls."""

    tables: list[StubTable] = field(default_factory=list[StubTable])
    rights: frozenset[str] = frozenset({"read"})
    ignores_filters: bool = False
    at_once: int | None = None  # more are throttled
    faults: deque[int] = field(default_factory=deque[int])  # 0 hangs up
    is_down: bool = False
    calls: list[Call] = field(default_factory=list[Call])
    most_at_once: int = 0
    _now: int = 0

    def table(self, name: str) -> StubTable:
        return next(table for table in self.tables if table.name == name)

    def row_calls(self, name: str) -> list[Call]:
        path = f"/api/database/rows/table/{self.table(name).id}/"
        return [call for call in self.calls if call.path == path]

    def transport(self) -> httpx.MockTransport:
        """Instead of the network; throttles, as a server does, on what runs at once."""

        async def handle(request: httpx.Request) -> httpx.Response:
            self._now += 1
            self.most_at_once = max(self.most_at_once, self._now)
            is_throttled = self.at_once is not None and self._now > self.at_once
            try:
                await asyncio.sleep(0)
                if self.is_down or (self.faults and self.faults[0] == 0):
                    if self.faults:
                        self.faults.popleft()
                    raise httpx.ConnectError("nobody there", request=request)
                answer = self.answer(
                    request.method,
                    str(request.url),
                    request.headers.get("authorization", ""),
                    is_throttled=is_throttled,
                )
            finally:
                self._now -= 1
            return httpx.Response(
                answer.status, json=answer.body, headers=dict(answer.headers)
            )

        return httpx.MockTransport(handle)

    def answer(
        self, method: str, url: str, authorization: str, *, is_throttled: bool = False
    ) -> Answer:
        parts = urlsplit(url)
        params = dict(parse_qsl(parts.query, keep_blank_values=True))
        self.calls.append(Call(method, parts.path, params))
        if self.faults:
            status = self.faults.popleft()
            is_throttled |= status == 429
            if not is_throttled:
                return Answer(status, {"error": "ERROR_DATABASE_DEADLOCK"})
        if is_throttled:
            said = "Request was throttled. Expected available in 29 seconds."
            return Answer(429, {"detail": said}, {"retry-after": "29"})
        try:
            self._authenticate(authorization)
            return self._route(method, parts.path.strip("/").split("/")[2:], params)
        except Refused as refused:
            return refused.answer
        except FilterRefused as refused:
            return Answer(400, {"error": refused.error, "detail": refused.detail})

    def _authenticate(self, authorization: str) -> None:
        kind, _, token = authorization.partition(" ")
        if kind != "Token":
            raise _Unsigned
        if token != TOKEN:
            text = "The provided token does not exist."
            raise Refused(401, "ERROR_TOKEN_DOES_NOT_EXIST", text)

    def _route(self, method: str, path: list[str], params: dict[str, str]) -> Answer:
        match [method, *path]:
            case ["GET", "tokens", "check"]:
                return Answer(200, {"token": "OK"})
            case ["GET", "tables", "all-tables"]:
                return Answer(200, [table.as_listed() for table in self.tables])
            case ["GET", "fields", "table", number]:
                return Answer(200, self._table(number, "read").fields)
            case ["GET", "rows", "table", number]:
                return Answer(200, self._rows(self._table(number, "read"), params))
            case ["GET", "rows", "table", number, row]:
                self._table(number, "read")
                raise _no_row(row)
            case ["POST" | "PATCH" | "DELETE", "rows", "table", number, *rest]:
                self._table(number, _RIGHTS[method])
                if method == "POST":  # nothing that we send is a row
                    raise Refused(400, "ERROR_REQUEST_BODY_VALIDATION", "{}")
                raise _no_row(rest[0])
            case _:
                raise Refused(404, "URL_NOT_FOUND", "URL not found.")

    def _table(self, number: str, right: str) -> StubTable:
        for table in self.tables:
            if str(table.id) == number:
                if right in self.rights:
                    return table
                text = "The token does not have permissions to the table."
                raise Refused(401, "ERROR_NO_PERMISSION_TO_TABLE", text)
        text = "The requested table does not exist."
        raise Refused(404, "ERROR_TABLE_DOES_NOT_EXIST", text)

    def _rows(self, table: StubTable, params: dict[str, str]) -> dict[str, Any]:
        size, page = int(params.get("size", "100")), int(params.get("page", "1"))
        if size > 200:
            text = "The page size is limited to 200."
            raise Refused(400, "ERROR_PAGE_SIZE_LIMIT", text)
        by_name = params.get("user_field_names") == "true"
        rows = kept_by(table, params, by_name=by_name)
        if self.ignores_filters:
            rows = table.rows
        if "order_by" in params:
            rows = _ordered(table, rows, params["order_by"], by_name=by_name)
        start = (page - 1) * size
        shown = table.included(params.get("include"), by_name=by_name)
        return {
            "count": len(rows),
            "next": _link(table, page + 1) if start + size < len(rows) else None,
            "previous": _link(table, page - 1) if page > 1 else None,
            "results": [
                table.as_row(row, shown, by_name=by_name)
                for row in rows[start : start + size]
            ],
        }


class _UnsignedError(Refused):
    def __init__(self) -> None:
        super().__init__(401, "", "")
        text = "Authentication credentials were not provided."
        self.answer = Answer(401, {"detail": text})


_Unsigned = _UnsignedError()


def _no_row(row: str) -> Refused:
    return Refused(404, "ERROR_ROW_DOES_NOT_EXIST", f"The rows ['{row}'] do not exist.")


def _link(table: StubTable, page: int) -> str:
    return f"{INNER}/api/database/rows/table/{table.id}/?page={page}"


def _ordered(
    table: StubTable, rows: Sequence[StubRow], order: str, *, by_name: bool
) -> Sequence[StubRow]:
    keys = {table.key(each, by_name=by_name): each["id"] for each in table.fields}
    field_id = keys.get(order.lstrip("-"))
    if field_id is None:
        text = f"The field {order} was not found in the table."
        raise Refused(400, "ERROR_ORDER_BY_FIELD_NOT_FOUND", text)
    return sorted(
        rows, key=lambda row: row.cells[field_id], reverse=order.startswith("-")
    )


@contextmanager
def running_baserow(
    tables: Sequence[StubTable], **given: Any
) -> Generator[tuple[str, BaserowCounterpart]]:
    """A real socket: its address, and what it was asked."""
    counterpart = BaserowCounterpart(list(tables), **given)

    class Handler(BaseHTTPRequestHandler):
        def _reply(self) -> None:
            length = int(self.headers.get("content-length") or 0)
            self.rfile.read(length)
            signed = self.headers.get("authorization", "")
            answer = counterpart.answer(self.command, self.path, signed)
            body = json.dumps(answer.body).encode()
            self.send_response(answer.status)
            self.send_header("content-type", "application/json")
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        do_GET = do_POST = do_PATCH = do_DELETE = _reply  # noqa: N815

        def log_message(self, format: str, *args: Any) -> None: ...

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}", counterpart
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
