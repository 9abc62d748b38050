"""The counterpart of Drive refuses what Google documents that it refuses."""

import time
from collections.abc import Generator
from typing import Any
from urllib.parse import urlencode

import httpx
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from google.auth import crypt, jwt

from .drive import AUDIENCE, EMAIL, TOKEN, DriveCounterpart, running_drive
from .drive_world import DOC, File

BOTH = {"supportsAllDrives": "true", "includeItemsFromAllDrives": "true"}


@pytest.fixture
def drive() -> Generator[DriveCounterpart]:
    with running_drive() as running:
        yield running


def get(drive: DriveCounterpart, path: str, **asked: str) -> httpx.Response:
    headers = {"Authorization": f"Bearer {TOKEN}"}
    return httpx.get(f"{drive.base_url}{path}?{urlencode(asked)}", headers=headers)


def reason(answer: httpx.Response) -> str:
    found: dict[str, Any] = answer.json()
    return f"{answer.status_code} {found['error']['errors'][0]['reason']}"


def below(folder: File) -> str:
    return f"'{folder.id}' in parents and trashed = false"


def test_nothing_is_said_without_a_token(drive: DriveCounterpart) -> None:
    assert httpx.get(f"{drive.base_url}files").status_code == 401


def test_sorting_a_full_text_query_is_refused(drive: DriveCounterpart) -> None:
    answer = get(drive, "files", q="fullText contains 'x'", orderBy="name")

    assert reason(answer) == "403 badRequest"


def test_unknown_parameters_and_fields_are_refused(drive: DriveCounterpart) -> None:
    root = drive.world.folder("A")

    assert get(drive, "files", q=below(root), depth="2").status_code == 400
    assert get(drive, "files", q=below(root), fields="files(idd)").status_code == 400
    assert get(drive, "files", q="name = 'x").status_code == 400


def test_only_the_fields_that_are_asked_for_come(drive: DriveCounterpart) -> None:
    root = drive.world.folder("A")

    assert get(drive, f"files/{root.id}").json().keys() == {
        "kind",
        "id",
        "name",
        "mimeType",
    }
    assert get(drive, f"files/{root.id}", fields="version").json() == {"version": "1"}


def test_a_shared_drive_is_seen_with_its_flags_only(drive: DriveCounterpart) -> None:
    top = drive.world.drive("D")
    drive.world.put("a.md", b"x", parent=top)
    asked = {"q": below(top), "fields": "files(name)"}
    of_drive = {"corpora": "drive", "driveId": top.id}

    assert get(drive, f"files/{top.id}").status_code == 404
    assert get(drive, "files", **asked).json()["files"] == []
    assert get(drive, "files", **asked, **of_drive).status_code == 400
    assert get(drive, "files", **asked, **BOTH, **of_drive).json()["files"] == [
        {"name": "a.md"}
    ]


def test_its_changes_are_in_its_own_log_only(drive: DriveCounterpart) -> None:
    top = drive.world.drive("D")
    mine = get(drive, "changes/startPageToken").json()["startPageToken"]
    its = get(
        drive, "changes/startPageToken", driveId=top.id, supportsAllDrives="true"
    ).json()["startPageToken"]
    drive.world.put("a.md", b"x", parent=top)

    assert get(drive, "changes", pageToken=mine, **BOTH).json()["changes"] == []
    told = get(drive, "changes", pageToken=its, driveId=top.id, **BOTH).json()
    assert len(told["changes"]) == 1
    wrong = get(drive, "changes", pageToken=mine, driveId=top.id, **BOTH)
    assert reason(wrong) == "400 invalid"


def test_a_list_comes_in_pages(drive: DriveCounterpart) -> None:
    root = drive.world.folder("A")
    for number in range(3):
        drive.world.put(f"{number}.md", b"x", parent=root)

    asked = {"q": below(root), "pageSize": "2", "fields": "nextPageToken,files(name)"}
    first = get(drive, "files", **asked).json()
    second = get(drive, "files", **asked, pageToken=first["nextPageToken"]).json()

    assert [len(page["files"]) for page in (first, second)] == [2, 1]
    assert "nextPageToken" not in second


def test_googles_own_are_exported_and_others_downloaded(
    drive: DriveCounterpart,
) -> None:
    root = drive.world.folder("A")
    doc = drive.world.put("D", {"text/markdown": b"x"}, parent=root, mime=DOC)
    file = drive.world.put("a.md", b"y", parent=root)
    too_big = {"text/markdown": b"x" * (10 * 1024**2 + 1)}
    huge = drive.world.put("H", too_big, parent=root, mime=DOC)

    def exported(of: File, mime: str) -> httpx.Response:
        return get(drive, f"files/{of.id}/export", mimeType=mime)

    assert reason(get(drive, f"files/{doc.id}", alt="media")) == (
        "403 fileNotDownloadable"
    )
    assert get(drive, f"files/{file.id}", alt="media").content == b"y"
    assert exported(doc, "text/markdown").content == b"x"
    assert exported(doc, "text/csv").status_code == 400
    assert reason(exported(file, "text/markdown")) == "403 fileNotExportable"
    assert reason(exported(huge, "text/markdown")) == "403 exportSizeLimitExceeded"


def test_an_assertion_of_another_key_gets_no_token(drive: DriveCounterpart) -> None:
    stranger = crypt.RSASigner(rsa.generate_private_key(65537, 2048))
    now = int(time.time())
    claims = {"iss": EMAIL, "aud": AUDIENCE, "iat": now, "exp": now + 60, "scope": "x"}
    assertion = jwt.encode(stranger, claims)  # pyright: ignore[reportUnknownMemberType]

    answer = httpx.post(f"{drive.url}/token", data={"assertion": assertion.decode()})

    assert (answer.status_code, answer.json()) == (400, {"error": "invalid_grant"})
