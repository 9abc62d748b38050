"""Baserow as the tables of the organisation: the twin of `csv_tables.py`.

Baserow answers a filter that it does not understand with every row and 200. Hence:
only the `filters` tree with ids of columns, values checked before they are sent, and
each row checked again by whoever asks (`tools/own_rows.py`).
"""

from .access import BaserowAccess, open_calls
from .calls import BaserowCalls
from .mapping import profile_skeleton, table_lines
from .report import report_of
from .tables import BaserowTables

__all__ = [
    "BaserowAccess",
    "BaserowCalls",
    "BaserowTables",
    "open_calls",
    "profile_skeleton",
    "report_of",
    "table_lines",
]
