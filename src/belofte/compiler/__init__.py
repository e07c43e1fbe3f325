"""From policy and data map to SQL: closure, justify, access, erase. Pure."""
