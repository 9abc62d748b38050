import json
from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.counterparts.drive import EMAIL, DriveCounterpart
from tools.backends.drive_client import DriveClient
from tools.backends.drive_settings import BASE_URL, VARIABLES, drive_settings

FOLDER = "1aB-c_D"


@pytest.fixture
def key(tmp_path: Path) -> Path:
    return DriveCounterpart(url="https://oauth.example").key_file(tmp_path)


def environment(key: Path | str, folders: str = FOLDER) -> Mapping[str, str]:
    return {"GOOGLE_SERVICE_ACCOUNT_FILE": str(key), "DRIVE_FOLDER_IDS": folders}


@pytest.mark.parametrize("unset", [{}, dict.fromkeys(VARIABLES, ""), VARIABLES])
def test_without_its_variables_there_is_no_drive(unset: Mapping[str, str]) -> None:
    assert drive_settings(unset) is None


def test_a_key_and_folders_are_all_it_takes(key: Path) -> None:
    settings = drive_settings(environment(key))

    assert settings
    assert (settings.email, settings.base_url) == (EMAIL, BASE_URL)
    assert settings.folder_ids == [FOLDER]


def test_a_folder_may_be_given_by_its_address(key: Path) -> None:
    address = "https://drive.google.com/drive/folders/1aB-c_D?usp=sharing"

    settings = drive_settings(environment(key, f"{address}, other ,other,"))

    assert settings
    assert settings.folder_ids == ["1aB-c_D", "other"]


@pytest.mark.parametrize(
    ("key_file", "folders", "told"),
    [
        ("x.json", "", "DRIVE_FOLDER_IDS: is missing, and GOOGLE_SERVICE_ACCOUNT"),
        ("", FOLDER, "GOOGLE_SERVICE_ACCOUNT_FILE: is missing, and DRIVE_FOLDER_IDS"),
        ("nowhere.json", FOLDER, "cannot be read .No such file"),
    ],
)
def test_half_of_it_is_refused_by_name(key_file: str, folders: str, told: str) -> None:
    with pytest.raises(ValueError, match=told):
        drive_settings(environment(key_file, folders))


def test_what_is_no_folder_id_is_refused(key: Path) -> None:
    with pytest.raises(ValueError, match="DRIVE_FOLDER_IDS: expected the ids"):
        drive_settings(environment(key, "id with blanks"))


@pytest.mark.parametrize(
    "content",
    ["no json", "[]", json.dumps({"type": "authorized_user", "client_email": "x"})],
)
def test_what_is_no_key_is_refused_without_showing_it(
    tmp_path: Path, content: str
) -> None:
    file = tmp_path / "key.json"
    file.write_text(content)

    with pytest.raises(ValueError, match="make a key of the service account") as told:
        drive_settings(environment(file))

    assert "authorized_user" not in str(told.value)


def test_a_damaged_private_key_is_refused_without_showing_it(key: Path) -> None:
    content = json.loads(key.read_text())
    key.write_text(json.dumps({**content, "private_key": "hunter2"}))
    settings = drive_settings(environment(key))
    assert settings

    with pytest.raises(ValueError, match="its private key cannot be read") as told:
        DriveClient(settings)

    assert "hunter2" not in str(told.value)
