import os
import unicodedata
from pathlib import Path

import pytest

from tools.backends.csv_tables import CsvTables
from tools.backends.tables import Tables
from tools.errors import BackendRefused, BackendUnavailable


def write(folder: Path, name: str, content: str | bytes) -> Tables:
    raw = content if isinstance(content, bytes) else content.encode()
    (folder / name).write_bytes(raw)
    return CsvTables(folder)


async def test_each_file_is_a_table_and_its_first_line_the_fields(
    tmp_path: Path,
) -> None:
    write(tmp_path, "rooms.csv", "room,seats\nBaobab,30\n")
    tables = write(tmp_path, "days.csv", "day\nlundi\n")

    assert await tables.names() == ["days", "rooms"]
    assert await tables.fields("rooms") == ("room", "seats")
    assert await tables.rows("rooms") == [{"room": "Baobab", "seats": "30"}]


async def test_a_folder_that_is_not_there_has_no_tables(tmp_path: Path) -> None:
    assert await CsvTables(tmp_path / "none").names() == []


@pytest.mark.parametrize(
    "content",
    [
        "\ufeffroom,seats\r\nBaobab,30\r\n",
        "room;seats\nBaobab;30\n",
        '"room";"seats"\n\n Baobab ; 30 \n;\n',
        "room,seats\nBaobab,30",
    ],
)
async def test_spreadsheets_may_write_in_their_own_ways(
    tmp_path: Path, content: str
) -> None:
    tables = write(tmp_path, "rooms.csv", content)

    assert await tables.rows("rooms") == [{"room": "Baobab", "seats": "30"}]


async def test_cells_left_out_at_the_end_are_empty(tmp_path: Path) -> None:
    tables = write(tmp_path, "rooms.csv", "room,seats,floor\nBaobab\n")

    assert await tables.rows("rooms") == [{"room": "Baobab", "seats": "", "floor": ""}]


async def test_a_file_is_read_again_when_it_has_changed(tmp_path: Path) -> None:
    tables = write(tmp_path, "rooms.csv", "room\nBaobab\n")
    first = await tables.rows("rooms")
    write(tmp_path, "rooms.csv", "room\nFilao\n")
    os.utime(tmp_path / "rooms.csv", ns=(1, 1))

    assert first == [{"room": "Baobab"}]
    assert await tables.rows("rooms") == [{"room": "Filao"}]


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"room\n\xff\xfe\n", "UTF-8"),
        (b"", "no line of field names"),
        (b"\n\n", "no line of field names"),
        (b"room,room\na,b\n", "two have the same"),
        (b"room,\na,b\n", "has no name"),
        (b"room,seats\nBaobab,30,1\n", "row 2 has too many cells"),
        (b'room,seats\n"Baobab,30\n', "unexpected end"),
    ],
)
async def test_a_broken_file_is_away_and_says_why(
    tmp_path: Path, content: bytes, reason: str
) -> None:
    tables = write(tmp_path, "rooms.csv", content)

    with pytest.raises(BackendUnavailable, match=reason) as refusal:
        await tables.rows("rooms")
    assert "rooms.csv" in str(refusal.value)
    assert "Baobab" not in str(refusal.value)


@pytest.mark.parametrize("name", ["secrets", "../secrets", "/etc/passwd", "", "*"])
async def test_only_tables_of_the_folder_are_read(tmp_path: Path, name: str) -> None:
    inner = tmp_path / "tables"
    inner.mkdir()
    write(tmp_path, "secrets.csv", "a\nb\n")

    with pytest.raises(BackendRefused) as refusal:
        await CsvTables(inner).rows(name)
    assert "secrets" not in str(refusal.value)


async def test_a_filter_is_a_hint_that_never_loses_a_shared_row(
    tmp_path: Path,
) -> None:
    tables = write(tmp_path, "k.csv", 'code,n\n"AB-12;CD-34",1\nEF-56,2\n')

    found = await tables.rows("k", where={"code": "cd 34"})

    assert [row["n"] for row in found] == ["1"]
    with pytest.raises(BackendUnavailable):
        await tables.rows("k", where={"nothing": "x"})


async def test_accents_of_a_file_name_may_be_written_in_two_ways(
    tmp_path: Path,
) -> None:
    apart = unicodedata.normalize("NFD", "élèves")
    tables = write(tmp_path, f"{apart}.csv", "a\n1\n")

    assert await tables.names() == ["élèves"]
    assert await tables.rows("élèves") == [{"a": "1"}]
