"""Memory on SQLite and Postgres, one code path."""
