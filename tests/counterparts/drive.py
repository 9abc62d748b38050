"""A Drive v3 of our own that enforces what Google documents. Not Google's.

Not verified against the real service. It refuses what Google refuses, as documented:
unknown parameters and fields, sorting of full-text queries, exports above 10 MB,
shared-drive items without both flags, tokens that it has not signed for.
"""

import json
import re
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any, cast
from urllib.parse import SplitResult, parse_qs, parse_qsl, urlsplit

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from google.auth import jwt
from google.auth.exceptions import GoogleAuthError

from .drive_world import DOC, FOLDER, NATIVE, SHEET, SLIDES, DriveWorld, File

EMAIL = "gust@a-project.iam.gserviceaccount.com"
TOKEN = "ya29.of-this-counterpart"
AUDIENCE = "https://oauth2.googleapis.com/token"
EXPORT_LIMIT = 10 * 1024**2
_WORD = "application/vnd.openxmlformats-officedocument"
EXPORTS = {
    DOC: {"text/markdown", "text/plain", "application/pdf"},
    SHEET: {"text/csv", f"{_WORD}.spreadsheetml.sheet"},
    SLIDES: {"text/plain", "application/pdf"},
}
_ALL = {"alt", "fields", "prettyPrint", "quotaUser", "supportsAllDrives"}
_LIST = {"q", "corpora", "driveId", "pageSize", "pageToken", "orderBy", "spaces"}
_PARAMETERS = {
    "files": _ALL | _LIST | {"includeItemsFromAllDrives"},
    "file": _ALL | {"acknowledgeAbuse"},
    "export": {"alt", "fields", "mimeType", "prettyPrint", "quotaUser"},
    "drive": {"alt", "fields", "prettyPrint", "quotaUser"},
    "startPageToken": _ALL | {"driveId"},
    "changes": _ALL
    | {"pageToken", "driveId", "pageSize", "includeRemoved"}
    | {"includeItemsFromAllDrives", "includeCorpusRemovals", "spaces"},
}
_QUERY = re.compile(r"'((?:[^'\\]|\\.)*)' in parents and trashed = false")


class Refused(Exception):
    """An answer that is an error."""

    def __init__(self, status: int, reason: str, message: str = "") -> None:
        self.status = status
        self.reason = reason
        self.message = message or reason


@dataclass
class DriveCounterpart:
    """A running one."""

    url: str = ""
    world: DriveWorld = field(default_factory=DriveWorld)
    key: rsa.RSAPrivateKey = field(
        default_factory=lambda: rsa.generate_private_key(65537, 2048)
    )
    page_size: int = 1000
    asked: list[str] = field(default_factory=list[str])
    faults: list[Refused] = field(default_factory=list[Refused])  # of the next calls
    broken: dict[str, Refused] = field(default_factory=dict[str, Refused])  # by id
    rejected_tokens: Refused | None = None  # what every page token of changes gets
    is_revoked: bool = False  # the key

    @property
    def base_url(self) -> str:
        return f"{self.url}/drive/v3/"

    def key_file(self, folder: Path) -> Path:
        """The service account's key, as Google's console gives it."""
        pem = self.key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        content = {
            "type": "service_account",
            "private_key_id": "1",
            "private_key": pem.decode(),
            "client_email": EMAIL,
            "token_uri": f"{self.url}/token",
        }
        file = folder / "key.json"
        file.write_text(json.dumps(content))
        return file

    def token(self, form: dict[str, list[str]]) -> dict[str, Any]:
        """An access token for a rightly signed assertion."""
        public = self.key.public_key().public_bytes(
            serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
        )
        try:
            claims = cast(
                "dict[str, Any]",
                jwt.decode(form["assertion"][0], certs=public),  # pyright: ignore[reportUnknownMemberType]
            )
        except (ValueError, GoogleAuthError):
            raise Refused(400, "invalid_grant") from None
        is_right = claims["iss"] == EMAIL and claims["aud"] == AUDIENCE
        if not is_right or not claims["scope"].endswith("/drive.readonly"):
            raise Refused(400, "invalid_scope")
        if self.is_revoked:
            raise Refused(400, "invalid_grant")
        return {"access_token": TOKEN, "token_type": "Bearer", "expires_in": 3600}

    def answer(self, path: str, asked: dict[str, str]) -> Any:
        """JSON, or the bytes of a download."""
        if self.faults:
            raise self.faults.pop(0)
        match path.strip("/").split("/"):
            case ["files", *rest]:
                return self._files(rest, asked)
            case ["drives", drive_id]:
                _checked("drive", asked)
                if not self.world.drives.get(drive_id):
                    raise Refused(
                        404, "notFound", f"Shared drive not found: {drive_id}"
                    )
                return {"id": drive_id}
            case ["changes", "startPageToken"]:
                return self._start(_checked("startPageToken", asked))
            case ["changes"]:
                return self._changes(_checked("changes", asked))
            case _:
                raise Refused(404, "notFound")

    def _files(self, rest: list[str], asked: dict[str, str]) -> Any:
        match rest:
            case []:
                return self._list(_checked("files", asked))
            case [file_id, "export"]:
                return self._export(file_id, _checked("export", asked))
            case _:
                [file_id] = rest
                return self._get(file_id, _checked("file", asked))

    def _file(self, file_id: str, asked: dict[str, str]) -> File:
        if file_id in self.broken:
            raise self.broken[file_id]
        file = self.world.files.get(file_id)
        is_hidden = file and file.drive and asked.get("supportsAllDrives") != "true"
        if file is None or is_hidden or not file.is_shared:
            raise Refused(404, "notFound", f"File not found: {file_id}.")
        return file

    def _drive(self, drive_id: str, asked: dict[str, str]) -> str:
        del asked
        if not self.world.drives.get(drive_id):
            raise Refused(404, "notFound", f"Shared drive not found: {drive_id}")
        return drive_id

    def _get(self, file_id: str, asked: dict[str, str]) -> Any:
        file = self._file(file_id, asked)
        if asked.get("alt") != "media":
            return _selected(file.resource(), asked, "kind,id,name,mimeType")
        if file.mime.startswith(NATIVE):
            raise Refused(403, "fileNotDownloadable", "Use Export with Docs Editors.")
        return file.content

    def _export(self, file_id: str, asked: dict[str, str]) -> bytes:
        file = self._file(file_id, {**asked, "supportsAllDrives": "true"})
        if file.mime not in EXPORTS or not isinstance(file.content, dict):
            raise Refused(403, "fileNotExportable")
        if asked.get("mimeType") not in EXPORTS[file.mime]:
            raise Refused(
                400, "badRequest", "The requested conversion is not supported."
            )
        content = file.content[asked["mimeType"]]
        if len(content) > EXPORT_LIMIT:
            raise Refused(403, "exportSizeLimitExceeded", "This file is too large.")
        return content

    def _list(self, asked: dict[str, str]) -> Any:
        if "fullText" in asked.get("q", "") and "orderBy" in asked:
            raise Refused(403, "badRequest", "Sorting is not supported for fullText.")
        found = _QUERY.fullmatch(asked.get("q", ""))
        if not found:
            raise Refused(400, "invalid", "Invalid Value: q")
        has_drives = _has_both_flags(asked)
        if asked.get("corpora") == "drive" and not (has_drives and "driveId" in asked):
            raise Refused(
                400, "badRequest", "corpora=drive needs driveId and both flags"
            )
        drive_id = asked.get("driveId")
        if drive_id:
            self._drive(drive_id, asked)
        parent = self._file(found[1], {"supportsAllDrives": "true"})
        files = [
            each.resource()
            for each in self.world.files.values()
            if each.parent == parent.id and not each.trashed and each.is_shared
            if not each.drive or (has_drives and each.drive == (drive_id or each.drive))
            # Without `corpora` only the user's own corpus is looked through.
            if not (each.drive and self.world.drives[each.drive]) or drive_id
        ]
        page, following = self._page(files, asked, int(asked.get("pageToken", 0)))
        answer = {"files": page, **({"nextPageToken": following} if following else {})}
        return _selected(answer, asked, "files(kind,id,name,mimeType)")

    def _page(
        self, found: list[Any], asked: dict[str, str], start: int
    ) -> tuple[list[Any], str]:
        size = min(int(asked.get("pageSize", 100)), self.page_size)
        end = start + size
        return found[start:end], str(end) if end < len(found) else ""

    def _log(self, asked: dict[str, str]) -> str:
        drive_id = asked.get("driveId")
        if drive_id and asked.get("supportsAllDrives") != "true":
            raise Refused(403, "teamDrivesSupportRequired")
        if drive_id:
            self._drive(drive_id, asked)
        return drive_id or "user"

    def _start(self, asked: dict[str, str]) -> Any:
        return {"startPageToken": f"{self._log(asked)}:{len(self.world.log)}"}

    def _changes(self, asked: dict[str, str]) -> Any:
        log = self._log(asked)
        of, _, since = asked.get("pageToken", "").partition(":")
        if self.rejected_tokens:
            raise self.rejected_tokens
        if of != log or not since.isdigit():
            raise Refused(400, "invalid", "Invalid Value: pageToken")
        if asked.get("driveId") and not _has_both_flags(asked):
            raise Refused(403, "teamDrivesSupportRequired")
        entries = list(self.world.changes(log, int(since)))
        page = entries[: min(int(asked.get("pageSize", 100)), self.page_size)]
        answer: dict[str, Any] = {"changes": [self._change(log, e) for _, e in page]}
        if len(page) < len(entries):
            answer["nextPageToken"] = f"{log}:{page[-1][0]}"
        else:
            answer["newStartPageToken"] = f"{log}:{len(self.world.log)}"
        return _selected(answer, asked, "changes(fileId,removed),newStartPageToken")

    def _change(self, log: str, file_id: str) -> dict[str, Any]:
        file = self.world.files.get(file_id)
        if file is None or not file.is_shared or self.world.log_of(file) != log:
            return {"fileId": file_id, "removed": True, "changeType": "file"}
        return {"fileId": file_id, "removed": False, "file": file.resource()}


def _has_both_flags(asked: dict[str, str]) -> bool:
    flags = ("supportsAllDrives", "includeItemsFromAllDrives")
    return all(asked.get(flag) == "true" for flag in flags)


def _checked(method: str, asked: dict[str, str]) -> dict[str, str]:
    unknown = asked.keys() - _PARAMETERS[method]
    if unknown:
        raise Refused(400, "badRequest", f"Unknown name: {sorted(unknown)}")
    return asked


def _selected(answer: Any, asked: dict[str, str], default: str) -> Any:
    """What `fields` names; an unknown field is refused."""
    return _only(answer, _parsed(asked.get("fields", default)))


def _parsed(fields: str) -> dict[str, Any]:
    """`a,b(c,d)` as a tree."""
    unknown = set(re.findall(r"\w+", fields)) - _KNOWN
    if unknown:
        raise Refused(400, "invalidParameter", f"Invalid field selection {unknown}")
    as_json = re.sub(r"\w+", lambda found: f'"{found[0]}":1', fields)
    as_json = as_json.replace(":1(", ":{").replace(")", "}")
    return json.loads("{" + as_json + "}")


_KNOWN = {
    "kind",
    *File("x", "x", "text/plain", "x", "x").resource(),
    *("shortcutDetails", "targetId", "targetMimeType", "file", "fileId"),
    *("removed", "files", "changes", "nextPageToken", "newStartPageToken"),
}


def _only(answer: Any, tree: dict[str, Any]) -> Any:
    if isinstance(answer, list):
        return [_only(each, tree) for each in cast("list[Any]", answer)]
    return {
        name: answer[name] if below == 1 else _only(answer[name], below)
        for name, below in tree.items()
        if name in answer
    }


class _Handler(BaseHTTPRequestHandler):
    counterpart: DriveCounterpart

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        try:
            assert self.path == "/token"
            self._send(200, self.counterpart.token(parse_qs(body)))
        except Refused as refused:
            self._send(refused.status, {"error": refused.reason})

    def do_GET(self) -> None:
        self.counterpart.asked.append(self.path)
        try:
            self._send(200, self._answer(urlsplit(self.path)))
        except Refused as refused:
            told = {"reason": refused.reason, "message": refused.message}
            self._send(
                refused.status,
                {"error": {"code": refused.status, "errors": [told], **told}},
            )

    def _answer(self, asked: SplitResult) -> Any:
        if self.headers.get("Authorization") != f"Bearer {TOKEN}":
            raise Refused(401, "authError")
        path = asked.path.removeprefix("/drive/v3")
        return self.counterpart.answer(path, dict(parse_qsl(asked.query)))

    def _send(self, status: int, answer: Any) -> None:
        body = answer if isinstance(answer, bytes) else json.dumps(answer).encode()
        kind = "application/octet-stream" if answer is body else "application/json"
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None: ...


@contextmanager
def running_drive() -> Generator[DriveCounterpart]:
    """A Drive on a port of its own."""
    counterpart = DriveCounterpart()
    handler = type("Handler", (_Handler,), {"counterpart": counterpart})
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        counterpart.url = f"http://127.0.0.1:{server.server_port}"
        thread = Thread(target=server.serve_forever, daemon=True)
        thread.start()
        try:
            yield counterpart
        finally:
            server.shutdown()


__all__ = ["FOLDER", "DriveCounterpart", "Refused", "running_drive"]
