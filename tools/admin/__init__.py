"""tools/admin."""
