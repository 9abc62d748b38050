"""Where files are kept, as the environment says it."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

from memory.files import FilesSettings, S3Bucket, read_files

WHOLE = {
    "S3_ENDPOINT": "http://seaweed:8333",
    "S3_PUBLIC_ENDPOINT": "https://files.example.org/",
    "S3_BUCKET": "gust",
    "S3_ACCESS_KEY": "an-id",
    "S3_SECRET_KEY": "hunter2",
}


@dataclass(frozen=True)
class Given:
    environment: Mapping[str, str]
    public_url: str = "https://gust.example.org"
    session_secret: str = "hunter2" * 5


def test_without_a_word_files_are_in_a_folder() -> None:
    given = Given({"S3_REGION": "us-east-1", "S3_BUCKET": " "})

    assert read_files(given) == FilesSettings(
        folder=Path("var/files"),
        public_url=given.public_url,
        secret=given.session_secret,
    )
    assert read_files(Given({"FILES_FOLDER": "/srv/f"})).folder == Path("/srv/f")


def test_five_variables_name_a_bucket() -> None:
    assert read_files(Given(WHOLE)).s3 == S3Bucket(
        endpoint="http://seaweed:8333",
        public_endpoint="https://files.example.org",
        bucket="gust",
        access_key="an-id",
        secret_key="hunter2",
        region="us-east-1",
    )


def test_readers_call_the_same_address_unless_another_is_given() -> None:
    s3 = read_files(
        Given({**WHOLE, "S3_PUBLIC_ENDPOINT": "", "S3_REGION": "eu-west-3"})
    ).s3

    assert s3
    assert s3.public_endpoint == "http://seaweed:8333"
    assert s3.region == "eu-west-3"


@pytest.mark.parametrize("missing", sorted(WHOLE.keys() - {"S3_PUBLIC_ENDPOINT"}))
def test_a_bucket_that_is_half_named_is_refused(missing: str) -> None:
    with pytest.raises(ValueError, match=f"^{missing}: S3_.* is set, so ") as refused:
        read_files(Given({**WHOLE, missing: ""}))

    assert "hunter2" not in str(refused.value)


def test_every_variable_that_is_missing_is_named() -> None:
    with pytest.raises(ValueError, match=r"S3_ENDPOINT: .*S3_BUCKET: .*S3_SECRET_KEY"):
        read_files(Given({"S3_PUBLIC_ENDPOINT": "https://files.example.org"}))


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("S3_ENDPOINT", "hunter2"),
        ("S3_ENDPOINT", "ftp://hunter2"),
        ("S3_ENDPOINT", "http://host:hunter2"),
        ("S3_ENDPOINT", "https://key:hunter2@host"),
        ("S3_PUBLIC_ENDPOINT", "https://host/?token=hunter2"),
        ("S3_BUCKET", "gust/hunter2"),
    ],
)
def test_a_wrong_value_is_named_and_not_repeated(name: str, value: str) -> None:
    with pytest.raises(ValueError, match=f"^{name}: .* is expected") as refused:
        read_files(Given({**WHOLE, name: value}))

    assert "hunter2" not in str(refused.value)


def test_secrets_are_not_shown() -> None:
    shown = repr(read_files(Given(WHOLE)))

    assert "hunter2" not in shown
    assert "an-id" not in shown
