"""The providers alone, in a process of their own: prints its port, then serves."""

import argparse
import asyncio
import sys

from . import ProviderCounterpart


async def serve(port: int) -> None:
    # A benchmark asks too often to remember each request.
    providers = ProviderCounterpart(remembers=False)
    await providers.start(port)
    sys.stdout.write(f"{providers.port}\n")
    sys.stdout.flush()
    await asyncio.Event().wait()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, default=0, help="0: a free one")
    asyncio.run(serve(parser.parse_args().port))
