"""What can go wrong with what is remembered.

* MemoryFault
  - Unkept        the database cannot take it now: ask again later
  - WrongDatabase the URL or the schema is not usable: tell the maintainer
"""


class MemoryFault(Exception):
    """Something about the database of record."""


class Unkept(MemoryFault):
    """Nothing was kept: the database is away or locked. Asking again may help."""


class WrongDatabase(MemoryFault):
    """The database cannot serve: wrong URL, or a schema of another version."""
