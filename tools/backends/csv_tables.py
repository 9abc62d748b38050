"""A folder of CSV files as tables: the embedded twin of the real backend."""

import asyncio
import csv
import io
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from ..errors import BackendRefused, BackendUnavailable
from ..matching import normal_code
from .tables import Row


@dataclass(frozen=True, kw_only=True)
class _Sheet:
    stamp: tuple[int, int]  # of the file: when changed, how long
    fields: tuple[str, ...]
    rows: tuple[Row, ...]


class CsvTables:
    """Each `*.csv` is a table, its first line the fields. Read again when changed."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._sheets: dict[str, _Sheet] = {}

    async def names(self) -> Sequence[str]:
        return sorted(self._files())

    async def fields(self, table: str) -> Sequence[str]:
        return (await self._sheet(table)).fields

    async def rows(
        self,
        table: str,
        *,
        needed: Sequence[str] = (),
        where: Mapping[str, str] | None = None,
    ) -> Sequence[Row]:
        sheet = await self._sheet(table)
        wanted = where or {}
        for field in (*needed, *wanted):
            if field not in sheet.fields:
                raise BackendUnavailable(f'table "{table}" has no column "{field}"')
        if not all(normal_code(value) for value in wanted.values()):
            raise BackendRefused("a value to look for is blank")
        return [
            row
            for row in sheet.rows
            # Loosely: a cell may hold several values, spelt in other ways.
            if all(normal_code(v) in normal_code(row[f]) for f, v in wanted.items())
        ]

    async def _sheet(self, table: str) -> _Sheet:
        return await asyncio.to_thread(self._fresh, table)

    def _files(self) -> dict[str, Path]:
        # A Mac writes accents of file names as two signs.
        files = self._folder.glob("*.csv")
        return {unicodedata.normalize("NFC", file.stem): file for file in files}

    def _fresh(self, table: str) -> _Sheet:
        file = self._files().get(unicodedata.normalize("NFC", table))
        if file is None:
            raise BackendRefused("there is no such table")
        try:
            status = file.stat()
            stamp = (status.st_mtime_ns, status.st_size)
            known = self._sheets.get(table)
            if known is None or known.stamp != stamp:
                known = _parsed(file.read_bytes(), file.name, stamp)
                self._sheets[table] = known
        except OSError as error:
            raise BackendUnavailable(f"{file.name}: {error.strerror}") from error
        return known


def _parsed(content: bytes, name: str, stamp: tuple[int, int]) -> _Sheet:
    try:
        text = content.decode("utf-8-sig")
        header, *lines = _lines(text)
    except UnicodeDecodeError as error:
        raise BackendUnavailable(f"{name}: not UTF-8") from error
    except csv.Error as error:
        raise BackendUnavailable(f"{name}: {error}") from error
    except ValueError as error:
        raise BackendUnavailable(f"{name}: there is no line of field names") from error
    fields = tuple(field.strip() for field in header)
    if not all(fields) or len(set(fields)) < len(fields):
        raise BackendUnavailable(f"{name}: a field has no name, or two have the same")
    for number, line in enumerate(lines, start=2):
        if len(line) > len(fields):
            # The cells after a forgotten quote would stand under wrong names.
            raise BackendUnavailable(f"{name}: row {number} has too many cells")
    rows = tuple(_row(fields, line) for line in lines)
    return _Sheet(stamp=stamp, fields=fields, rows=rows)


def _lines(text: str) -> list[list[str]]:
    header = text.partition("\n")[0]
    delimiter = ";" if header.count(";") > header.count(",") else ","
    lines = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    return [line for line in lines if any(cell.strip() for cell in line)]


def _row(fields: Sequence[str], line: Sequence[str]) -> Row:
    cells = [cell.strip() for cell in line]
    return dict(zip(fields, cells + [""] * (len(fields) - len(cells)), strict=True))
