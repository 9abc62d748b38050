"""Files in a bucket of any S3, through obstore."""

import re
from collections.abc import Generator
from contextlib import contextmanager
from datetime import timedelta

import obstore
from obstore.exceptions import (
    BaseError,
    PermissionDeniedError,
    UnauthenticatedError,
)
from obstore.store import S3Store

from ..errors import FileGone, FilesAway
from .naming import Label, disposition
from .settings import S3Bucket

CONNECT_S = 2.0
PATIENCE_S = 10.0  # of one try; 10 MB pass in it
_CODE = re.compile(r"<Code>([A-Za-z]{1,60})</Code>")


class S3Files:
    """One object a key. Links are the bucket's own: presigned, for readers' address."""

    own_links = None

    def __init__(self, at: S3Bucket, *, patience_s: float = PATIENCE_S) -> None:
        self._at = at
        self._patience_s = patience_s
        self._inside = _store(at, at.endpoint, patience_s)
        # Signed for the host that is called: one changed afterwards is refused.
        self._outside = _store(at, at.public_endpoint, patience_s)

    @property
    def place(self) -> str:
        return f"the bucket {self._at.bucket} at {self._at.endpoint}"

    async def keep(self, key: str, content: bytes, label: Label) -> None:
        with self._outage_as_away():
            await obstore.put_async(
                self._inside,
                key,
                content,
                # The S3 sends them with the file: a link cannot be made to say more.
                attributes={
                    "Content-Type": label.media_type,
                    "Content-Disposition": disposition(label),
                    "Cache-Control": "private, no-store",
                },
                use_multipart=False,  # a broken one would leave its parts
            )

    async def open(self, key: str) -> bytes:
        with self._outage_as_away():
            found = await obstore.get_async(self._inside, key)
            return bytes(await found.bytes_async())

    async def delete(self, key: str) -> None:
        with self._outage_as_away():
            await obstore.delete_async(self._inside, key)

    async def link(self, key: str, *, seconds: int) -> str:
        with self._outage_as_away():
            return await obstore.sign_async(
                self._outside, "GET", key, timedelta(seconds=seconds)
            )

    @contextmanager
    def _outage_as_away(self) -> Generator[None]:
        """What the S3 says becomes ours: its own text may quote keys and signatures."""
        try:
            yield
        except FileNotFoundError as error:
            if _code_in(error) != "NoSuchBucket":
                raise FileGone(f"there is no such file in {self.place}") from None
            raise self._away("does not exist: create it, or mend S3_BUCKET") from None
        except (PermissionDeniedError, UnauthenticatedError) as error:
            raise self._away(_refused(_code_in(error))) from None
        except BaseError as error:
            raise self._away(self._broken(str(error), _code_in(error))) from None

    def _away(self, what: str) -> FilesAway:
        return FilesAway(f"{self.place} {what}")

    def _broken(self, said: str, code: str) -> str:
        if code:
            return f"answered with the error {code}"
        if "kind: Timeout" in said:
            return f"did not answer within {self._patience_s:g} s"
        if "kind: Connect" in said:
            return "cannot be reached: is S3_ENDPOINT right, and does the S3 run?"
        return "gave no answer that is one of an S3: is S3_ENDPOINT right?"


def _store(at: S3Bucket, endpoint: str, patience_s: float) -> S3Store:
    return S3Store(
        at.bucket,
        # obstore reads AWS_* of the environment, too, and lets some of them win:
        # given like this, nothing of another S3 comes in (tried with 0.12.1).
        aws_endpoint_url_s3=endpoint,
        credential_provider=lambda: {
            "access_key_id": at.access_key,
            "secret_access_key": at.secret_key,
            "expires_at": None,
        },
        region=at.region,
        skip_signature=False,
        s3_express=False,
        virtual_hosted_style_request=False,
        disable_bulk_delete=True,  # not every S3 has it
        client_options={
            "allow_http": True,
            "connect_timeout": timedelta(seconds=CONNECT_S),
            "timeout": timedelta(seconds=patience_s),
        },
        # Its own default tries ten times within three minutes.
        retry_config={
            "max_retries": 1,
            "retry_timeout": timedelta(seconds=patience_s),
        },
    )


def _code_in(error: Exception) -> str:
    found = _CODE.search(str(error))
    return found[1] if found else ""


def _refused(code: str) -> str:
    if code == "SignatureDoesNotMatch":
        return f"refuses our signature ({code}): mend S3_SECRET_KEY or S3_REGION"
    if code == "InvalidAccessKeyId":
        return f"does not know our key ({code}): mend S3_ACCESS_KEY"
    return (
        f"refuses our key ({code or 'no reason given'}): it must be allowed to read,"
        " write and delete there"
    )
