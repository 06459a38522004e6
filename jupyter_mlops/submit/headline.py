"""The log of a failed step → the lines that say why: the runtime's diagnostic with its cell, or else the last lines."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

_TAIL_BYTES = 1 << 15
_MOST_LINES = 40
_LAST_LINES = 15


def headline(log: Path) -> str:
    """Quote the last `error[NB8…]` of a log to its end, or the last 15 lines when the runtime said nothing."""
    lines = tail(log)
    starts = [number for number, line in enumerate(lines) if line.startswith("error[NB8")]
    quoted = lines[starts[-1] :][:_MOST_LINES] if starts else lines[-_LAST_LINES:]
    return "\n".join(quoted)


def tail(log: Path) -> list[str]:
    """Read the last lines of a file, without reading all of it."""
    try:
        with log.open("rb") as file:
            file.seek(max(0, file.seek(0, os.SEEK_END) - _TAIL_BYTES))
            text = file.read().decode("utf-8", "replace")
    except OSError:
        return []
    return [line.rstrip() for line in text.replace("\r\n", "\n").split("\n") if line.strip()]
