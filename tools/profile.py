"""A role, and the typed actions on tables that it opens. Read by `config.profile`."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from memory.records import Service

Requires = Literal["parent_code", "admin"]


@dataclass(frozen=True, kw_only=True)
class Parameter:
    """One argument of an action: it narrows the rows by one field."""

    name: str
    field: str
    description: str
    type: Literal["string", "integer", "number"] = "string"
    optional: bool = False


@dataclass(frozen=True, kw_only=True)
class Action:
    """Reading rows of one table. With an `owner_field`, only the asker's own."""

    name: str
    description: str
    table: str
    fields: tuple[str, ...]
    service: Service
    owner_field: str | None = None
    parameters: tuple[Parameter, ...] = ()
    minor_fields: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class IdentityTable:
    """Where a parent code says who somebody is."""

    table: str
    code_field: str
    name_fields: tuple[str, ...] = ()
    phone_field: str | None = None


@dataclass(frozen=True, kw_only=True)
class Profile:
    """What one role may do. `requires` is the proof that it asks for."""

    name: str
    requires: Requires | None = None
    identity: IdentityTable | None = None
    actions: tuple[Action, ...] = ()
    # Tables and fields that super-admin tools may read; None: all of the world's.
    tables: Mapping[str, tuple[str, ...]] | None = field(default=None)
