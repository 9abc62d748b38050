"""What can go wrong between a message and a reply.

* AgentError
  - NoReply   no provider gave a usable reply: tried again, then parked and shown
  - TooSlow   the turn's time is over: the parent is told, a human is offered
"""


class AgentError(Exception):
    """A turn did not come to a reply."""


class NoReply(AgentError):
    """Every provider failed, or what came back cannot be sent."""


class TooSlow(AgentError):
    """The reply did not come within the turn's time."""
