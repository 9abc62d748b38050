"""The veil: personal values become tokens before a text leaves the house.

A name that records know is covered in any spelling; what a token stands for never
changes within a conversation, and only values of this conversation can come back.
"""

from .replies import uncover_reply
from .tokens import Kept, Kind
from .veil import Veil

__all__ = ["Kept", "Kind", "Veil", "uncover_reply"]
