"""One request to one candidate: its gates, its time, what came of it."""

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

import structlog
from pydantic_ai.messages import ModelMessage, ModelResponse
from pydantic_ai.models import Model, ModelRequestParameters
from pydantic_ai.settings import ModelSettings
from pydantic_ai.usage import RequestUsage

from memory.records import ModelCall

from ..privacy import (
    Uncoverable,
    cover_messages,
    cover_parameters,
    uncover_response,
)
from .cost import note_cost
from .errand import Errand
from .faults import Fault, FaultKind, fault_in, fault_of
from .foreign import for_provider
from .gates import Gates, Pass
from .route import Candidate

_LEAST_S = 0.3  # less is not worth a request

_log = structlog.get_logger()

# The provider is there: what was wrong is the request.
_IS_WELL = (FaultKind.REJECTED, FaultKind.CONTEXT, FaultKind.REFUSED)


@dataclass(frozen=True, kw_only=True)
class Request:
    """What the agent asks, whoever serves it."""

    messages: list[ModelMessage]
    settings: ModelSettings | None
    parameters: ModelRequestParameters


class NotAsked(Exception):
    """A gate is shut, there is no time, or it may not leave: nothing was sent."""


class Asking:
    """Asks candidates; tells `on_call` of every request that was really made."""

    def __init__(
        self,
        gates: Gates,
        *,
        now: Callable[[], datetime],
        on_call: Callable[[ModelCall], None],
    ) -> None:
        self._gates = gates
        self._now = now
        self._on_call = on_call

    async def ask(
        self, candidate: Candidate, request: Request, errand: Errand
    ) -> ModelResponse:
        """The answer of a candidate, with real names in it.

        Raises:
            NotAsked: nothing was sent.
            Fault: no usable answer.
        """
        allowed_s = errand.allowed_s
        if allowed_s < _LEAST_S:
            raise NotAsked
        told = _told(candidate, request, errand)
        passed = await self._gates.enter(candidate.gates)
        if passed is Pass.SHUT:
            raise NotAsked
        started = time.monotonic()
        try:
            answer = await self._answer(candidate, told, errand, allowed_s)
        except Fault as fault:
            self._note(errand, self._call(candidate, fault.kind, started))
            fault.is_of_probe = passed is Pass.PROBE
            if fault.is_of_probe and fault.kind in _IS_WELL:
                await self._gates.open(candidate.gates)
            raise
        if passed is Pass.PROBE:
            await self._gates.open(candidate.gates)
        self._note(errand, self._call(candidate, "ok", started, answer))
        return answer

    async def ask_last(
        self, model: Model, request: Request, errand: Errand
    ) -> ModelResponse:
        """The answer of the built-in model: no gate, no veil, no fault."""
        started = time.monotonic()
        messages = model.prepare_messages(request.messages, request.parameters)
        answer = await model.request(messages, request.settings, request.parameters)
        served_by = answer.provider_name or answer.model_name or model.model_name
        self._note(
            errand,
            ModelCall(
                at=self._now(),
                provider=served_by,
                model=answer.model_name or served_by,
                account="",
                outcome="ok",
                duration_ms=_since_ms(started),
                cost_usd=0.0,
            ),
        )
        return answer

    async def shut(self, candidate: Candidate, fault: Fault) -> bool:
        """Shut the gate that a fault is about; True when it was open before."""
        gate = candidate.gate_for(fault)
        if gate is None:
            return False
        name, rest = gate
        is_new = await self._gates.shut(name, rest)
        if fault.is_of_probe:  # of the others it has told nothing
            await self._gates.release([n for n in candidate.gates if n != name])
        return is_new

    async def _answer(
        self,
        candidate: Candidate,
        told: Request,
        errand: Errand,
        allowed_s: float,
    ) -> ModelResponse:
        route = candidate.route
        settings = _in_time(told.settings, allowed_s)
        try:
            async with asyncio.timeout(allowed_s):
                answer = await candidate.model.request(
                    told.messages, settings, told.parameters
                )
        except Exception as error:  # noqa: BLE001  (SDKs fail in any way on bad bodies)
            raise fault_of(error, route.codes) from None
        fault = fault_in(answer)
        if fault is not None:
            raise fault
        if route.settings.is_trusted:
            return answer
        return uncover_response(answer, errand.veil, language=errand.language)

    def _note(self, errand: Errand, call: ModelCall) -> None:
        errand.calls.append(call)
        self._on_call(call)

    def _call(
        self,
        candidate: Candidate,
        outcome: str,
        started: float,
        answer: ModelResponse | None = None,
    ) -> ModelCall:
        used = answer.usage if answer else RequestUsage()
        return ModelCall(
            at=self._now(),
            provider=candidate.route.provider,
            model=candidate.model_name,
            account=candidate.account,
            outcome=outcome,
            duration_ms=_since_ms(started),
            input_tokens=used.input_tokens,
            output_tokens=used.output_tokens,
            cached_tokens=used.cache_read_tokens,
            cost_usd=note_cost(answer) if answer else None,
        )


def _told(candidate: Candidate, request: Request, errand: Errand) -> Request:
    """The request as this provider may read it: with tokens for personal values.

    Raises:
        NotAsked: something in it cannot be read here, so it may not leave.
    """
    provider, parameters = candidate.route.settings, request.parameters
    messages = candidate.model.prepare_messages(
        for_provider(request.messages, provider.name), parameters
    )
    if provider.is_trusted:
        return replace(request, messages=messages)
    try:
        return replace(
            request,
            messages=cover_messages(
                messages,
                errand.veil,
                # Every request of the past holds them, up to 36 times 2 kB.
                instructions_stay=parameters.instruction_parts is not None,
            ),
            parameters=cover_parameters(parameters, errand.veil),
        )
    except Uncoverable as error:
        _log.error("may_not_leave", provider=provider.name, what=str(error))
        raise NotAsked from None


def _in_time(settings: ModelSettings | None, allowed_s: float) -> ModelSettings:
    return {**(settings or {}), "timeout": allowed_s}


def _since_ms(started: float) -> int:
    return round((time.monotonic() - started) * 1000)
