"""What statements note of the notebook as a whole: that there are classes, stars in imports, files that are written."""

from __future__ import annotations

from bisect import bisect_left, insort
from typing import TYPE_CHECKING

from nb2pipe.analysis.incremental.ledger import FOREVER, Key, Ledger

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterator

Note = tuple[str, "Hashable"]
"""A topic and what is noted under it."""

CLASSES, STARS, LAZY, FILES = "\0classes", "\0stars", "\0lazy annotations", "\0files"


class Notes:
    """Notes with the statements that make them; a statement sees those made before it, and its own."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger
        self._keys: dict[str, dict[Hashable, list[Key]]] = {CLASSES: {}, STARS: {}, LAZY: {}, FILES: {}}
        self.made: set[Note] = set()  # by the running statement
        self._before: set[Note] = set()
        self._firsts: dict[Note, Key] = {}

    def begin(self, before: set[Note]) -> None:
        """Take back what the running statement had noted `before`."""
        self.made, self._before, self._firsts = set(), before, {}
        for topic, what in before:
            keys = self._keys[topic][what]
            self._firsts[topic, what] = keys[0]
            del keys[bisect_left(keys, self._ledger.now)]
            if not keys:
                del self._keys[topic][what]

    def make(self, topic: str, what: Hashable) -> None:
        """Note something."""
        if (topic, what) not in self.made:
            self.made.add((topic, what))
            keys = self._keys[topic].setdefault(what, [])
            self._firsts.setdefault((topic, what), keys[0] if keys else FOREVER)
            insort(keys, self._ledger.now)

    def under(self, topic: str) -> Iterator[Hashable]:
        """List what has been noted under a topic by now."""
        self._ledger.look(topic)
        return (what for what, keys in [*self._keys[topic].items()] if keys[0] <= self._ledger.now)

    def finish(self) -> None:
        """Let the readers of topics whose notes are now others run again."""
        for (topic, what), before in self._firsts.items():
            after = self._keys[topic].get(what, [FOREVER])[0]
            if after != before:
                self._ledger.changed(topic, max(before, after))


class Files(dict[str, None]):
    """The files that have been written by now, in the form in which the machine keeps them."""

    def __init__(self, notes: Notes) -> None:
        super().__init__()
        self._notes = notes

    def __setitem__(self, name: str, _: None) -> None:
        """Note that a file is written."""
        self._notes.make(FILES, name)

    def __iter__(self) -> Iterator[str]:
        """List the files."""
        return (str(name) for name in self._notes.under(FILES))
