"""What a step prints → the container's log, line by line, each with the number of the cell that is running."""

from __future__ import annotations

import io
import re
import sys
import threading

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Optional


class Log:
    """What the two standard streams share: the label of the lines, and which stream left a line open."""

    def __init__(self) -> None:
        self.label = ""
        self.open: Optional[Stream] = None
        self.lock = threading.RLock()
        sys.stdout, sys.stderr = Stream(1, self), Stream(2, self)

    def begin(self, label: str) -> None:
        """End the open line; the next ones bear another label."""
        with self.lock:
            if self.open:
                io.TextIOWrapper.write(self.open, "\n")
            self.open, self.label = None, label


class Stream(io.TextIOWrapper):
    """A standard stream whose every line begins with the label.

    A line is sent when it ends, at a carriage return (progress bars), or when it is flushed.
    Behind a carriage return the label is written again.
    """

    def __init__(self, descriptor: int, log: Log) -> None:
        super().__init__(open(descriptor, "wb", closefd=False), "utf-8", "backslashreplace", newline="", line_buffering=True)  # noqa: SIM115
        self.log = log

    def write(self, text: str) -> int:
        """Write text, labelled; the other stream's open line ends."""
        log = self.log
        with log.lock:
            if log.open is not self:
                log.begin(log.label)
            pieces = []
            for piece in re.findall(r"[^\r\n]+|\r?\n|\r", text):
                pieces += [piece] if log.open or piece == "\r" else [log.label, piece]
                log.open = None if piece[-1] in "\r\n" else self
            super().write("".join(pieces))
        return len(text)
