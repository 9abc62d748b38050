"""One file of Drive as a kept document: exported or downloaded, then read."""

import asyncio
import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory
from typing import Any

from memory.documents import KeptDocument

from .document_names import titled
from .drive_client import DriveClient, DriveRefused
from .reading import MAX_BYTES, SUFFIXES, Unreadable, read_text

FOLDER = "application/vnd.google-apps.folder"
SHORTCUT = "application/vnd.google-apps.shortcut"
_EDITORS = "application/vnd.google-apps."
_OFFICE = "application/vnd.openxmlformats-officedocument."
_XLSX = f"{_OFFICE}spreadsheetml.sheet"
# What an editor's document is exported as, and how that is read.
_EXPORTED = {
    f"{_EDITORS}document": ("text/markdown", ".md"),
    f"{_EDITORS}spreadsheet": (_XLSX, ".xlsx"),  # CSV would be the first sheet only
    f"{_EDITORS}presentation": ("text/plain", ".txt"),
}
_UPLOADED = {
    "application/pdf": ".pdf",
    f"{_OFFICE}wordprocessingml.document": ".docx",
    _XLSX: ".xlsx",
    "text/markdown": ".md",
    "text/plain": ".txt",
}
_REFUSED = {
    "exportSizeLimitExceeded": "above the 10 MB that Google exports: split it, or put"
    " a PDF of it in the folder",
    "cannotExportFile": "its owner forbids copies: allow viewers to download it",
    "cannotDownloadFile": "its owner forbids copies: allow viewers to download it",
    "notFound": "it is not shared with the service account",
}
_REFUSAL = "refused"  # the fingerprint of what Google did not give
# A picture in a Google Doc is exported as the text of its bytes.
_PICTURE = re.compile(
    r"^\[[^\]\n]+\]:\s*<?data:[^\n]*$|!\[[^\]\n]*\](?:\[[^\]\n]*\]|\(data:[^)\n]*\))",
    re.MULTILINE,
)
# "2026\-09\-01": at the beginning of a line it keeps a list from being made of a text.
_ESCAPED = re.compile(r"(?<=\S)\\([^\w\s|\\])")


class DriveReader:
    """Reads files; `cache` keeps what was extracted."""

    def __init__(self, client: DriveClient, *, cache: Path | None) -> None:
        self._client = client
        self._cache = cache

    async def read(
        self, file: Mapping[str, Any], before: KeptDocument | None
    ) -> KeptDocument:
        """The document; one that cannot be read has its problem.

        What cannot be fetched now keeps the text it had, and is fetched next time.
        """
        now = described(file)
        if before and _is_as_it_was(before, now):
            return replace(now, text=before.text, problem=before.problem)
        try:
            return replace(now, text=await self._text(file))
        except Unreadable as reason:
            return replace(now, problem=str(reason))
        except DriveRefused as refused:
            problem = _REFUSED.get(refused.reason, str(refused))
            if not refused.is_passing:
                # Of no content: what is allowed again may be the same as before.
                return replace(now, problem=problem, fingerprint=_REFUSAL)
            text = before.text if before else ""
            again = f"{problem}: it is fetched again"
            return replace(now, text=text, problem=again, fingerprint="")

    async def _text(self, file: Mapping[str, Any]) -> str:
        name, kind = str(file["name"]), str(file["mimeType"])
        if kind in _EXPORTED:
            mime_type, suffix = _EXPORTED[kind]
            content = await self._client.export(str(file["id"]), mime_type=mime_type)
        else:
            suffix = _suffix(name, kind)
            if suffix not in SUFFIXES:
                raise Unreadable(
                    "this kind of file is not read: use Google Docs, Sheets, Slides,"
                    " PDF, DOCX, XLSX, MD or TXT"
                )
            if int(file.get("size", 0)) > MAX_BYTES:
                raise Unreadable("the file is too big")
            content = await self._client.content(str(file["id"]))
        text = await asyncio.to_thread(self._extracted, content, suffix)
        if kind in _EXPORTED and suffix == ".md":
            text = _ESCAPED.sub(r"\1", _PICTURE.sub("", text))
            if not text.strip():
                raise Unreadable("no text in it: pictures are not read")
        return titled(text, name=name, suffix=suffix)

    def _extracted(self, content: bytes, suffix: str) -> str:
        with TemporaryDirectory(prefix="gust-drive-") as folder:
            path = Path(folder) / f"document{suffix}"
            path.write_bytes(content)
            return read_text(path, cache=self._cache)


def described(file: Mapping[str, Any]) -> KeptDocument:
    """A file without its text. Source: files resource, Drive API v3."""
    changed = file.get("modifiedTime")
    return KeptDocument(
        id=str(file["id"]),
        name=str(file["name"]),
        # `version` also counts what nobody sees; Google's own documents have no other.
        fingerprint=str(file.get("md5Checksum") or f"v{file.get('version')}"),
        link=file.get("webViewLink"),
        changed_at=datetime.fromisoformat(changed) if changed else None,
    )


def _is_as_it_was(before: KeptDocument, now: KeptDocument) -> bool:
    # Of a workbook the name is the title, and stands in its text.
    heading = titled("", name=before.name, suffix=".xlsx")
    is_retitled = before.name != now.name and before.text.startswith(heading)
    return before.fingerprint == now.fingerprint and not is_retitled


def _suffix(name: str, kind: str) -> str:
    """How an uploaded file is read: by its name, else by what Google takes it for."""
    suffix = PurePosixPath(name).suffix.lower()
    return suffix if suffix in SUFFIXES else _UPLOADED.get(kind, "")
