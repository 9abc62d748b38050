"""An S3 that is away, wrong or foreign: what is told, and what is not given away."""

import socket
from dataclasses import replace

import httpx
import pytest

from memory.errors import FilesAway
from memory.files import Label, S3Bucket, S3Files, new_key

from .file_samples import PDF

LABEL = Label("un.pdf", "application/pdf")
NOBODY_THERE = S3Bucket(
    endpoint="http://127.0.0.1:1",
    public_endpoint="http://127.0.0.1:1",
    bucket="gust",
    access_key="an-id",
    secret_key="hunter2",
)


async def told_by(files: S3Files) -> str:
    """What is said when each thing is tried; it is always the same."""
    key, said = new_key(), set[str]()
    for tried in (files.keep(key, PDF, LABEL), files.open(key), files.delete(key)):
        with pytest.raises(FilesAway) as away:
            await tried
        said.add(str(away.value))
        assert away.value.__cause__ is None
    [told] = said
    assert key not in told
    return told


async def test_an_s3_that_is_away_is_told_with_its_address() -> None:
    told = await told_by(S3Files(NOBODY_THERE))

    assert told.startswith("the bucket gust at http://127.0.0.1:1 cannot be reached")
    assert "S3_ENDPOINT" in told
    assert "hunter2" not in told


async def test_an_s3_that_hangs_is_given_up_in_time() -> None:
    with socket.socket() as deaf:
        deaf.bind(("127.0.0.1", 0))
        deaf.listen()
        endpoint = f"http://127.0.0.1:{deaf.getsockname()[1]}"

        told = await told_by(
            S3Files(replace(NOBODY_THERE, endpoint=endpoint), patience_s=0.3)
        )

    assert told.endswith("did not answer within 0.3 s")


async def test_what_is_no_s3_is_told(s3: S3Bucket) -> None:
    files = S3Files(replace(s3, endpoint=s3.endpoint.replace("http:", "https:")))

    assert "cannot be reached" in await told_by(files)


async def test_a_bucket_that_is_not_there_is_told_apart_from_a_file(
    s3: S3Bucket,
) -> None:
    told = await told_by(S3Files(replace(s3, bucket="misspelt")))

    assert told.startswith("the bucket misspelt at ")
    assert told.endswith("does not exist: create it, or mend S3_BUCKET")


async def test_a_wrong_key_is_told_and_not_repeated(s3: S3Bucket) -> None:
    unknown = await told_by(S3Files(replace(s3, access_key="hunter2")))
    wrong = await told_by(S3Files(replace(s3, secret_key="hunter2")))

    assert unknown.endswith("(InvalidAccessKeyId): mend S3_ACCESS_KEY")
    assert wrong.endswith("(SignatureDoesNotMatch): mend S3_SECRET_KEY or S3_REGION")
    for told in (unknown, wrong):
        assert "hunter2" not in told
        assert s3.access_key not in told


async def test_a_link_is_signed_for_the_address_that_readers_call(
    s3: S3Bucket,
) -> None:
    public = s3.endpoint.replace("127.0.0.1", "localhost")
    files, key = S3Files(replace(s3, public_endpoint=public)), new_key()
    await files.keep(key, PDF, LABEL)

    link = await files.link(key, seconds=60)

    assert link.startswith(f"{public}/gust/{key}?")
    async with httpx.AsyncClient() as http:
        as_signed = await http.get(link)
        elsewhere = await http.get(link.replace(public, s3.endpoint))
    assert as_signed.content == PDF
    assert elsewhere.status_code == 403


async def test_an_endpoint_may_have_a_path() -> None:
    public = "https://project.supabase.test/storage/v1/s3"
    files, key = S3Files(replace(NOBODY_THERE, public_endpoint=public)), new_key()

    link = await files.link(key, seconds=60)

    assert link.startswith(f"{public}/gust/{key}?X-Amz-")
    assert "X-Amz-Expires=60" in link


async def test_another_s3_in_the_environment_is_not_taken_for_ours(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for name, value in {
        "AWS_ENDPOINT_URL_S3": "https://theirs.test",
        "AWS_ENDPOINT_URL": "https://theirs.test",
        "AWS_SESSION_TOKEN": "hunter2",
        "AWS_ACCESS_KEY_ID": "theirs",
        "AWS_REGION": "theirs",
        "AWS_SKIP_SIGNATURE": "true",
        "AWS_S3_EXPRESS": "true",
        "AWS_VIRTUAL_HOSTED_STYLE_REQUEST": "true",
    }.items():
        monkeypatch.setenv(name, value)

    link = await S3Files(NOBODY_THERE).link(new_key(), seconds=60)

    assert link.startswith("http://127.0.0.1:1/gust/")
    assert "theirs" not in link
    assert "Token" not in link
    assert "an-id%2F" in link
