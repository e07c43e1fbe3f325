"""What may go wrong with Belofte's own database, in words that say what to do."""

from __future__ import annotations

import errno
import os

MEND = {
    errno.ENOSPC: "the disk is full: make room and try again",
    errno.EDQUOT: "the disk quota is used up: make room and try again",
    errno.EACCES: "this user may not write there: check who owns the folder",
    errno.EPERM: "this user may not write there: check who owns the folder",
    errno.EROFS: "the file system is read-only",
}


class DatabaseUnavailable(Exception):
    """Belofte's own database cannot be reached or made; nothing was changed."""


class DatabaseTooNew(DatabaseUnavailable):
    """The database was made by a newer Belofte than this one."""


class KeyUnusable(Exception):
    """The company's key is missing, readable by others or malformed: nobody can be recognised without it."""


def reason(error: OSError) -> str:
    """Return why the system refused, and what to do."""
    if error.errno is None:
        return str(error).lower()
    return MEND.get(error.errno, os.strerror(error.errno).lower())
