"""Rest for the garbage collector while large values are built, of which nothing is garbage: it would take half of the time."""

from __future__ import annotations

import gc


class Resting:
    """A context in which the collector does not run."""

    __slots__ = ("_was_on",)

    def __enter__(self) -> None:
        """Stop the collector."""
        self._was_on = gc.isenabled()
        gc.disable()

    def __exit__(self, *_: object) -> None:
        """Let it go on if it ran before."""
        if self._was_on:
            gc.enable()
