"""The systems behind the tools: tables of people, and documents."""
