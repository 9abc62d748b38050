"""Every use of a privileged tool is kept, refused ones too."""

from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager

from pydantic_ai import ModelRetry

from memory.records import ToolOutcome

from .context import ToolContext
from .errors import BackendRefused, BackendUnavailable


@asynccontextmanager
async def audited(
    context: ToolContext, tool: str, **arguments: object
) -> AsyncGenerator[None]:
    """Note who called what with which arguments, and how it ended."""
    outcome = ToolOutcome.UNAVAILABLE
    try:
        yield
        outcome = ToolOutcome.OK
    except BackendRefused:
        outcome = ToolOutcome.REFUSED
        raise
    except BackendUnavailable:
        raise
    except ModelRetry:
        outcome = ToolOutcome.INVALID
        raise
    finally:
        await context.desk.memory.audit.note(
            context.contact.id, tool, _given(arguments), outcome
        )


def _given(arguments: Mapping[str, object]) -> dict[str, object]:
    return {name: value for name, value in arguments.items() if value is not None}
