"""Files of a folder as marked-up text, each read where it can do no harm."""

import hashlib
import json
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import cast

from .disk import write_whole

SUFFIXES = frozenset({".md", ".txt", ".pdf", ".docx", ".xlsx"})
MAX_BYTES = 20 * 1024**2
MAX_PAGES = 300
MAX_CHARS = 2_000_000
SECONDS = 30.0
_VERSION = "2"  # of the extraction: raise it when the programs below change
_HERE = Path(__file__).parent
_PROGRAMS = {
    ".pdf": "extract_pdf.py",
    ".docx": "extract_docx.py",
    ".xlsx": "extract_xlsx.py",
}
_REASONS = {
    "corrupt": "the file is damaged",
    "encrypted": "the file is protected by a password",
    "empty_scan": "no text in it: a scan must be recognised first",
    "too_big": "the file is too big",
    "too_slow": "reading it took too long",
    "crashed": "the program that reads it failed: the file is damaged or too big",
    "unreadable": "the file cannot be opened",
    "not_text": "the file is no text, in spite of its name",
    "other": "this kind of file is not read: use .md, .txt, .pdf, .docx or .xlsx",
}
_PASSING = frozenset({"too_slow", "crashed"})  # may go better next time: not kept


class Unreadable(Exception):
    """A document that cannot be read; its text is the reason, for the maintainer."""


@dataclass(frozen=True, kw_only=True)
class Limits:
    """What one file may cost."""

    max_bytes: int = MAX_BYTES
    max_pages: int = MAX_PAGES
    seconds: float = SECONDS


def read_text(
    path: Path, *, cache: Path | None = None, limits: Limits | None = None
) -> str:
    """The text of one file; headings, lists and tables as in Markdown.

    Raises:
        Unreadable: with the reason.
    """
    limits = limits or Limits()
    if path.suffix.lower() not in SUFFIXES:
        raise _because("other")
    try:
        if path.stat().st_size > limits.max_bytes:
            raise _because("too_big")
        content = path.read_bytes()
    except OSError as error:
        raise _because("unreadable") from error
    if path.suffix.lower() not in _PROGRAMS:
        return _decoded(content)
    digest = hashlib.sha256(content + _VERSION.encode()).hexdigest()[:32]
    kept = cache / "text" / f"{digest}.json" if cache else None
    result = _recalled(kept) or _extracted(path, limits)
    if kept and result["status"] not in _PASSING:
        write_whole(kept, json.dumps(result).encode())
    if result["status"] != "ok":
        raise _because(result["status"])
    return result["text"][:MAX_CHARS]


def _because(status: str) -> Unreadable:
    return Unreadable(_REASONS.get(status, _REASONS["corrupt"]))


def _decoded(content: bytes) -> str:
    if b"\0" in content:
        raise _because("not_text")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        # Notepad of an older Windows; every byte means something there.
        text = content.decode("cp1252", errors="replace")
    if not text.strip():
        raise _because("empty_scan")
    return text[:MAX_CHARS]


def _extracted(path: Path, limits: Limits) -> Mapping[str, str]:
    # A process of its own: a bad file may hang the library or crash it. `-I` keeps
    # the house out of it, so that it starts in a tenth of a second.
    program = str(_HERE / _PROGRAMS[path.suffix.lower()])
    try:
        done = subprocess.run(
            [sys.executable, "-I", program, str(path), str(limits.max_pages)],
            capture_output=True,
            timeout=limits.seconds,
            check=False,
            stdin=subprocess.DEVNULL,
        )
    except subprocess.TimeoutExpired:
        return {"status": "too_slow"}
    return _result(done.stdout) or {"status": "crashed"}


def _recalled(kept: Path | None) -> Mapping[str, str] | None:
    try:
        return _result(kept.read_bytes()) if kept else None
    except OSError:
        return None


def _result(written: bytes) -> Mapping[str, str] | None:
    try:
        result: object = json.loads(written)
    except ValueError:
        return None
    if not isinstance(result, dict):
        return None
    fields = cast("dict[object, object]", result)
    is_whole = isinstance(fields.get("status"), str) and (
        fields["status"] != "ok" or isinstance(fields.get("text"), str)
    )
    return cast("Mapping[str, str]", fields) if is_whole else None
