"""Every HTTP route: webhooks, the web chat, staff, pages, health."""

from .app import build_app
from .parts import DemoContact, WebParts

__all__ = ["DemoContact", "WebParts", "build_app"]
