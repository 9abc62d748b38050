"""The model without a network: it serves when nothing else can, and in the demo."""

from .model import OfflineModel

__all__ = ["OfflineModel"]
