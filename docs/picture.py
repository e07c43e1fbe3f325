"""Run a command and draw what it printed, colours included, as an SVG of a terminal.

    python docs/picture.py OUT.svg [--title TITLE] [--from LINE] [--lines N] [--width N] -- COMMAND …

The command runs in a pseudo-terminal, so that it prints what a person would see. `--from` starts at the first line
that contains the words; `--lines` keeps so many. Lines that a progress display overwrote are left out.
"""

from __future__ import annotations

import argparse
import fcntl
import os
import pty
import re
import struct
import subprocess
import sys
import termios
from io import StringIO
from pathlib import Path

from rich.console import Console
from rich.terminal_theme import MONOKAI
from rich.text import Text

_MOVES = re.compile(r"\x1b\[[0-9;?]*[A-Zac-ln-z]|\x1b\][^\x07]*\x07")
"""Escape sequences that move the cursor or set a title; colours (ending in m) stay."""


def output(command: list[str], width: int) -> tuple[str, int]:
    """Return what a command prints in a terminal `width` columns wide, and its exit code."""
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 50, width, 0, 0))
    environment = {**os.environ, "TERM": "xterm-256color", "COLUMNS": str(width)}
    process = subprocess.Popen(command, stdin=theirs, stdout=theirs, stderr=theirs, env=environment)
    os.close(theirs)
    chunks: list[bytes] = []
    while True:
        try:
            chunk = os.read(ours, 65536)
        except OSError:  # Linux says so when the other side is closed
            break
        if not chunk:
            break
        chunks.append(chunk)
    os.close(ours)
    return b"".join(chunks).decode(errors="replace"), process.wait()


def lines(printed: str) -> list[str]:
    """Return the lines that stay on the screen: of each, what was written last."""
    # a progress display goes up and clears: what stood there before is gone
    kept: list[str] = []
    for line in printed.replace("\r\n", "\n").split("\n"):
        ups = len(re.findall(r"\x1b\[1A", line))
        if ups and "\x1b[2K" in line:
            del kept[max(0, len(kept) - ups) :]
        last = _MOVES.sub("", line.rpartition("\r")[2] if "\x1b[2K" in line or "\r" in line else line)
        kept.append(last)
    return kept


def main() -> int:
    """Run, draw, write; return the command's exit code."""
    parser = argparse.ArgumentParser(description="draw a command's output as SVG")
    parser.add_argument("out", type=Path)
    parser.add_argument("--title", default="")
    parser.add_argument("--typed", default="", help="the command line to show, when it is not the one that runs")
    parser.add_argument("--from", dest="first", default="", help="start at the first line with these words")
    parser.add_argument("--lines", type=int, default=0, help="so many lines at most")
    parser.add_argument("--width", type=int, default=110)
    parser.add_argument("command", nargs="+")
    asked = parser.parse_args()
    printed, code = output(asked.command, asked.width)
    found = lines(printed)
    plain = [Text.from_ansi(line).plain for line in found]
    start = next((number for number, line in enumerate(plain) if asked.first in line), 0)
    shown = found[start : start + asked.lines] if asked.lines else found[start:]
    console = Console(record=True, width=asked.width, file=StringIO(), force_terminal=True, color_system="truecolor")
    console.print(Text(f"$ {asked.typed or ' '.join(asked.command)}", style="bold"))
    for line in shown:
        console.print(Text.from_ansi(line), soft_wrap=False)
    if asked.lines and start + asked.lines < len([line for line in found if line]):
        console.print(Text("…", style="dim"))
    asked.out.parent.mkdir(parents=True, exist_ok=True)
    drawn = console.export_svg(title=asked.title, theme=MONOKAI, unique_id="belofte")
    # no fonts from elsewhere: whoever reads the README is told to nobody
    drawn = re.sub(r"@font-face \{.*?\}\s*", "", drawn, flags=re.DOTALL)
    asked.out.write_text(re.sub(r"[ \t]+$", "", drawn, flags=re.MULTILINE), encoding="utf-8")
    return code


if __name__ == "__main__":
    sys.exit(main())
