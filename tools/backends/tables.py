"""Tables of the organisation: the port. `csv_tables.py` is its embedded twin."""

from collections.abc import Mapping, Sequence
from typing import Protocol

Row = Mapping[str, str]


class Tables(Protocol):
    """Tables by name. Whoever asks must check each row again: filters may fail open."""

    async def names(self) -> Sequence[str]:
        """The tables that may be read.

        Raises:
            BackendUnavailable: the system does not answer.
        """
        ...

    async def fields(self, table: str) -> Sequence[str]:
        """The columns of a table, in order.

        Raises:
            BackendRefused: there is no such table.
            BackendUnavailable: the system does not answer.
        """
        ...

    async def rows(
        self, table: str, *, where: Mapping[str, str] | None = None
    ) -> Sequence[Row]:
        """Rows as column name -> text; dates as ISO 8601, decimals with a point.

        `where` (field -> text) lets the system send less. It is a hint, never a
        guard: the answer may hold rows that do not match.

        Raises:
            BackendRefused: there is no such table or field.
            BackendUnavailable: the system does not answer.
        """
        ...
