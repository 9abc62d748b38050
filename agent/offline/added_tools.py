"""The tools that a maintainer added: found by how people ask, or by description."""

from collections.abc import Collection, Mapping
from threading import Lock
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray
from pydantic_ai.tools import ToolDefinition
from rapidfuzz import fuzz

from tools.backends.embedder import Embedder

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
# Measured on five invented tools: paraphrases of an example are 0.91 to 0.97 near it,
# other questions of parents up to 0.90; a description is 0.83 to 0.91 near the
# questions that it answers, up to 0.84 near others.
_ASKED_SO = 0.91
_DESCRIBED = 0.845
_SPELT_SO = 90  # of 100: the same words, without an embedder


class AddedTools:
    """Chooses among tools that no rule knows. Remembers the vectors of their texts."""

    def __init__(self, embedder: Embedder | None) -> None:
        self._embedder = embedder
        self._vectors: dict[str, NDArray[np.float32]] = {}
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
            return 1.0
        if self._embedder is None:
            return -1.0
        asked = self._vector(text, self._embedder)
        near = [
            float(self._vector(each, self._embedder) @ asked) - _ASKED_SO
            for each in examples
        ]
        if not (tool.metadata or {}).get("writes"):
            described = float(self._described(tool, self._embedder) @ asked)
            near.append(described - _DESCRIBED)
        return max(near, default=-1.0)

    def _vector(self, text: str, embedder: Embedder) -> NDArray[np.float32]:
        with self._lock:
            if text not in self._vectors:
                if len(self._vectors) > 1000:
                    self._vectors.clear()
                self._vectors[text] = embedder.query(text)
            return self._vectors[text]

    def _described(
        self, tool: ToolDefinition, embedder: Embedder
    ) -> NDArray[np.float32]:
        text = f"{tool.name.replace('_', ' ')}. {tool.description or ''}"
        with self._lock:
            if text not in self._vectors:
                self._vectors[text] = embedder.passages([text])[0]
            return self._vectors[text]


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
