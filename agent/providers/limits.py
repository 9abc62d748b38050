"""What every request to a provider asks for."""

# A reply on a phone is short; a model that thinks before it needs room for both.
MAX_TOKENS = 4096
