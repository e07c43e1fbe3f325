"""The command line: its verbs as an application (`cli/verbs.py` lists them), and what becomes of a run.

`Invalid`, `Ending` and everything unexpected are turned into messages and exit codes here, so a verb catches nothing
for that.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Collection, Sequence
from typing import Annotated

import typer
from typer.core import TyperGroup

from belofte import __version__
from belofte.cli import running
from belofte.cli.ending import Code, Ending
from belofte.cli.output import diagnostics, json_result, problem_json, show_error, show_problems
from belofte.cli.trace import trace
from belofte.cli.verbs import GROUPS, VERBS, Verb
from belofte.policy.problems import Invalid

DEBUG = "BELOFTE_DEBUG"
_USAGE: type[typer.BadParameter] = next(cls for cls in typer.BadParameter.__mro__ if cls.__name__ == "ClickException")
"""What a command line that cannot be parsed raises; Typer exports only this kind of it."""


def build(loaded: Collection[Verb] = VERBS) -> typer.Typer:
    """Return the application. Of a verb that is not to be loaded it knows the name and the help, and no options."""
    app = typer.Typer(
        name="belofte",
        help="Your privacy policy as code: checked, applied to the real databases, and proven.",
        add_completion=False,
        pretty_exceptions_enable=False,
        rich_markup_mode=None,
        context_settings={"help_option_names": ["-h", "--help"]},
    )
    app.callback(invoke_without_command=True)(_whole)
    groups: dict[str, typer.Typer] = {}
    for verb in VERBS:
        *group, name = verb.words if verb.name not in GROUPS else (verb.name, ITSELF)
        if group and group[0] not in groups:
            groups[group[0]] = _group(group[0])
            app.add_typer(groups[group[0]], name=group[0])
        home = groups[group[0]] if group else app
        home.command(name, help=verb.help)(verb.loaded() if verb in loaded else _listed)
    return app


ITSELF = "run"
"""How the help of a group names the verb that has the group's own name."""


class _Whole(TyperGroup):
    """A group of verbs that is a verb itself: what names none of its verbs is for the one of the group's own name."""

    def parse_args(self, ctx: typer.Context, args: list[str]) -> list[str]:  # type: ignore[override]
        named = next((one for one in args if not one.startswith("-")), None)
        asks_help = not named and bool({"-h", "--help"} & set(args))
        if named not in self.commands and not asks_help:
            args = [ITSELF, *args]
        return super().parse_args(ctx, args)


def _group(name: str) -> typer.Typer:
    whole = any(verb.name == name for verb in VERBS)
    if whole:
        return typer.Typer(help=GROUPS[name], cls=_Whole)
    return typer.Typer(help=GROUPS[name], no_args_is_help=True)


def _listed() -> None:
    """Stand in the help for a verb that is not loaded; it is never what runs."""
    raise LookupError("a verb ran that was not loaded")


def _version(asked: bool) -> None:
    if asked:
        typer.echo(f"belofte {__version__}")
        raise typer.Exit


Version = Annotated[
    bool, typer.Option("--version", callback=_version, is_eager=True, help="Show the version and exit.")
]


def _whole(context: typer.Context, version: Version = False) -> None:
    """Your privacy policy as code: checked, applied to the real databases, and proven."""
    if context.invoked_subcommand is None:
        typer.echo(context.get_help())


def run(arguments: Sequence[str] | None = None) -> int:
    """Run one command line and return its exit code; nothing is raised but an interrupt of the interpreter."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    running.verb.set(next((verb.name for verb in _named(given)), ""))
    try:
        outcome = typer.main.get_command(build(_named(given)))(args=given, prog_name="belofte", standalone_mode=False)
    except Ending as ending:
        if ending.summary:
            show_error(ending.summary, ending.advice)
        return int(ending.code)
    except Invalid as invalid:
        if "--json" in given:
            json_result({"problems": [problem_json(problem) for problem in invalid.problems]})
        show_problems(invalid.problems)
        return int(Code.INVALID)
    except Exception as wrong:  # noqa: BLE001 (the outermost edge: no trace reaches a user)
        return _unexpected(wrong)
    except KeyboardInterrupt:
        show_error("interrupted")
        return int(Code.COULD_NOT_RUN)
    return outcome if isinstance(outcome, int) else int(Code.FINE)


def _named(given: Sequence[str]) -> list[Verb]:
    """Return the verb that a command line names, or nothing: then only names and help are shown.

    No option before a verb takes a value, so the verb's words are the first that are no options.
    """
    words = [word for word in given if not word.startswith("-")]
    found = [verb for verb in VERBS if tuple(words[: len(verb.words)]) == verb.words]
    return sorted(found, key=lambda verb: len(verb.words))[-1:]


def _unexpected(wrong: Exception) -> int:
    if isinstance(wrong, _USAGE):
        said = wrong.format_message().replace("Value error, ", "")
        show_error(said[:1].lower() + said[1:], "`belofte --help` lists the verbs, `belofte VERB --help` their options")
        return int(Code.INVALID)
    if isinstance(wrong, typer.Abort):
        show_error("stopped")
    elif isinstance(wrong, OSError) and isinstance(wrong.filename, str | os.PathLike) and not os.environ.get(DEBUG):
        place = os.fspath(wrong.filename)
        show_error(
            f"`{place}`: {(wrong.strerror or 'it cannot be used').lower()}", "is the folder there, and yours to use?"
        )
    elif os.environ.get(DEBUG):
        for line in trace(wrong):
            diagnostics().print(line, markup=False, highlight=False, soft_wrap=True)
    else:
        show_error(f"this should not happen ({type(wrong).__name__})", f"run it again with {DEBUG}=1 to see where")
    return int(Code.COULD_NOT_RUN)
