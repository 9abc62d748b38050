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
        self,
        table: str,
        *,
        needed: Sequence[str] = (),
        where: Mapping[str, str] | None = None,
    ) -> Sequence[Row]:
        """Rows as column name -> text; dates as ISO 8601, decimals with a point.

        `needed` are the columns without which the rows are of no use; there may be
        more. `where` (field -> text) lets the system send less. It is a hint, never a
        guard: the answer may hold rows that do not match. A row that holds the value
        in another spelling, or among others, is not lost.

        Raises:
            BackendRefused: there is no such table, or a value of `where` is blank.
            BackendUnavailable: the system does not answer, or a named column is
                missing or of a type that cannot serve: a maintainer must mend it.
        """
        ...
