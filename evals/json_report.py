"""A run as the JSON that other people's scripts read (docs: the contract)."""

import json
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from pydantic import BaseModel, Field, ValidationError

from memory.records import ToolCall, ToolOutcome

from .errors import WrongUse
from .results import CaseResult, Repetition, Results, TurnResult
from .world import EndState


def to_json(results: Results) -> str:
    """The run as JSON text.

    `findings` of a turn are its failures and then, with "guard: " before them, what
    a guard changed; failures of the end stand with the last turn. `pass_1` is the
    share of the repetitions that passed, `pass_k` is 1.0 when all of them did.
    """
    content = {
        "cases": [_case(case) for case in results.cases],
        "summary": {
            "cases": len(results.cases),
            "passed": results.passed,
            "model": results.model,
        },
    }
    return json.dumps(content, ensure_ascii=False, indent=1)


def read_json(file: Path) -> Results:
    """The run that an earlier `--json FILE` wrote.

    Raises:
        WrongUse: the file cannot be read, or is no such JSON.
    """
    try:
        run = _Run.model_validate_json(file.read_bytes())
    except OSError as error:
        raise WrongUse(f"{file} cannot be read: {error.strerror}") from error
    except ValidationError as error:
        first = error.errors()[0]
        key = ".".join(map(str, first["loc"]))
        raise WrongUse(
            f"{file} is not the JSON of `evals run --json`: {key}: {first['msg']}"
        ) from error
    return run.results()


def _case(case: CaseResult) -> Mapping[str, object]:
    return {
        "id": case.id,
        "pass_1": case.pass_1,
        "pass_k": 1.0 if case.passed else 0.0,
        "repetitions": [_repetition(each) for each in case.repetitions],
    }


def _repetition(repetition: Repetition) -> Mapping[str, object]:
    state = repetition.state
    return {
        "passed": repetition.passed,
        "state": None if state is None else asdict(state),
        "turns": [_turn(turn) for turn in repetition.turns],
    }


def _turn(turn: TurnResult) -> Mapping[str, object]:
    return {
        "say": turn.say,
        "replies": turn.replies,
        "tools": [
            {
                "name": call.name,
                "arguments": dict(call.arguments),
                "outcome": call.outcome.value,
            }
            for call in turn.tools
        ],
        "provider": turn.provider,
        "model_calls": turn.model_calls,
        "duration_ms": turn.duration_ms,
        "cost_usd": turn.cost_usd,
        "findings": turn.findings,
    }


class _Tool(BaseModel):
    name: str
    arguments: dict[str, Any]
    outcome: ToolOutcome


class _Turn(BaseModel):
    say: str
    replies: tuple[str, ...]
    tools: tuple[_Tool, ...]
    provider: str
    model_calls: int
    duration_ms: int
    cost_usd: float | None
    findings: tuple[str, ...]

    def result(self) -> TurnResult:
        notes = tuple(f for f in self.findings if f.startswith("guard: "))
        return TurnResult(
            say=self.say,
            replies=self.replies,
            tools=tuple(ToolCall(**dict(tool)) for tool in self.tools),
            provider=self.provider,
            model_calls=self.model_calls,
            duration_ms=self.duration_ms,
            cost_usd=self.cost_usd,
            failures=tuple(f for f in self.findings if f not in notes),
            notes=notes,
        )


class _State(BaseModel):
    verified: bool
    handoffs: int
    pages: int
    mode: str


class _Repetition(BaseModel):
    state: _State | None
    turns: tuple[_Turn, ...]

    def result(self) -> Repetition:
        return Repetition(
            turns=tuple(turn.result() for turn in self.turns),
            state=EndState(**dict(self.state)) if self.state else None,
        )


class _Case(BaseModel):
    id: str
    repetitions: tuple[_Repetition, ...] = Field(min_length=1)


class _Summary(BaseModel):
    model: str


class _Run(BaseModel):
    cases: tuple[_Case, ...]
    summary: _Summary

    def results(self) -> Results:
        return Results(
            model=self.summary.model,
            cases=tuple(
                CaseResult(
                    id=case.id,
                    repetitions=tuple(each.result() for each in case.repetitions),
                )
                for case in self.cases
            ),
        )
