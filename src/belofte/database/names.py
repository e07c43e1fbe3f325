"""Short names of records that people say and type: `K7QX-2M4P`, `S-4XK2M`."""

from __future__ import annotations

import secrets

READABLE = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
"""Letters and digits that nobody confuses on the phone."""


def readable(count: int) -> str:
    """Return so many letters and digits, by chance."""
    return "".join(secrets.choice(READABLE) for _ in range(count))
