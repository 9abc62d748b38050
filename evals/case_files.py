"""The cases of a folder: the folder is the registry."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from pydantic import ValidationError
from pydantic_core import ErrorDetails

from .case import Case
from .errors import BrokenCases, WrongUse

ROOT = Path(__file__).resolve().parent.parent
DEFAULT_FOLDERS = (ROOT / "evals" / "cases", ROOT / "evals" / "worlds" / "cases")
NAMED_WORLDS = ROOT / "config"
WORLD_PARTS = ("profiles", "tables", "documents")


@dataclass(frozen=True, kw_only=True)
class CaseFile:
    """A case, its file, and the folder of its world."""

    case: Case
    file: Path
    world: Path


def load_cases(
    folders: Sequence[Path] = DEFAULT_FOLDERS, *, named_worlds: Path = NAMED_WORLDS
) -> Sequence[CaseFile]:
    """Every case below the folders, in the order of the files.

    Raises:
        WrongUse: a folder does not exist, or there is no case at all.
        BrokenCases: all that is wrong with the files, each with its key.
    """
    loaded: list[CaseFile] = []
    problems: list[str] = []
    for file in _files(folders):
        try:
            loaded.append(_load(file, named_worlds))
        except BrokenCases as broken:
            problems += broken.problems
    problems += _duplicates(loaded)
    if problems:
        raise BrokenCases(problems)
    if not loaded:
        raise WrongUse(f"no case (*.yaml) in {', '.join(map(str, folders))}")
    return loaded


def _files(folders: Sequence[Path]) -> Iterable[Path]:
    found: dict[Path, Path] = {}  # folders may overlap
    for folder in folders:
        if not folder.exists():
            raise WrongUse(f"there is no folder of cases at {folder}")
        files = [folder] if folder.is_file() else sorted(folder.rglob("*.yaml"))
        for file in files:
            found.setdefault(file.resolve(), file)
    return found.values()


def _load(file: Path, named_worlds: Path) -> CaseFile:
    try:
        content = yaml.load(file.read_text("utf-8"), Loader=_PlainLoader)
    except (yaml.YAMLError, UnicodeDecodeError, OSError) as error:
        raise BrokenCases([f"{file}: {_on_one_line(error)}"]) from error
    try:
        case = Case.model_validate(content)
    except ValidationError as error:
        raise BrokenCases([f"{file}: {each}" for each in _readable(error)]) from error
    return CaseFile(case=case, file=file, world=_world(case, file, named_worlds))


def _world(case: Case, file: Path, named_worlds: Path) -> Path:
    is_a_name = Path(case.world).name == case.world
    beside_the_file = file.parent / case.world
    places = [named_worlds / case.world] if is_a_name else []
    for folder in (*places, beside_the_file):
        if any((folder / part).is_dir() for part in WORLD_PARTS):
            return folder.resolve()
    raise BrokenCases(
        [
            f"{file}: world: no world is called {case.world!r} below {named_worlds}, "
            f"and there is none at that path from the file; a world is a folder "
            f"with {', '.join(WORLD_PARTS)}"
        ]
    )


def _duplicates(loaded: Sequence[CaseFile]) -> Iterable[str]:
    first: dict[str, Path] = {}
    for each in loaded:
        known = first.setdefault(each.case.id, each.file)
        if known != each.file:
            yield f"{each.file}: id: {each.case.id!r} is taken by {known}"


def _readable(error: ValidationError) -> Iterable[str]:
    for each in error.errors():
        # A list with a broken entry is also reported as too short: not the cause.
        depth = len(each["loc"])
        below = (e["loc"] for e in error.errors() if len(e["loc"]) > depth)
        if each["loc"] not in (loc[:depth] for loc in below):
            yield _one_readable(each)


def _one_readable(error: ErrorDetails) -> str:
    key = "".join(
        f"[{part + 1}]" if isinstance(part, int) else f".{part}"
        for part in error["loc"]
    ).lstrip(".")
    said = error["msg"].removeprefix("Value error, ")
    what = "no such key" if error["type"] == "extra_forbidden" else said
    return f"{key}: {what}" if key else what


def _on_one_line(error: Exception) -> str:
    return "cannot be read as YAML: " + " ".join(str(error).split())


class _PlainLoader(yaml.BaseLoader):
    """Every value stays the text that was written, and a key is written once.

    `from: +221770000101`, `say: 2` or `says_any: [14.50, no]` mean these words, not
    a number or a boolean; the model of the case converts where it wants something
    else.
    """

    def construct_mapping(
        self, node: yaml.MappingNode, deep: bool = False
    ) -> dict[Any, Any]:
        keys = [key.value for key, _ in node.value]
        twice = next((key for key in keys if keys.count(key) > 1), None)
        if twice is not None:
            raise yaml.constructor.ConstructorError(
                None, None, f"the key {twice!r} is written twice", node.start_mark
            )
        return super().construct_mapping(node, deep=deep)
