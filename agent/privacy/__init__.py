"""The veil: personal values become tokens before a text leaves the house.

A name that records know is covered in any spelling; what a token stands for never
changes within a conversation, and only values of this conversation can come back.
"""

from .messages import Uncoverable, cover_messages, cover_parameters, uncover_response
from .replies import uncover_reply
from .structures import cover_json, uncover_json
from .tokens import Kept, Kind
from .veil import Veil

__all__ = [
    "Kept",
    "Kind",
    "Uncoverable",
    "Veil",
    "cover_json",
    "cover_messages",
    "cover_parameters",
    "uncover_json",
    "uncover_reply",
    "uncover_response",
]
