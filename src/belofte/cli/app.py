"""The command line, built from one module per verb.

To add a verb, write `cli/<verb>.py` with

    def register(app: typer.Typer) -> None:
        app.command("<verb>")(run)

    def run(directory: Directory = HERE, as_json: Json = False) -> None:
        '''What the verb does, in one line: this is its help.'''
        company = Company.at(directory)
        …
        raise Ending(Code.CHANGES, "what to say")        # or return, for exit code 0

and add its name to `VERBS` below: that is the one line. A module is imported when it is there; a verb that is listed
and has no module yet is left out. `Invalid`, `Ending` and everything unexpected are turned into messages and exit
codes here, so a verb catches nothing for that.
"""

from __future__ import annotations

import importlib
import importlib.util
import os
import sys
import traceback
from collections.abc import Sequence

import typer

from belofte.cli.ending import Code, Ending
from belofte.cli.output import json_result, problem_json, show_error, show_problems
from belofte.policy.problems import Invalid

VERBS = ("init", "scan", "check", "explain", "schema", "request", "choices", "plan", "serve")
"""The verbs in the order of the help; each is a module of this package with `register(app)`."""

DEBUG = "BELOFTE_DEBUG"
_USAGE: type[typer.BadParameter] = next(cls for cls in typer.BadParameter.__mro__ if cls.__name__ == "ClickException")
"""What a command line that cannot be parsed raises; Typer exports only this kind of it."""


def build(verbs: Sequence[str] = VERBS) -> typer.Typer:
    """Return the application with those of the verbs that have a module."""
    app = typer.Typer(
        name="belofte",
        help="Your privacy policy as code: checked, applied to the real databases, and proven.",
        add_completion=False,
        pretty_exceptions_enable=False,
        rich_markup_mode=None,
        context_settings={"help_option_names": ["-h", "--help"]},
    )
    app.callback(invoke_without_command=True)(_whole)
    for verb in verbs:
        name = f"belofte.cli.{verb}"
        if importlib.util.find_spec(name) is not None:
            importlib.import_module(name).register(app)
    return app


def _whole(context: typer.Context) -> None:
    """Your privacy policy as code: checked, applied to the real databases, and proven."""
    if context.invoked_subcommand is None:
        typer.echo(context.get_help())


def run(arguments: Sequence[str] | None = None) -> int:
    """Run one command line and return its exit code; nothing is raised but an interrupt of the interpreter."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    try:
        outcome = typer.main.get_command(build(_wanted(given)))(args=given, prog_name="belofte", standalone_mode=False)
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


def _wanted(given: Sequence[str]) -> Sequence[str]:
    """Return the one verb that a command line names, so that the others need not be imported; all when none is."""
    if given and given[0] in VERBS and importlib.util.find_spec(f"belofte.cli.{given[0]}") is not None:
        return given[:1]
    return VERBS


def _unexpected(wrong: Exception) -> int:
    if isinstance(wrong, _USAGE):
        said = wrong.format_message().replace("Value error, ", "")
        show_error(said[:1].lower() + said[1:], "`belofte --help` lists the verbs, `belofte VERB --help` their options")
    elif isinstance(wrong, typer.Abort):
        show_error("stopped")
    elif os.environ.get(DEBUG):
        traceback.print_exception(wrong)
    else:
        show_error(f"this should not happen ({type(wrong).__name__})", f"run it again with {DEBUG}=1 to see where")
    return int(Code.COULD_NOT_RUN)
