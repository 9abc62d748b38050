"""One profile file: JSON, its shape, and the rules that it can break alone."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from memory.records import Service
from tools.errors import WrongProfile
from tools.profile import Action, IdentityTable, Parameter, Profile, Requires

_NAME = re.compile(r"[a-z][a-z0-9_]{0,62}")  # what every provider takes as a name
_Text = Annotated[str, Field(min_length=1)]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, str_strip_whitespace=True)


class _Parameter(_Strict):
    field: _Text
    description: str = ""
    type: Literal["string", "integer", "number"] = "string"
    optional: bool = False


class _Action(_Strict):
    description: _Text
    table: _Text
    fields: Annotated[list[_Text], Field(min_length=1)]
    owner_field: _Text | None = None
    parameters: dict[str, _Parameter] = {}
    minor_fields: list[_Text] = []
    service: Annotated[Service, Field(strict=False)] | None = None


class _Identity(_Strict):
    table: _Text
    code_field: _Text
    name_fields: list[_Text] = []
    phone_field: _Text | None = None


class _Profile(_Strict):
    profile: _Text
    requires: Requires | None = None
    identity: _Identity | None = None
    actions: dict[str, _Action] = {}
    tables: dict[str, list[_Text]] | None = None


def read_profile(file: Path) -> Profile:
    """The profile of one file.

    Raises:
        WrongProfile: with every fault of the file, one a line.
    """
    try:
        written = _Profile.model_validate(_json(file))
    except ValidationError as error:
        lines = (f"{_key(fault['loc'])}: {fault['msg']}" for fault in error.errors())
        raise _wrong(file, *lines) from None
    faults = list(_faults(written))
    if faults:
        raise _wrong(file, *faults)
    return _to_profile(written)


def _wrong(file: Path, *faults: str) -> WrongProfile:
    return WrongProfile("\n".join(f"{file.name}: {fault}" for fault in faults))


def _json(file: Path) -> Any:
    def once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        # JSON keeps the last of two equal keys: one of the rules would be lost.
        found = dict(pairs)
        if len(found) < len(pairs):
            keys = [key for key, _value in pairs]
            twice = next(key for key in keys if keys.count(key) > 1)
            raise _wrong(file, f'the key "{twice}" stands twice in one place')
        return found

    try:
        return json.loads(file.read_text("utf-8-sig"), object_pairs_hook=once)
    except json.JSONDecodeError as error:
        place = f"line {error.lineno}, column {error.colno}"
        raise _wrong(file, f"not JSON: {error.msg} ({place})") from None
    except (OSError, UnicodeDecodeError) as error:
        raise _wrong(file, f"cannot be read: {type(error).__name__}") from error


def _key(place: tuple[int | str, ...]) -> str:
    return ".".join(str(part) for part in place) or "the whole file"


def _faults(written: _Profile) -> Iterator[str]:
    asks_code = written.requires == "parent_code"
    if asks_code and written.identity is None:
        yield 'identity: missing, though "requires" is "parent_code"'
    if not asks_code and written.identity is not None:
        yield 'identity: only with "requires": "parent_code"'
    if written.tables is not None and written.requires != "admin":
        yield 'tables: only with "requires": "admin"'
    for name, action in written.actions.items():
        for fault in _action_faults(written, name, action):
            yield f"actions.{name}{fault}"


def _action_faults(written: _Profile, name: str, action: _Action) -> Iterator[str]:
    if not _NAME.fullmatch(name):
        yield ": the name must be small letters, digits and _, a letter first"
    asks_code = written.requires == "parent_code"
    if asks_code and action.owner_field is None:
        yield ".owner_field: missing: whose rows are they?"
    if not asks_code and action.owner_field is not None:
        yield '.owner_field: only in a profile with "requires": "parent_code"'
    if written.requires is None and action.minor_fields:
        yield ".minor_fields: a public action shows no minor's fields"
    for field in action.minor_fields:
        if field not in action.fields:
            yield f'.minor_fields: "{field}" is not one of "fields"'
    yield from _code_faults(written, action)
    yield from _parameter_faults(action)


def _code_faults(written: _Profile, action: _Action) -> Iterator[str]:
    secret = {action.owner_field}
    if written.identity:
        secret.add(written.identity.code_field)
    for field in action.fields:
        if field in secret:
            yield f'.fields: "{field}" holds parent codes, which are never shown'
    for name, parameter in action.parameters.items():
        if parameter.field in secret:
            yield f".parameters.{name}.field: parent codes are never compared with"


def _parameter_faults(action: _Action) -> Iterator[str]:
    for name in action.parameters:
        if not _NAME.fullmatch(name):
            yield (
                f".parameters.{name}: the name must be small letters, digits and _, "
                "a letter first"
            )


def _to_profile(written: _Profile) -> Profile:
    identity = written.identity
    return Profile(
        name=written.profile,
        requires=written.requires,
        identity=identity
        and IdentityTable(
            table=identity.table,
            code_field=identity.code_field,
            name_fields=tuple(identity.name_fields),
            phone_field=identity.phone_field,
        ),
        actions=tuple(
            _to_action(written, name, action)
            for name, action in written.actions.items()
        ),
        tables=None
        if written.tables is None
        else {table: tuple(fields) for table, fields in written.tables.items()},
    )


def _to_action(written: _Profile, name: str, action: _Action) -> Action:
    return Action(
        name=name,
        description=action.description,
        table=action.table,
        fields=tuple(action.fields),
        service=action.service or _usual_service(written, action),
        owner_field=action.owner_field,
        parameters=tuple(
            Parameter(
                name=parameter_name,
                field=parameter.field,
                # Tools without described parameters are called wrongly.
                description=parameter.description
                or f"Only the rows with this value of {parameter.field}",
                type=parameter.type,
                optional=parameter.optional,
            )
            for parameter_name, parameter in action.parameters.items()
        ),
        minor_fields=tuple(action.minor_fields),
    )


def _usual_service(written: _Profile, action: _Action) -> Service:
    if written.requires == "admin":
        return Service.SUPER_ADMIN
    return Service.CATECHESE if action.owner_field else Service.RENSEIGNEMENT
