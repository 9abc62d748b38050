"""The variables of Google Drive, and the key of its service account."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, cast

BASE_URL = "https://www.googleapis.com/drive/v3/"
KEY_FILE, FOLDERS, ADDRESS = (
    "GOOGLE_SERVICE_ACCOUNT_FILE",
    "DRIVE_FOLDER_IDS",
    "DRIVE_BASE_URL",
)
VARIABLES: Mapping[str, str] = {KEY_FILE: "", FOLDERS: "", ADDRESS: BASE_URL}


@dataclass(frozen=True, kw_only=True)
class DriveSettings:
    """Which folders are read, and with which key."""

    key: Mapping[str, Any] = field(repr=False)  # the service account's JSON
    folder_ids: Sequence[str]
    base_url: str = BASE_URL

    @property
    def email(self) -> str:
        """The address that the folders must be shared with."""
        return str(self.key["client_email"])


def drive_settings(environment: Mapping[str, str]) -> DriveSettings | None:
    """The settings of Drive, or None when the documents are those of a folder.

    Raises:
        ValueError: only half of them is set, or the key is none; says what to do.
    """
    file = environment.get(KEY_FILE, "").strip()
    folders = [
        _folder_id(part)
        for part in environment.get(FOLDERS, "").split(",")
        if part.strip()
    ]
    if not file and not folders:
        return None
    if not file or not folders:
        missing = FOLDERS if file else KEY_FILE
        there = KEY_FILE if file else FOLDERS
        raise ValueError(f"{missing}: is missing, and {there} is set; set both or none")
    return DriveSettings(
        key=_key(Path(file)),
        folder_ids=list(dict.fromkeys(folders)),
        base_url=environment.get(ADDRESS, "").strip() or BASE_URL,
    )


def _folder_id(text: str) -> str:
    """The id of a folder; its address in the browser ends with it."""
    found = text.strip().split("?")[0].rstrip("/").rpartition("/")[2]
    if not found or not all(c.isalnum() or c in "-_" for c in found):
        raise ValueError(
            f"{FOLDERS}: expected the ids of folders, comma separated: what stands"
            " after /folders/ in the address of a folder"
        )
    return found


def _key(file: Path) -> Mapping[str, Any]:
    how = "make a key of the service account (JSON) in Google Cloud's console"
    try:
        key: object = json.loads(file.read_text("utf-8"))
    except OSError as error:
        raise ValueError(
            f"{KEY_FILE}: cannot be read ({error.strerror}): {file}"
        ) from None
    except ValueError:
        raise ValueError(f"{KEY_FILE}: is no JSON; {how}") from None
    fields = cast("dict[str, Any]", key) if isinstance(key, dict) else {}
    needed = ("client_email", "private_key", "token_uri")
    missing = [name for name in needed if not isinstance(fields.get(name), str)]
    if missing or fields.get("type") != "service_account":
        raise ValueError(f"{KEY_FILE}: is no key of a service account; {how}")
    return fields
