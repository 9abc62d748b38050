"""The rows of an action that the asker may see, narrowed by what they asked for."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from .backends.tables import Row
from .context import ToolContext
from .errors import BackendRefused
from .folding import fold
from .matching import (
    Owns,
    as_number,
    is_owned,
    may_be_one,
    nearest,
    normal_code,
    plain,
)
from .profile import Action, Parameter, Profile

Wanted = Mapping[str, str | Decimal]  # parameter name -> text or number


@dataclass(frozen=True, kw_only=True)
class Asked:
    """One call of an action: whose, which, and narrowed by what."""

    context: ToolContext
    profile: Profile
    action: Action
    owns: Owns

    async def rows(self) -> Sequence[Row]:
        """Every row of the action that the asker owns; all of them when public."""
        return await self._rows_of(self.action)

    async def narrowed(self, wanted: Wanted) -> Sequence[Row]:
        """The asker's own rows that match every wanted value.

        Raises:
            BackendRefused: a minor is meant who is not one of the asker's own.
        """
        own = rows = await self.rows()
        for parameter in self.action.parameters:
            value = wanted.get(parameter.name)
            if isinstance(value, Decimal):
                rows = [r for r in rows if as_number(_cell(r, parameter)) == value]
            elif value is not None:
                meant = await self._meant(parameter, value, own)
                rows = [r for r in rows if plain(_cell(r, parameter)) == meant]
        return rows

    async def choices(self, wanted: Wanted) -> Mapping[str, Sequence[str]]:
        """The texts that the asker's own rows hold where a text was wanted."""
        own = await self.rows()
        return {
            parameter.name: sorted({_cell(row, parameter) for row in own} - {""})
            for parameter in self.action.parameters
            if isinstance(wanted.get(parameter.name), str)
            and parameter.field not in self.action.minor_fields
        }

    async def _meant(
        self, parameter: Parameter, wanted: str, own: Sequence[Row]
    ) -> str | None:
        known_words = self._known_words(own)
        values = {_cell(row, parameter) for row in own}
        meant = nearest(wanted, values, known_words=known_words)
        is_minor = parameter.field in self.action.minor_fields
        if not is_minor or meant in {plain(value) for value in values}:
            return meant
        # A child without a row here may have some in another table of the profile.
        values |= await self._minors_elsewhere(parameter)
        meant = nearest(wanted, values, known_words=known_words)
        if meant not in {plain(value) for value in values}:
            raise BackendRefused(self._own_minors(values))
        return meant

    async def _minors_elsewhere(self, parameter: Parameter) -> set[str]:
        found: set[str] = set()
        for action in self.profile.actions:
            for same in action.parameters:
                is_same = same.name == parameter.name
                if is_same and same.field in action.minor_fields:
                    found |= {_cell(row, same) for row in await self._rows_of(action)}
        return found

    async def _rows_of(self, action: Action) -> Sequence[Row]:
        tables, field = self.context.desk.tables, action.owner_field
        if field is None:
            if self.profile.requires == "parent_code":
                raise BackendRefused("Refused: this action names no owner.")
            return await tables.rows(action.table, needed=_used(action))
        # A code of another list may be the old one of a family of this list.
        parents = [
            parent
            for parent in self.context.session.parents
            if parent.profile == self.profile.name
        ]
        if not parents:
            raise BackendRefused("Refused: the contact has not proved a parent code.")
        found: list[Row] = []
        earlier: list[str] = []
        for parent in parents:
            rows = await tables.rows(
                action.table, needed=_used(action), where={field: parent.code}
            )
            # The backend's filter may fail open: `_is_open` keeps families apart.
            found += [
                row
                for row in rows
                if self._is_open(row, action, parent.code)
                and not any(self.owns(row.get(field, ""), code) for code in earlier)
            ]
            earlier.append(parent.code)
        return found

    def _is_open(self, row: Row, action: Action, code: str) -> bool:
        """Whether a row belongs to the holder of a code, and was not withheld."""
        cell = row.get(action.owner_field or "", "")
        named = [row.get(field, "") for field in action.minor_fields]
        return self.owns(cell, code) and not any(
            normal_code(each.code) == normal_code(code)
            and any(may_be_one(each.child, name) for name in named)
            for each in self.context.session.withdrawn
            if each.child
        )

    def _known_words(self, own: Sequence[Row]) -> set[str]:
        parent = self.context.session.parent
        texts = [row.get(field, "") for row in own for field in self.action.fields]
        texts.append(parent.name if parent else "")
        return {word for text in texts for word in fold(text).split()}

    def _own_minors(self, values: set[str]) -> str:
        names = sorted(value.strip() for value in values if value.strip())
        _note_minors(self.context, names)
        if not names:
            return "Refused: nothing is registered for this parent's children."
        return (
            "Refused: this is not one of this parent's own children. "
            f"Theirs are: {', '.join(names)}."
        )


async def own_minors(context: ToolContext, profile: Profile) -> Sequence[str]:
    """The first names of the asker's own children, as this profile's tables know them.

    Raises:
        BackendRefused: the contact has not proved a parent code.
        BackendUnavailable: the tables cannot be read now.
    """
    names: set[str] = set()
    for action in profile.actions:
        named = [p for p in action.parameters if p.field in action.minor_fields]
        if named:
            asked = Asked(
                context=context, profile=profile, action=action, owns=is_owned
            )
            names |= {_cell(row, named[0]).strip() for row in await asked.rows()}
    found = sorted(names - {""})
    _note_minors(context, found)
    return found


def _note_minors(context: ToolContext, names: Sequence[str]) -> None:
    context.minor_names.update(names)
    for name in names:
        context.personal.know("child", name)


def _used(action: Action) -> Sequence[str]:
    return tuple(
        dict.fromkeys([*action.fields, *(each.field for each in action.parameters)])
    )


def _cell(row: Row, parameter: Parameter) -> str:
    return row.get(parameter.field, "")
