"""DOCX to marked-up text: a program of its own, run in a worker process.

    python -I extract_docx.py FILE         prints {"status": …, "text": …}

Headings come out as `#`, list entries as `-`, tables with `|`. It imports nothing of
the house, so that the worker starts in a tenth of a second.
"""

import json
import re
import resource
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path

import docx
from docx.document import Document
from docx.opc.exceptions import PackageNotFoundError
from docx.table import Table
from docx.text.paragraph import Paragraph
from lxml.etree import XMLSyntaxError  # pyright: ignore[reportUnknownVariableType]

MEMORY_BYTES = 2 * 1024**3
_OLE = b"\xd0\xcf\x11\xe0"  # an encrypted DOCX is no zip but an OLE file


def extract(path: Path) -> dict[str, str]:
    """Status `ok` with the text, or `corrupt`, `encrypted`, `empty_scan`."""
    if path.read_bytes()[:4] == _OLE:
        return {"status": "encrypted"}
    try:
        text = "\n".join(_lines(docx.Document(str(path))))
    except (PackageNotFoundError, zipfile.BadZipFile, XMLSyntaxError, LookupError):
        return {"status": "corrupt"}
    except ValueError:  # a zip, but not of a Word document
        return {"status": "corrupt"}
    return {"status": "ok", "text": text} if text.strip() else {"status": "empty_scan"}


def _lines(document: Document) -> Iterator[str]:
    # `.paragraphs` would drop the tables: go through the body in order.
    was_entry = False
    for part in document.iter_inner_content():
        if isinstance(part, Table):
            yield from ("", *_rows(part), "")
            was_entry = False
            continue
        line, is_entry = _paragraph(part)
        if not (is_entry and was_entry):
            yield ""
        yield line
        was_entry = is_entry


def _paragraph(paragraph: Paragraph) -> tuple[str, bool]:
    text = " ".join(paragraph.text.split())
    style = (paragraph.style.name if paragraph.style else None) or "Normal"
    if not text:
        return "", False
    if style == "Title":
        return f"# {text}", False
    if heading := re.match(r"(?:Heading|Titre) (\d)", style):
        return f"{'#' * (int(heading[1]) + 1)} {text}", False
    numbering = paragraph._p.xpath("./w:pPr/w:numPr")  # pyright: ignore[reportPrivateUsage]
    is_entry = bool(numbering) or style.startswith("List")
    return (f"- {text}", True) if is_entry else (text, False)


def _rows(table: Table) -> Iterator[str]:
    for number, row in enumerate(table.rows):
        cells: list[str] = []
        seen: list[object] = []
        for cell in row.cells:  # a merged cell is given once per column it spans
            text = "" if cell._tc in seen else " ".join(cell.text.split())  # pyright: ignore[reportPrivateUsage]
            seen.append(cell._tc)  # pyright: ignore[reportPrivateUsage]
            cells.append(text.replace("|", "/"))
        yield f"| {' | '.join(cells)} |"
        if number == 0:
            yield f"|{' --- |' * len(cells)}"


if __name__ == "__main__":
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    sys.stdout.write(json.dumps(extract(Path(sys.argv[1]))))
