"""The names of the tools that are always there: no action may take one."""

# Apart from the registry, whose framework `config` does not load. A test holds both
# together.
TOOL_NAMES = frozenset(
    {
        "verify_parent_code",
        "search_documents",
        "hand_off_to_human",
        "create_temporary_page",
        "find_people",
        "query_table",
        "list_handoffs",
    }
)
