"""What can go wrong with what is remembered.

* MemoryFault
  - Unkept        the database cannot take it now: ask again later
  - WrongDatabase the URL or the schema is not usable: tell the maintainer
  - FileRefused   too large, or of a type that is not taken: tell who brought it
  - FilesAway     the place of files cannot take or give it now: ask again later
  - FileGone      nothing is kept there: do not ask again
* RedisAway       Redis does not answer: only who asks after it minds
"""


class MemoryFault(Exception):
    """Something about what is remembered."""


class Unkept(MemoryFault):
    """Nothing was kept: the database is away or locked. Asking again may help."""


class WrongDatabase(MemoryFault):
    """The database cannot serve: wrong URL, or a schema of another version."""


class FileRefused(MemoryFault):
    """This file is not taken; the text says why and what would be."""


class FilesAway(MemoryFault):
    """The folder or the bucket does not serve; the text says what to mend."""


class FileGone(MemoryFault):
    """There is no such file where files are kept."""


class RedisAway(Exception):
    """Redis does not answer. No part of the house needs it."""
