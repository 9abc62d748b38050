"""One model for the agent; underneath, whoever can serve. The last is built in."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

import structlog
from pydantic_ai.messages import ModelMessage, ModelResponse
from pydantic_ai.models import Model, ModelRequestParameters
from pydantic_ai.models.fallback import FallbackModel
from pydantic_ai.settings import ModelSettings

from .asking import Asking, NotAsked, Request
from .errand import Errand, current_errand
from .faults import Fault, FaultKind
from .foreign import bad_calls, for_provider, trimmed
from .route import Candidate, Route, last_four

_BAD_CALLS = 2  # of one provider in a turn; then somebody else is asked

_log = structlog.get_logger()


@dataclass(frozen=True, kw_only=True)
class Trouble:
    """What an admin should hear of: a key that is refused, a model that is not there."""

    provider: str
    account: str
    key: str  # its last four characters
    reason: str
    kind: FaultKind


class Purse(Protocol):
    """What may still be spent today."""

    async def is_low(self) -> bool:
        """Whether cheaper models should serve."""
        ...

    async def is_empty(self) -> bool:
        """Whether nothing that costs may be asked."""
        ...


class NoLimit:
    """A purse without a bottom."""

    async def is_low(self) -> bool:
        return False

    async def is_empty(self) -> bool:
        return False


async def _tell_nobody(_trouble: Trouble) -> None:
    pass


class Router(FallbackModel):
    """The framework treats it as a model of models; who serves is decided here.

    FallbackModel itself has no memory: no rest, no rotation, and it does not see
    malformed, empty or refused answers.
    """

    def __init__(
        self,
        routes: Sequence[Route],
        last: Model,
        *,
        asking: Asking,
        purse: Purse | None = None,
        on_trouble: Callable[[Trouble], Awaitable[None]] | None = None,
    ) -> None:
        super().__init__(last)
        self._routes = tuple(routes)
        self._last = last
        self._asking = asking
        self._purse = purse or NoLimit()
        self._on_trouble = on_trouble or _tell_nobody

    @property
    def model_name(self) -> str:
        """One name, whoever serves: traces of a run belong together."""
        return "router"

    @property
    def model_id(self) -> str:
        """As the name."""
        return "gust:router"

    @property
    def system(self) -> str:
        """Whose model it is: ours."""
        return "gust"

    async def request(
        self,
        messages: list[ModelMessage],
        model_settings: ModelSettings | None,
        model_request_parameters: ModelRequestParameters,
    ) -> ModelResponse:
        """The answer of the first provider that can give one."""
        errand = current_errand()
        request = Request(
            messages=trimmed(messages) if errand.is_trimmed else messages,
            settings=model_settings,
            parameters=model_request_parameters,
        )
        for route in await self._routes_for(request):
            outcome = await self._ask_route(route, request, errand)
            if isinstance(outcome, ModelResponse):
                return outcome
            if outcome is not None and not _may_go_on(outcome):
                break
        if self._routes:
            own = for_provider(request.messages, self._last.model_name)
            request = replace(request, messages=own)
        return await self._asking.ask_last(self._last, request, errand)

    async def _routes_for(self, request: Request) -> Sequence[Route]:
        may_cost = not await self._purse.is_empty()
        return [
            route
            for route in self._routes
            if may_cost or route.settings.is_trusted
            if bad_calls(request.messages, route.provider) < _BAD_CALLS
        ]

    async def _ask_route(
        self, route: Route, request: Request, errand: Errand
    ) -> ModelResponse | Fault | None:
        """The answer of a route, or the fault that ended it; None: no key may serve."""
        passed_over: set[str] = set()  # accounts that must rest
        for candidate in route.candidates(cheap=await self._purse.is_low()):
            if candidate.account in passed_over:
                continue
            try:
                return await self._ask(candidate, request, errand)
            except NotAsked:
                continue
            except Fault as fault:
                if fault.kind is FaultKind.BUSY:
                    passed_over.add(candidate.account)
                elif fault.kind is not FaultKind.KEY:
                    return fault
        return None

    async def _ask(
        self, candidate: Candidate, request: Request, errand: Errand
    ) -> ModelResponse:
        """The answer of a candidate; one that is told too much is asked once more."""
        try:
            return await self._asking.ask(candidate, request, errand)
        except Fault as fault:
            await self._note(candidate, fault)
            if fault.kind is not FaultKind.CONTEXT or errand.is_trimmed:
                raise
        errand.is_trimmed = True
        shorter = replace(request, messages=trimmed(request.messages))
        try:
            return await self._asking.ask(candidate, shorter, errand)
        except Fault as fault:
            await self._note(candidate, fault)
            raise

    async def _note(self, candidate: Candidate, fault: Fault) -> None:
        route = candidate.route
        is_new = await self._asking.shut(candidate, fault)
        _log.warning(
            "provider_fault",
            provider=route.name,
            account=candidate.account,
            kind=fault.kind.value,
            reason=fault.reason,
        )
        if is_new and fault.kind in (FaultKind.KEY, FaultKind.MISCONFIGURED):
            await self._on_trouble(
                Trouble(
                    provider=route.provider,
                    account=candidate.account,
                    key=last_four(candidate.key),
                    reason=fault.reason,
                    kind=fault.kind,
                )
            )


def _may_go_on(fault: Fault) -> bool:
    """Whether another provider may be asked the same.

    What one refused to answer is not passed round; what did not fit even without the
    past is for the built-in model, which reads the question only.
    """
    return fault.kind not in (FaultKind.REFUSED, FaultKind.CONTEXT)
