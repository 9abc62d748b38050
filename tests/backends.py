"""What a test needs beside Python: skipped where it is missing, required in CI."""

import os

import pytest


def need(condition: object, what: str) -> None:
    """Go on only when `condition` holds.

    Otherwise the test is skipped, saying `what` is missing; with GUST_ALL_BACKENDS=1
    it fails instead, so that CI cannot forget a backend.
    """
    if condition:
        return
    if os.environ.get("GUST_ALL_BACKENDS") == "1":
        pytest.fail(f"needed, and missing: {what}")
    pytest.skip(f"missing: {what}")
