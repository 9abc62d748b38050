"""Anthropic, z.ai, OpenAI, OpenRouter and Gemini to talk to, over real sockets.

Alone:   python -m tests.counterparts.providers --port 0     prints its port
In test: async with running_providers() as providers:
             … providers.base_url("zai"), providers.asked, providers.faults
         with providers_in_a_thread() as providers: …

What is replied is a script in neutral words (`words.py`, the default is `script.py`).
What goes wrong is chosen by the API key, which may spell it (`faults.py`):

    ZaiProvider(api_key="second:429-retry-7", base_url=providers.base_url("zai"))
    providers.faults["key-a"] = Fault("drop", times=2)
"""

from .account import Credit
from .faults import Fault
from .script import greet
from .server import (
    Provider,
    ProviderCounterpart,
    providers_in_a_thread,
    running_providers,
)
from .words import Answered, Asked, Called, Message, Reply, Said, Script, ToolUse, Usage

__all__ = [
    "Answered",
    "Asked",
    "Called",
    "Credit",
    "Fault",
    "Message",
    "Provider",
    "ProviderCounterpart",
    "Reply",
    "Said",
    "Script",
    "ToolUse",
    "Usage",
    "greet",
    "providers_in_a_thread",
    "running_providers",
]
