"""What every request to a provider asks for."""

# A reply on a phone is short; a model that thinks before it needs room for both.
MAX_TOKENS = 4096

# Those of Anthropic and OpenAI try twice more by themselves, and sleep in between:
# measured 14 s. Said to the client, once: for a request that says it pydantic-ai copies
# the client, which then starts a thread to learn what machine it is on.
MAX_RETRIES = 0
