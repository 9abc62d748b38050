"""Does it answer well? Conversations sent through the same house as everybody's."""

from .command import (
    Asked,
    compare_command,
    record_command,
    report_command,
    run_command,
)
from .errors import BrokenCases, WrongUse
from .house import InProcessHouse
from .recording import RecordingChannel, recording_channels
from .recording_command import AskedToRecord
from .runner import Pace, run_evals
from .world import BuildHouse, CaseWorld, EndState, House, TurnSeen

__all__ = [
    "Asked",
    "AskedToRecord",
    "BrokenCases",
    "BuildHouse",
    "CaseWorld",
    "EndState",
    "House",
    "InProcessHouse",
    "Pace",
    "RecordingChannel",
    "TurnSeen",
    "WrongUse",
    "compare_command",
    "record_command",
    "recording_channels",
    "report_command",
    "run_command",
    "run_evals",
]
