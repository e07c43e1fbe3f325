"""`belofte sweep forget`: let go of the digests by which Belofte knows people whom no purpose of its own keeps.

Exit 0 nobody is to be forgotten, or they are · 2 they are to be, and two people name them by the digest that is shown.
"""

from __future__ import annotations

from typing import Annotated

import typer

from belofte.cli.ending import Code, Ending
from belofte.cli.incident.shared import Entering
from belofte.cli.options import who
from belofte.cli.output import console, json_result
from belofte.cli.request.asking import answering, desk_of
from belofte.retention.forgetting import agreed, carry_out, forgettable

Digest = Annotated[
    str | None, typer.Option("--digest", metavar="HEX", help="Agree to forget exactly those of whom this was shown.")
]


@answering
def run(how: Entering, digest: Digest = None) -> None:
    """Forget whom no purpose of Belofte's own policy knows again; the second who agrees carries it out."""
    with desk_of(how.directory) as desk:
        found = forgettable(desk)
        number, shown = len(found.people), found.digest.hex()
        if digest is not None and digest != shown:
            raise Ending(Code.COULD_NOT_RUN, "that digest is not of whom it would be now", "look again without it")
        by = agreed(desk, found, who(how.by)) if digest is not None and number else []
        done = carry_out(desk, found) if len(by) > 1 else None
    if how.as_json:
        json_result({"people": number, "digest": shown, "agreed": list(by), "forgotten": done is not None})
    elif done is not None:
        console().print(f"{number} people are forgotten, by {done} digests of identifiers")
    else:
        console().print(f"{number} people are to be forgotten" + (f", digest {shown}" if number else ""))
    if number and done is None:
        mend = f"two people agree, each with a name of her own: `belofte sweep forget --digest {shown} --by NAME`"
        raise Ending(Code.CHANGES, f"{len(by)} of 2 agreed", mend)
