"""Which files are taken: known by their name, and by what is in them."""

import io
import zipfile
import zlib
from collections.abc import Callable

from ..errors import FileRefused

MAX_BYTES = 10 * 1024 * 1024
_OFFICE = "application/vnd.openxmlformats-officedocument"


def media_type_of(name: str, content: bytes) -> str:
    """The type of a file, `application/pdf`.

    Raises:
        FileRefused: empty, larger than `MAX_BYTES`, of a type that is not taken, or
            not what its name says; the text says which, without the name.
    """
    ending = name.rpartition(".")[2].lower() if "." in name else ""
    kind = _KINDS.get(ending)
    if kind is None:
        raise FileRefused(f"files of this type are not taken: {', '.join(_KINDS)} are")
    if not content:
        raise FileRefused("the file is empty")
    if len(content) > MAX_BYTES:
        at_most = MAX_BYTES // (1024 * 1024)
        raise FileRefused(f"the file is larger than {at_most} MB")
    media_type, fits = kind
    if not fits(content):
        raise FileRefused(f"the file is called .{ending}, and what is in it is not")
    return media_type


def _begins(*magic: bytes) -> Callable[[bytes], bool]:
    return lambda content: content.startswith(magic)


def _is_pdf(content: bytes) -> bool:
    return b"%PDF-" in content[:1024]  # readers take it after some bytes of a mailer


def _is_webp(content: bytes) -> bool:
    return content.startswith(b"RIFF") and content[8:12] == b"WEBP"


def _is_text(content: bytes) -> bool:
    try:
        return "\x00" not in content.decode("utf-8")
    except UnicodeDecodeError:
        return False


def _holds(part: str) -> Callable[[bytes], bool]:
    """An Office document with this part, and without macros."""

    def fits(content: bytes) -> bool:
        try:
            with zipfile.ZipFile(io.BytesIO(content)) as opened:
                parts = opened.namelist()
        except (zipfile.BadZipFile, zlib.error, ValueError, OSError):
            return False
        return part in parts and not any("vbaProject" in each for each in parts)

    return fits


# SVG and HTML are not among them: they run scripts.
_KINDS: dict[str, tuple[str, Callable[[bytes], bool]]] = {
    "pdf": ("application/pdf", _is_pdf),
    "jpg": ("image/jpeg", _begins(b"\xff\xd8\xff")),
    "jpeg": ("image/jpeg", _begins(b"\xff\xd8\xff")),
    "png": ("image/png", _begins(b"\x89PNG\r\n\x1a\n")),
    "webp": ("image/webp", _is_webp),
    "docx": (f"{_OFFICE}.wordprocessingml.document", _holds("word/document.xml")),
    "xlsx": (f"{_OFFICE}.spreadsheetml.sheet", _holds("xl/workbook.xml")),
    "txt": ("text/plain; charset=utf-8", _is_text),
    "csv": ("text/csv; charset=utf-8", _is_text),
}
