"""The cast of a demo world: who may be played in the web chat, and the sample."""

from pathlib import Path
from typing import Literal, TypeVar

import yaml
from pydantic import BaseModel, ConfigDict, ValidationError

from .settings import WrongSettings


class PlayedContact(BaseModel):
    """One person that a visitor of the demo may play."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    key: str  # in the address of the web chat
    label: str
    alias: str  # "web:…"
    role: Literal["contact", "admin"] = "contact"
    hint: str = ""


class Sample(BaseModel):
    """The conversation that the demo plays in the terminal."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    says: tuple[str, ...]


class _Contacts(BaseModel):
    contacts: tuple[PlayedContact, ...]


File = TypeVar("File", bound=BaseModel)

# For a world that names nobody.
ANYBODY = (
    PlayedContact(key="parent", label="Un parent", alias="web:parent"),
    PlayedContact(key="visiteur", label="Un visiteur", alias="web:visiteur"),
    PlayedContact(
        key="admin", label="Une administratrice", alias="web:admin", role="admin"
    ),
)
_A_SHORT_TALK = Sample(says=("Bonjour", "menu", "Je voudrais parler à une personne"))


def read_contacts(world: Path) -> tuple[PlayedContact, ...]:
    """The people of `contacts.yaml`, or anybody when the world has no such file.

    Raises:
        WrongSettings: the file cannot be used; names it and the reason.
    """
    found = _read(world / "contacts.yaml", _Contacts)
    return ANYBODY if found is None else found.contacts


def read_sample(world: Path) -> Sample:
    """The conversation of `sample.yaml`, or a short one when there is none.

    Raises:
        WrongSettings: the file cannot be used; names it and the reason.
    """
    return _read(world / "sample.yaml", Sample) or _A_SHORT_TALK


def _read(path: Path, kind: type[File]) -> File | None:
    if not path.is_file():
        return None
    try:
        return kind.model_validate(yaml.safe_load(path.read_text(encoding="utf-8")))
    except (yaml.YAMLError, ValidationError, UnicodeDecodeError) as error:
        raise WrongSettings(f"{path}: {error}") from error
