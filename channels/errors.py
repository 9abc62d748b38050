"""What can go wrong at a door.

* ChannelError
  - ForgedCall            not from the platform: 401, keep nothing
  - NotUnderstood         not what the platform documents: 422, keep nothing
  - ClosedDoor            its secret is not configured: 503, ask again later
  - SignInAway            the service that knows staff cannot be asked: 503
  - SignInUnproven        it answered, and that proves nothing: let nobody in
  - DeliveryError
    - DeliveryRefused     asking again will not help: park, tell staff
    - DeliveryUnavailable ask again in `retry_after_s`; it was certainly not sent
    - DeliveryUnknown     sent or not? ask the platform before sending again
"""


class ChannelError(Exception):
    """Something at a door."""


class ForgedCall(ChannelError):
    """The call does not carry the platform's secret or signature."""


class NotUnderstood(ChannelError):
    """The body is not JSON, or not an object."""


class ClosedDoor(ChannelError):
    """The door has no secret to check calls with: nothing may come in."""


class SignInAway(ChannelError):
    """Who knows the passwords of staff cannot be asked now."""


class SignInUnproven(ChannelError):
    """The proof of a sign-in does not hold. Its text is for the log: no secrets."""


class DeliveryError(ChannelError):
    """A reply did not leave, or perhaps not."""


class DeliveryRefused(DeliveryError):
    """The platform will never take this message."""


class DeliveryUnavailable(DeliveryError):
    """The platform cannot take it now, and has not taken it."""

    def __init__(self, channel: str, *, retry_after_s: float) -> None:
        super().__init__(f"{channel} is away")
        self.retry_after_s = retry_after_s


class DeliveryUnknown(DeliveryError):
    """The answer never came: it may have been sent."""
