"""A page that whoever holds its link may read until it expires."""

import base64
import hashlib
import hmac
from contextlib import AsyncExitStack
from datetime import datetime, timedelta
from typing import Any

from pydantic_ai import RunContext

from memory.records import NewPage, Service

from .audit import audited
from .call_key import call_key
from .context import Desk, Receipt, ToolContext
from .errors import BackendRefused
from .rights import PROVED, check_role

MAX_TITLE_CHARS = 120
MAX_BODY_CHARS = 20_000
MAX_HOURS = 168
_TOKEN_BYTES = 24
_NAME = "create_temporary_page"


async def create_temporary_page(
    ctx: RunContext[ToolContext],
    title: str,
    body_markdown: str,
    hours: int | None = None,
) -> dict[str, Any]:
    """Publish a page with an unguessable link that stops working by itself.

    For what is too long for a message. Returns `link`, to be given to the contact
    exactly as it is, and `expires_at`.

    Args:
        title: At most 120 characters, without any name of a child.
        body_markdown: The text as Markdown, at most 20000 characters, no images.
        hours: How long the link works, 1 to 168. Leave out for the usual time.
    """
    context = ctx.deps
    async with AsyncExitStack() as stack:
        if context.role == "admin":
            kept = {"title": title[:MAX_TITLE_CHARS], "hours": hours}
            await stack.enter_async_context(audited(context, _NAME, **kept))
        check_role(context, PROVED)
        _check(context.desk, title, body_markdown, hours)
        link, expires_at = await _publish(
            context, title.strip(), body_markdown, hours or context.desk.page_hours
        )
    context.receipts.append(Receipt("page", link))
    is_admin = context.role == "admin"
    context.services.add(Service.SUPER_ADMIN if is_admin else Service.CATECHESE)
    return {"link": link, "expires_at": expires_at.isoformat()}


def _check(desk: Desk, title: str, body: str, hours: int | None) -> None:
    if not desk.secret:
        # Without a secret anybody could compute the link.
        raise BackendRefused("Refused: pages are not set up here. Answer in messages.")
    if not 0 < len(title.strip()) <= MAX_TITLE_CHARS:
        raise BackendRefused(f"Refused: give a title of 1 to {MAX_TITLE_CHARS} letters")
    if not 0 < len(body.strip()) <= MAX_BODY_CHARS:
        raise BackendRefused(f"Refused: give a text of 1 to {MAX_BODY_CHARS} letters")
    if hours is not None and not 1 <= hours <= MAX_HOURS:
        raise BackendRefused(f"Refused: a page lives for 1 to {MAX_HOURS} hours")


async def _publish(
    context: ToolContext, title: str, body: str, hours: int
) -> tuple[str, datetime]:
    desk = context.desk
    key = call_key(context, _NAME, title=title, body=body, hours=hours)
    token = _token(desk.secret, key)
    expires_at = desk.now() + timedelta(hours=hours)
    await desk.memory.pages.add(
        NewPage(
            key=key,
            token=token,
            title=title,
            body_markdown=body,
            created_by=f"{context.role}:{context.contact.id}",
            expires_at=expires_at,
            conversation_id=context.conversation.id,
        )
    )
    # A turn that runs again finds the page of its first run, with its own expiry.
    kept = await desk.memory.pages.by_token(token)
    link = f"{desk.public_url.rstrip('/')}/p/{token}"
    return link, kept.expires_at if kept else expires_at


def _token(secret: str, key: str) -> str:
    mac = hmac.new(secret.encode(), f"page:{key}".encode(), hashlib.sha256).digest()
    return base64.urlsafe_b64encode(mac[:_TOKEN_BYTES]).decode()
