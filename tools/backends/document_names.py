"""What a person calls the document in a file."""

from pathlib import PurePosixPath

from .reading import SUFFIXES


def title_of(name: str) -> str:
    """The name of a file, read as a title."""
    path = PurePosixPath(name)
    title = path.stem if path.suffix.lower() in SUFFIXES else name
    if " " not in title:  # a name for computers
        title = title.replace("-", " ").replace("_", " ")
    return title[:1].upper() + title[1:]


def titled(text: str, *, name: str, suffix: str) -> str:
    """The text of a file; a workbook has no title but the name of its file."""
    return f"# {title_of(name)}\n\n{text}" if suffix.lower() == ".xlsx" else text
