"""Google Drive v3 by Google's own client, one call at a time and never in the loop.

Each call has a connection of its own with a time-out: httplib2 has none, and is not
for two threads. Source: Drive API v3, discovery document and guides, read 2026-11.
"""

import asyncio
import json
from collections.abc import AsyncIterator, Mapping
from typing import Any, Protocol, cast

from ..errors import BackendUnavailable
from .drive_settings import KEY_FILE, DriveSettings

SCOPE = "https://www.googleapis.com/auth/drive.readonly"
AT_ONCE = 3  # calls: threads are left for searches
TIMEOUT_S = 20
RETRIES = 2  # of a call that is asked to slow down, jittered by the client
PAGE = 1000
FILE_FIELDS = (
    "id,name,mimeType,parents,trashed,md5Checksum,version,modifiedTime,webViewLink,"
    "size,driveId,shortcutDetails(targetId,targetMimeType)"
)

# Limits that come with 403, "Resolve errors", Drive API v3 guides.
_LIMITS = frozenset(
    {"rateLimitExceeded", "userRateLimitExceeded", "dailyLimitExceeded"}
    | {"sharingRateLimitExceeded", "downloadQuotaExceeded", "quotaExceeded"}
)

Answer = Mapping[str, Any]


class DriveRefused(Exception):
    """Google has refused one call: `status` and `reason` are its own words."""

    def __init__(self, status: int, reason: str) -> None:
        super().__init__(f"Google answers {status} ({reason})")
        self.status = status
        self.reason = reason

    @property
    def is_passing(self) -> bool:
        """Whether the same call may be answered later."""
        return self.status in (429, 500, 502, 503, 504) or self.reason in _LIMITS


class _Request(Protocol):
    def execute(self, *, http: Any, num_retries: int) -> Any: ...


class DriveClient:
    """The calls that are made. All but `email` raise `DriveRefused`.

    Raises:
        BackendUnavailable: Google cannot be reached, or refuses the key.
    """

    def __init__(self, settings: DriveSettings) -> None:
        # Here, because they take half a second that a folder need not wait for.
        from google.oauth2 import service_account
        from googleapiclient import discovery  # pyright: ignore[reportMissingTypeStubs]

        self.email = settings.email
        try:
            self._credentials: Any = cast(
                Any, service_account
            ).Credentials.from_service_account_info(settings.key, scopes=[SCOPE])
        except ValueError:  # its text may hold a part of the key
            raise ValueError(f"{KEY_FILE}: its private key cannot be read") from None
        self._drive: Any = cast(Any, discovery).build(
            "drive",
            "v3",
            http=object(),  # each call brings its own
            static_discovery=True,
            client_options={"api_endpoint": settings.base_url},
        )
        self._some = asyncio.Semaphore(AT_ONCE)

    async def file(self, file_id: str) -> Answer:
        """What is known of one file or folder."""
        return await self._json(
            self._drive.files().get(
                fileId=file_id, supportsAllDrives=True, fields=FILE_FIELDS
            )
        )

    async def is_member(self, drive_id: str) -> bool:
        """Whether the account is a member of a shared drive, not only a guest."""
        try:
            await self._json(self._drive.drives().get(driveId=drive_id, fields="id"))
        except DriveRefused as refused:
            if refused.is_passing:
                raise
            return False
        return True

    async def children(
        self, folder_id: str, *, drive_id: str | None
    ) -> AsyncIterator[Answer]:
        """The files and folders right in a folder, the bin left out."""
        where = {"corpora": "drive", "driveId": drive_id} if drive_id else {}
        asked = {
            "q": f"'{folder_id}' in parents and trashed = false",
            "fields": f"nextPageToken,files({FILE_FIELDS})",
            "pageSize": PAGE,
            "supportsAllDrives": True,
            "includeItemsFromAllDrives": True,
            **where,
        }
        token: str | None = None
        while True:
            page = await self._json(self._drive.files().list(**asked, pageToken=token))
            for each in page.get("files", ()):
                yield each
            token = page.get("nextPageToken")
            if not token:
                return

    async def start_token(self, drive_id: str | None) -> str:
        """Where the changes after this moment begin, of the account or a drive."""
        answer = await self._json(
            self._drive.changes().getStartPageToken(
                supportsAllDrives=True, **_of(drive_id)
            )
        )
        return str(answer["startPageToken"])

    async def changes(
        self, token: str, *, drive_id: str | None
    ) -> tuple[list[Answer], str]:
        """All changes since a token, oldest first, and the token of the next look."""
        found: list[Answer] = []
        while True:
            page = await self._json(
                self._drive.changes().list(
                    pageToken=token,
                    pageSize=PAGE,
                    includeRemoved=True,
                    supportsAllDrives=True,
                    includeItemsFromAllDrives=True,
                    fields="nextPageToken,newStartPageToken,"
                    f"changes(fileId,removed,file({FILE_FIELDS}))",
                    **_of(drive_id),
                )
            )
            found.extend(page.get("changes", ()))
            if "newStartPageToken" in page:
                return found, str(page["newStartPageToken"])
            token = str(page["nextPageToken"])

    async def export(self, file_id: str, *, mime_type: str) -> bytes:
        """A document of Google's editors in another format, 10 MB at most."""
        return await self._bytes(
            self._drive.files().export_media(fileId=file_id, mimeType=mime_type)
        )

    async def content(self, file_id: str) -> bytes:
        """What was uploaded."""
        return await self._bytes(
            self._drive.files().get_media(fileId=file_id, supportsAllDrives=True)
        )

    async def _json(self, request: _Request) -> Answer:
        return cast("Answer", await self._called(request))

    async def _bytes(self, request: _Request) -> bytes:
        return cast("bytes", await self._called(request))

    async def _called(self, request: _Request) -> object:
        async with self._some:
            return await asyncio.to_thread(self._call, request)

    def _call(self, request: _Request) -> object:
        import httplib2
        from google.auth.exceptions import GoogleAuthError, TransportError
        from google_auth_httplib2 import (  # pyright: ignore[reportMissingTypeStubs]
            AuthorizedHttp,
        )
        from googleapiclient.errors import (  # pyright: ignore[reportMissingTypeStubs]
            HttpError,
        )

        http = AuthorizedHttp(
            self._credentials, http=cast(Any, httplib2).Http(timeout=TIMEOUT_S)
        )
        try:
            return request.execute(http=http, num_retries=RETRIES)
        except HttpError as error:
            raise _refusal(cast(Any, error), self.email) from None
        except (OSError, TransportError, cast(Any, httplib2).HttpLib2Error) as error:
            raise _away(error) from None
        except GoogleAuthError as error:
            if cast(Any, error).retryable:
                raise _away(error) from None
            raise BackendUnavailable(_refused_key(self.email)) from None
        finally:
            http.close()


def _of(drive_id: str | None) -> dict[str, str]:
    return {"driveId": drive_id} if drive_id else {}


def _away(error: BaseException) -> BackendUnavailable:
    return BackendUnavailable(
        f"Google Drive cannot be reached ({type(error).__name__}): it is tried again"
    )


def _refused_key(email: str) -> str:
    return (
        f"Google refuses the key of {email}: make a new one, and check the clock of"
        f" this machine ({KEY_FILE})"
    )


def _refusal(error: Any, email: str) -> Exception:
    status = int(error.resp.status)
    if status == 401:
        return BackendUnavailable(_refused_key(email))
    reason = _reason(error.content)
    if reason == "accessNotConfigured":
        return BackendUnavailable(
            "the Drive API is off: enable it in the project of the service account"
        )
    return DriveRefused(status, reason)


def _reason(content: bytes) -> str:
    try:
        answer: Any = json.loads(content)
        return str(answer["error"]["errors"][0]["reason"])
    except (ValueError, LookupError, TypeError):
        return "unknown"
