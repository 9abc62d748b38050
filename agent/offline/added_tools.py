"""The tools that a maintainer added: found by how people ask, or by description."""

from collections.abc import Collection, Mapping, Sequence
from threading import Lock
from typing import Any, cast

import numpy as np
from pydantic_ai.tools import ToolDefinition
from rapidfuzz import fuzz

from tools.backends.encoder import Encoder, Packed
from tools.backends.token_vectors import interaction

from .words import spoken

Tools = Mapping[str, ToolDefinition]

# The mind has rules of its own for these, and for every action of the profiles.
_RULED = frozenset(
    {
        "verify_parent_code",
        "search_documents",
        "hand_off_to_human",
        "create_temporary_page",
        "find_people",
        "query_table",
        "list_handoffs",
    }
)
# Logarithms of odds by the encoder. Measured on one invented tool and eight questions:
# paraphrases of an example have 5.7 to 13, other questions up to 5.7; a description has
# 3.6 to 7.9 for the questions that it answers, up to -0.2 for others.
_ASKED_SO = 6.5
_DESCRIBED = 2.0
_SPELT_SO = 90  # of 100: the same words, without an encoder
_CERTAIN = 100.0


class AddedTools:
    """Chooses among tools that no rule knows. Remembers the vectors of their texts."""

    def __init__(self, encoder: Encoder | None) -> None:
        self._encoder = encoder
        self._passages: dict[str, Packed] = {}
        self._lock = Lock()

    def asked_for(
        self, text: str, tools: Tools, *, known: Collection[str]
    ) -> ToolDefinition | None:
        """The tool that a question asks for, if one clearly does.

        Only one whose arguments the question can give. One that writes must have
        been given examples of how it is asked for: a description is too vague.
        """
        added = [
            tool
            for name, tool in tools.items()
            if name not in _RULED and name not in known and _can_be_called(tool)
        ]
        if not added:
            return None
        nearest = max(added, key=lambda tool: self._nearness(text, tool))
        return nearest if self._nearness(text, nearest) >= 0 else None

    def _nearness(self, text: str, tool: ToolDefinition) -> float:
        """How far above what is enough; below zero: not asked for."""
        examples = _asked_as(tool)
        spelt = max((_likeness(text, each) for each in examples), default=0.0)
        if spelt >= _SPELT_SO:
            return _CERTAIN
        if self._encoder is None:
            return -1.0
        told, enough = [*examples], [_ASKED_SO] * len(examples)
        if not (tool.metadata or {}).get("writes"):
            told.append(f"{tool.name.replace('_', ' ')}. {tool.description or ''}")
            enough.append(_DESCRIBED)
        if not told:
            return -1.0
        odds = interaction(self._encoder, text, self._read(told, self._encoder)).odds
        return float((odds - np.array(enough)).max())

    def _read(self, texts: Sequence[str], encoder: Encoder) -> Sequence[Packed]:
        with self._lock:
            new = [text for text in texts if text not in self._passages]
            self._passages.update(zip(new, encoder.passages(new), strict=True))
            return [self._passages[text] for text in texts]


def arguments_from(tool: ToolDefinition, text: str) -> Mapping[str, str]:
    """The question, for the one text that the tool needs."""
    return dict.fromkeys(_required(tool), text)


def _required(tool: ToolDefinition) -> list[str]:
    return cast("list[str]", tool.parameters_json_schema.get("required", []))


def _can_be_called(tool: ToolDefinition) -> bool:
    properties: Mapping[str, Any] = tool.parameters_json_schema.get("properties", {})
    required = _required(tool)
    return len(required) <= 1 and all(
        properties.get(name, {}).get("type") == "string" for name in required
    )


def _asked_as(tool: ToolDefinition) -> tuple[str, ...]:
    return tuple((tool.metadata or {}).get("asked_as", ()))


def _likeness(text: str, example: str) -> float:
    return fuzz.ratio(spoken(text), spoken(example))
