"""Small XLSX files, written by hand as Google and Excel write them."""

import io
import zipfile
from collections.abc import Mapping, Sequence

Cell = str | float | bool | tuple[float, str] | None  # a number with its format
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def xlsx(
    sheets: Mapping[str, Sequence[Sequence[Cell]]], *, hidden: Sequence[str] = ()
) -> bytes:
    """A workbook; strings are shared, `(46000, "dd/mm/yyyy")` is a date."""
    strings: list[str] = []
    formats: list[str] = ["General"]
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as archive:
        listed, related = "", ""
        for number, (name, rows) in enumerate(sheets.items(), start=1):
            state = ' state="hidden"' if name in hidden else ""
            listed += (
                f'<sheet name="{name}" sheetId="{number}" r:id="r{number}"{state}/>'
            )
            related += (
                f'<Relationship Id="r{number}" Target="worksheets/s{number}.xml"/>'
            )
            body = "".join(
                _row(line, row, strings=strings, formats=formats)
                for line, row in enumerate(rows, start=1)
            )
            archive.writestr(
                f"xl/worksheets/s{number}.xml",
                f'<worksheet xmlns="{_MAIN}"><sheetData>{body}</sheetData></worksheet>',
            )
        archive.writestr(
            "xl/workbook.xml",
            f'<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}">'
            f"<sheets>{listed}</sheets></workbook>",
        )
        archive.writestr(
            "xl/_rels/workbook.xml.rels", f"<Relationships>{related}</Relationships>"
        )
        shared = "".join(f"<si><t>{text}</t></si>" for text in strings)
        archive.writestr("xl/sharedStrings.xml", f'<sst xmlns="{_MAIN}">{shared}</sst>')
        archive.writestr("xl/styles.xml", _styles(formats))
    return written.getvalue()


def _row(
    line: int, row: Sequence[Cell], *, strings: list[str], formats: list[str]
) -> str:
    cells = ""
    for column, value in enumerate(row):
        place = f'r="{chr(65 + column)}{line}"'
        if value is None:
            continue
        if isinstance(value, bool):
            cells += f'<c {place} t="b"><v>{int(value)}</v></c>'
        elif isinstance(value, str):
            if value not in strings:
                strings.append(value)
            cells += f'<c {place} t="s"><v>{strings.index(value)}</v></c>'
        else:
            number, code = value if isinstance(value, tuple) else (value, "General")
            if code not in formats:
                formats.append(code)
            cells += f'<c {place} s="{formats.index(code)}"><v>{number}</v></c>'
    return f'<row r="{line}">{cells}</row>'


def _styles(formats: Sequence[str]) -> str:
    codes = "".join(
        f'<numFmt numFmtId="{164 + n}" formatCode="{code.replace(chr(34), "&quot;")}"/>'
        for n, code in enumerate(formats)
    )
    cells = "".join(f'<xf numFmtId="{164 + n}"/>' for n in range(len(formats)))
    return (
        f'<styleSheet xmlns="{_MAIN}"><numFmts>{codes}</numFmts>'
        f"<cellXfs>{cells}</cellXfs></styleSheet>"
    )
