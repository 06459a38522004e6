"""The log of a failed step → the lines that say why: the runtime's diagnostic and the cell's lines, or else the last lines."""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

_TAIL_BYTES = 1 << 15
_MOST_LINES = 40
_LAST_LINES = 15
_TRACEBACK = "Traceback (most recent call last):"
_START = re.compile(r"error\[NB\d{3}\] ")


def headline(log: Path) -> str:
    """Quote from a log file (see `quote`), without reading all of it."""
    try:
        with log.open("rb") as file:
            file.seek(max(0, file.seek(0, os.SEEK_END) - _TAIL_BYTES))
            text = file.read().decode("utf-8", "replace")
    except OSError:
        return ""
    return quote(text.replace("\r\n", "\n").split("\n"))


def quote(lines: Sequence[str]) -> str:
    """Quote the runtime's last `error[NB…]` and the traceback above it, or the last 15 lines when the runtime said nothing."""
    full = [line.rstrip() for line in lines if line.strip()]
    starts = [number for number, line in enumerate(full) if _START.match(line)]
    if not starts:
        return "\n".join(full[-_LAST_LINES:])
    finding, above = full[starts[-1] :][:_MOST_LINES], full[: starts[-1]]
    tracebacks = [number for number, line in enumerate(above) if line == _TRACEBACK]
    # The last traceback is that of the error itself, after those of its causes; its last line is in the finding already.
    return "\n".join([*finding, *(above[tracebacks[-1] + 1 : -1][-_MOST_LINES:] if tracebacks else [])])
