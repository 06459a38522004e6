"""The two exceptions: the environment is wrong, or we are. A user's notebook is never an exception but a diagnostic."""

from __future__ import annotations


class Nb2PipeError(Exception):
    """The environment is wrong (missing package, unreadable file, no cluster): one sentence and the command that fixes it."""

    def __init__(self, message: str, *, hint: str = "") -> None:
        super().__init__(message)
        self.hint = hint


class InternalError(Exception):
    """NB901: an invariant of ours is broken; the message quotes the IR around it."""
