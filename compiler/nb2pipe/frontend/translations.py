"""The translations of a notebook's cells, from one reading to the next: a cell whose text is as before keeps its tree."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nb2pipe.frontend.magics import translate

if TYPE_CHECKING:
    from nb2pipe.frontend.magics import Translation


class Translations:
    """What an editor's notebook keeps; no more than the last reading needed. One thread may use it at a time.

    No two cells of a reading share a tree: what the analysis knows of one must not be taken for the other.
    """

    def __init__(self) -> None:
        self._before: dict[tuple[str | None, str], Translation] = {}
        self._now: dict[tuple[str | None, str], Translation] = {}

    def begin(self) -> None:
        """Begin another reading."""
        self._before, self._now = self._now, {}

    def of(self, cell: str | None, source: str) -> Translation:
        """Translate the text of a cell with an id, or take what was made of it before."""
        made = self._before.pop((cell, source), None) or translate(source)
        self._now[cell, source] = made
        return made
