"""A verb's options without its work: what its help needs, with stand-ins for everything that only a run uses.

The module of a verb is imported as it stands, while modules below the command line, and heavy libraries, are stood in
for: what is imported from them can be named and handed on, and nothing else. Where an option is of a type from one of
them, or something is made of one while the verb's module is imported, that module is needed, and is loaded after all.
So what a verb's options say never comes from a stand-in.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from functools import wraps
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from inspect import Signature, signature
from types import ModuleType
from typing import NoReturn

from belofte.cli.verbs import Verb

LIBRARIES = ("psycopg", "sqlalchemy")
"""What modules of verbs import themselves, beside Typer and Rich, that takes long to load."""


class Used(Exception):
    """Something of a module that was stood in for was used for more than its name."""

    def __init__(self, module: str) -> None:
        super().__init__(module)
        self.module = module


class Meant(Exception):
    """A verb was meant to run, and not to show its help: its `--help` was a value."""


def options_only(verb: Verb) -> Callable[..., None]:
    """Return a function with the options of a verb, for its help; one that is called raises `Meant`."""
    needed: set[str] = set()
    while True:
        try:
            with _stand_ins(needed):
                found = verb.loaded()
                stated = signature(found, eval_str=True)
                repr(stated)  # a stand-in among the types and defaults is used by this
                return _unable(found, stated)
        except Used as used:
            needed.add(used.module)


def _unable(verb: Callable[..., None], stated: Signature) -> Callable[..., None]:
    @wraps(verb)
    def run(**_given: object) -> None:
        raise Meant

    run.__annotations__ = {name: one.annotation for name, one in stated.parameters.items()}
    return run


def _refused(one: _StandIn, *_given: object, **_named: object) -> NoReturn:
    raise Used(one.module)


class _StandIn:
    """What a module that was not loaded would have under some name."""

    def __init__(self, module: str) -> None:
        self.module = module

    __call__ = __getitem__ = __iter__ = __len__ = __bool__ = __contains__ = __enter__ = __mro_entries__ = _refused
    __eq__ = __lt__ = __str__ = __repr__ = __format__ = _refused
    __hash__ = object.__hash__

    def __getattr__(self, name: str) -> _StandIn:
        if name.startswith("__"):
            raise AttributeError(name)
        return _StandIn(self.module)

    def __or__(self, _other: object) -> _StandIn:
        return self

    __ror__ = __or__


class _Unloaded(ModuleType):
    """A module of which nothing was read."""

    def __getattr__(self, name: str) -> _StandIn:
        if name.startswith("__"):
            raise AttributeError(name)
        return _StandIn(self.__name__)


class _Finder(MetaPathFinder, Loader):
    """Finds an empty module in place of each that only a run needs."""

    def __init__(self, needed: Collection[str]) -> None:
        self.homes = {name.rsplit(".", up)[0] for name in needed for up in range(name.count(".") + 1)}
        self.libraries = not self.homes.isdisjoint(LIBRARIES)
        """Libraries are loaded all or none: they look at each other."""

    def find_spec(self, name: str, path: Sequence[str] | None, target: ModuleType | None = None) -> ModuleSpec | None:
        """Return a stand-in for a module below the command line, or for a library; None for what is to be loaded."""
        first, _, below = name.partition(".")
        ours = first == "belofte" and below.partition(".")[0] != "cli" and name not in self.homes
        return ModuleSpec(name, self, is_package=True) if ours or (first in LIBRARIES and not self.libraries) else None

    def create_module(self, spec: ModuleSpec) -> ModuleType:
        """Return a module that has a stand-in under every name."""
        return _Unloaded(spec.name)

    def exec_module(self, module: ModuleType) -> None:
        """Leave it empty."""


@contextmanager
def _stand_ins(needed: Collection[str]) -> Iterator[None]:
    """Import with stand-ins; what was imported with them is forgotten at the end, so that nothing can run on it."""
    finder, before = _Finder(needed), set(sys.modules)
    sys.meta_path.insert(0, finder)
    try:
        yield
    finally:
        sys.meta_path.remove(finder)
        for name in set(sys.modules) - before:
            if name.startswith("belofte.") or isinstance(sys.modules[name], _Unloaded):
                del sys.modules[name]
                home, _, own = name.rpartition(".")
                if home in sys.modules:
                    vars(sys.modules[home]).pop(own, None)
