"""How a Baserow serves us, for `main.py check`."""

import asyncio
from collections.abc import Mapping, Sequence
from typing import Any

from ...errors import BackendUnavailable
from .access import BaserowAccess
from .cache import TTL_S
from .calls import BaserowCalls
from .schema import Field, Schema, Table
from .tables import BaserowTables

Line = tuple[str, bool, str]  # part, is it well, detail

_MEND = (
    "give the column its name and type back in Baserow, or correct profiles/*.json;"
    " the rest of the service goes on"
)
# None of them changes anything: no row is numbered 0, and an empty list creates none.
_ATTEMPTS: Sequence[tuple[str, str, str, Any]] = (
    ("create", "POST", "batch/", {"items": []}),
    ("update", "PATCH", "0/", {}),
    ("delete", "DELETE", "0/", None),
)


async def report_of(tables: BaserowTables, access: BaserowAccess) -> Sequence[Line]:
    """The server, each table that is used with its rights, and what is stopped."""
    try:
        await tables.calls.get("/api/database/tokens/check/")
        schema, stopped = await tables.schema(), await tables.stopped()
    except BackendUnavailable as away:
        mend = "see BASEROW_URL and BASEROW_TOKEN, docs/data.md"
        return [("baserow", False, f"{away}; {mend}")]
    rights = await asyncio.gather(
        *(_writes(tables.calls, table) for table in schema.tables.values())
    )
    return [
        ("baserow", True, _server(tables.calls, schema, access)),
        *(
            (f"table {table.name}", True, _table(schema, table, may))
            for table, may in zip(schema.tables.values(), rights, strict=True)
        ),
        *((what, False, f"stopped: {why}. {_MEND}") for what, why in stopped.items()),
    ]


def _server(calls: BaserowCalls, schema: Schema, access: BaserowAccess) -> str:
    seen = "at once" if access.webhook_secret else f"within {TTL_S:.0f} s"
    hook = "" if access.webhook_secret else " (BASEROW_WEBHOOK_SECRET is not set)"
    return (
        f"{calls.site} takes our token, which reads {len(schema.listed)} tables;"
        f" {len(schema.tables)} are used; a change is seen {seen}{hook}"
    )


async def _writes(calls: BaserowCalls, table: Table) -> Mapping[str, bool | None]:
    """What the token may do beside reading; None: the answer did not tell."""
    path = f"/api/database/rows/table/{table.id}/"
    refused = await asyncio.gather(
        *(calls.refuses(method, path + end, body) for _, method, end, body in _ATTEMPTS)
    )
    return {
        name: None if is_refused is None else not is_refused
        for (name, *_), is_refused in zip(_ATTEMPTS, refused, strict=True)
    }


def _table(schema: Schema, table: Table, may: Mapping[str, bool | None]) -> str:
    fields = ", ".join(_field(schema, field) for field in table.fields.values())
    return f"number {table.id}: {fields}; {_rights(may)}"


def _rights(may: Mapping[str, bool | None]) -> str:
    writes = [name for name, allowed in may.items() if allowed]
    if writes:
        return (
            f"WARNING: the token may also {', '.join(writes)} rows here:"
            " give us one that only reads"
        )
    if None in may.values():
        return "whether the token may write is not known"
    return "the token only reads"


def _field(schema: Schema, field: Field) -> str:
    to = f" to {schema.name_of(field.links_to)}" if field.links_to else ""
    return f"{field.name} ({field.kind}{to})"
