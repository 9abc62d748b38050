"""A cassette: what one provider was asked in one case, and what it answered.

The file is YAML to be read and reviewed; it holds no headers, so no key.
"""

import json
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, cast
from urllib.parse import quote

import yaml
from pydantic import BaseModel, ConfigDict, ValidationError

from .case_files import ROOT
from .errors import WrongUse

CASSETTES = ROOT / "evals" / "cassettes"
_WORTH_AN_ANCHOR = 200  # characters of JSON: each request repeats all before it
_WIDTH = 100


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Asked(_Strict):
    """One request, with the provider's own address and its JSON body."""

    method: str
    url: str
    body: Any


class Answered(_Strict):
    """One answer: JSON as parsed, a stream of events as its text."""

    status: int
    type: str
    body: Any


class Exchange(_Strict):
    """A request and its answer."""

    asked: Asked
    answered: Answered


class Cassette(_Strict):
    """All exchanges of one play. `synthetic`: a stand-in answered, not the provider."""

    synthetic: bool
    provider: str
    model: str
    case: str
    recorded: date
    exchanges: tuple[Exchange, ...]


@dataclass(frozen=True, kw_only=True)
class CassetteFile:
    """A cassette where it is kept."""

    cassette: Cassette
    file: Path


def place_of(folder: Path, *, provider: str, case: str) -> Path:
    """Where the cassette of a case is kept."""
    return folder / provider / f"{quote(case, safe='')}.yaml"


def read_cassettes(folder: Path = CASSETTES) -> tuple[CassetteFile, ...]:
    """Every cassette below a folder, in the order of the files.

    Raises:
        WrongUse: a file is no cassette, or is not where its header says.
    """
    files = sorted(folder.rglob("*.yaml"))
    read = [CassetteFile(cassette=_read(file), file=file) for file in files]
    for each in read:
        held = each.cassette
        if each.file != place_of(folder, provider=held.provider, case=held.case):
            raise WrongUse(f"{each.file}: holds {held.case} by {held.provider}")
    return tuple(read)


def _read(file: Path) -> Cassette:
    try:
        return Cassette.model_validate(yaml.load(file.read_bytes(), _Loader))
    except (yaml.YAMLError, ValidationError) as error:
        told = " ".join(str(error).split())[:300]
        raise WrongUse(f"{file} is no cassette: {told}") from error


def to_yaml(cassette: Cassette) -> str:
    """The text of its file: the same content gives the same text."""
    shared = _Shared()
    content = {
        **cassette.model_dump(exclude={"exchanges"}),
        "exchanges": [shared(each.model_dump()) for each in cassette.exchanges],
    }
    return yaml.dump(
        content, Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=_WIDTH
    )


class _Shared:
    """Makes one object of equal ones: YAML writes it once and then names it."""

    def __init__(self) -> None:
        self._known: dict[str, Any] = {}

    def __call__(self, value: Any) -> Any:
        if isinstance(value, dict):
            pairs = cast("dict[str, Any]", value).items()
            made: Any = {name: self(each) for name, each in pairs}
        elif isinstance(value, list):
            made = [self(each) for each in cast("list[Any]", value)]
        else:
            return value
        text = json.dumps(made, ensure_ascii=False)
        if len(text) < _WORTH_AN_ANCHOR:
            return made
        return self._known.setdefault(text, made)


# libyaml, where there is one, reads ten times as fast.
_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class _Dumper(yaml.SafeDumper):
    """Writes a text of several lines as lines."""


def _text(_dumper: yaml.SafeDumper, text: str) -> yaml.ScalarNode:
    style = "|" if "\n" in text else None
    return yaml.ScalarNode("tag:yaml.org,2002:str", text, style=style)


_Dumper.add_representer(str, _text)
