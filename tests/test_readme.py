"""What the README tells a newcomer to add works when it is done to the letter."""

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text("utf-8")
ROOMS = ("agent", "channels", "config", "evals", "memory", "tools")

HOUR = """\
id: the-hour
world: demo
channel: whatsapp
from: "+221770000102"
role: contact
turns:
  - say: "il est quelle heure svp ?"
    expect: {calls: [say_the_hour], says_any: [" h "]}
  - say: "a quelle heure est le cours de 2eme année"
    expect: {calls: [search_documents]}
end: {verified: false, handoffs: 0, pages: 0}
"""


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    """The project as a newcomer has it."""
    for room in ROOMS:
        shutil.copytree(
            ROOT / room, tmp_path / room, ignore=shutil.ignore_patterns("__pycache__")
        )
    shutil.copy(ROOT / "main.py", tmp_path)
    return tmp_path


def block(language: str, after: str) -> str:
    """The first block of code of a language after some words of the README."""
    found = re.search(rf"```{language}\n(.*?)```", README[README.index(after) :], re.S)
    assert found
    return found[1]


def add_the_tool(clone: Path) -> None:
    (clone / "tools/say_the_hour.py").write_text(block("python", "**A tool**"), "utf-8")
    desk = clone / "tools/__init__.py"
    lines = desk.read_text("utf-8").splitlines()
    added = [
        line[1:]
        for line in block("diff", "**A tool**").splitlines()
        if line.startswith("+")
    ]
    lines.insert(
        lines.index("from .search_documents import search_documents"), added[0]
    )
    at = lines.index("TOOLS: tuple[ToolEntry, ...] = (") + 1
    lines[at:at] = added[1:]
    desk.write_text("\n".join(lines), "utf-8")


def add_the_action(clone: Path) -> None:
    kept = clone / "config/demo/profiles/parent.json"
    profile = json.loads(kept.read_text("utf-8"))
    profile["actions"] |= json.loads("{" + block("json", "**An action") + "}")
    kept.write_text(json.dumps(profile), "utf-8")
    table = "code_parent,enfant,titre,retour\nXX-0000,Personne,Le livre,2026-12-01\n"
    (clone / "config/demo/tables/livres.csv").write_text(table, "utf-8")


def test_the_action_the_tool_and_the_case_of_the_readme_work(clone: Path) -> None:
    add_the_tool(clone)
    add_the_action(clone)
    cases = clone / "cases"
    cases.mkdir()
    (cases / "books.yaml").write_text(block("yaml", "**A case**"), "utf-8")
    (cases / "hour.yaml").write_text(HOUR, "utf-8")

    played = subprocess.run(
        [sys.executable, "main.py", "evals", "run", "--cases", "cases"],
        cwd=clone,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )

    assert "2 of 2 cases pass" in played.stdout, played.stdout + played.stderr
    assert played.returncode == 0
