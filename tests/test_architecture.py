"""The house keeps its floors, its sizes and its names."""

import ast
import statistics
from collections.abc import Iterable, Iterator
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
ROOMS = ("agent", "channels", "config", "evals", "memory", "tools")
MAX_FILE_LINES, MEDIAN_FILE_LINES = 400, 100
MAX_FUNCTION_LINES, P95_FUNCTION_LINES, MEDIAN_FUNCTION_LINES = 50, 30, 8
FORBIDDEN_NAMES = {"utils", "helpers", "common", "services", "core", "manager", "base"}

_PROGRAM = {".py", ".yaml", ".yml", ".html", ".js", ".jinja"}

Function = ast.FunctionDef | ast.AsyncFunctionDef


def sources() -> list[Path]:
    files = [path for room in ROOMS for path in (ROOT / room).rglob("*.py")]
    return [ROOT / "main.py", *(p for p in files if "versions" not in p.parts)]


def functions() -> Iterator[tuple[str, int]]:
    """Every function with its length in lines, without its docstring."""
    for path in sources():
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, Function):
                yield f"{path.relative_to(ROOT)}:{node.name}", _lines(node)


def _lines(node: Function) -> int:
    first = node.body[0]
    is_docstring = isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant)
    docstring = (first.end_lineno or 0) - first.lineno + 1 if is_docstring else 0
    return (node.end_lineno or 0) - node.lineno + 1 - docstring


def lengths_of(paths: Iterable[Path]) -> dict[str, int]:
    return {
        str(path.relative_to(ROOT)): len(path.read_text("utf-8").splitlines())
        for path in paths
    }


def test_no_file_is_long_and_most_are_short() -> None:
    lengths = lengths_of(sources())
    assert not {name: n for name, n in lengths.items() if n > MAX_FILE_LINES}
    assert statistics.median(lengths.values()) <= MEDIAN_FILE_LINES


def test_no_file_of_tests_is_long() -> None:
    lengths = lengths_of(
        path
        for path in (ROOT / "tests").rglob("*.py")
        if "node_modules" not in path.parts  # node-gyp brings Python of its own
    )
    assert lengths
    assert not {name: n for name, n in lengths.items() if n > MAX_FILE_LINES}


def test_no_function_is_long_and_most_are_very_short() -> None:
    lengths = dict(functions())
    ordered = sorted(lengths.values())
    assert not {n: c for n, c in lengths.items() if c > MAX_FUNCTION_LINES}
    assert ordered[int(len(ordered) * 0.95)] <= P95_FUNCTION_LINES
    assert statistics.median(ordered) <= MEDIAN_FUNCTION_LINES


def test_no_room_has_a_drawer_for_everything() -> None:
    assert not [p for p in sources() if p.stem in FORBIDDEN_NAMES]


@pytest.mark.parametrize("room", ROOMS)
def test_no_installed_package_is_called_like_a_room(room: str) -> None:
    assert room not in packages_distributions()


def test_a_broad_except_stands_only_where_a_worker_or_a_tool_call_ends() -> None:
    broad = {
        str(path.relative_to(ROOT))
        for path in sources()
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.ExceptHandler)
        and isinstance(node.type, ast.Name)
        and node.type.id in ("Exception", "BaseException")
    }
    assert broad <= {
        "memory/engine.py",
        "channels/delivery.py",
        "channels/typing_signs.py",
        "agent/guarded_tools.py",
        "agent/providers/asking.py",
        "evals/runner.py",
        "tools/backends/library.py",
    }


@pytest.mark.parametrize("world", [ROOT / "config/demo", ROOT / "evals/worlds"])
def test_no_code_of_a_world_occurs_in_the_program(world: Path) -> None:
    """Every code of the worlds is looked for; words that others use too are not."""
    program = "\n".join(
        path.read_text(encoding="utf-8")
        for room in ROOMS
        for path in (ROOT / room).rglob("*")
        if path.is_file()
        if path.suffix in _PROGRAM or path.parent.name == "instructions"
        if "demo" not in path.parts
        and path.relative_to(ROOT).parts[:2]
        not in (("evals", "worlds"), ("evals", "cases"))
    ).casefold()
    found = [secret for secret in _secrets(world) if secret.casefold() in program]
    assert not found


def _secrets(world: Path) -> set[str]:
    """What stands in the columns of codes, in every table."""
    secrets: set[str] = set()
    for table in world.rglob("tables/*.csv"):
        header, *rows = table.read_text(encoding="utf-8-sig").splitlines()
        names = header.split(",")
        codes = [i for i, n in enumerate(names) if "code" in n or "dossier" in n]
        for row in rows:
            cells = row.split(",")
            secrets |= {
                code for i in codes for code in cells[i].split(";") if len(code) > 4
            }
    assert secrets
    return secrets
