"""Who has looked at what: the readers of each fact, and which statements must run again when a fact changes.

Statements are known by keys, whole numbers that grow from the first statement of the notebook to the last.
"""

from __future__ import annotations

import heapq
from bisect import bisect_left, bisect_right, insort
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable

Key = int
Fact = "Hashable"

START: Key = 0
FOREVER: Key = 1 << 512
"""Before the first and after the last statement that there can be."""


class Ledger:
    """Readers of facts and the statements that wait to run again."""

    def __init__(self) -> None:
        self.now: Key = START  # the statement that runs
        self.seen: set[Hashable] = set()  # what it has looked at so far
        self._readers: dict[Hashable, list[Key]] = {}
        self._waiting: list[Key] = []
        self._wait: set[Key] = set()

    def look(self, fact: Hashable) -> None:
        """Note that the running statement depends on a fact that others may change."""
        self.seen.add(fact)

    def settle(self, looked: tuple[Hashable, ...]) -> tuple[Hashable, ...]:
        """Write down what the running statement has looked at, in place of what it `looked` at before; return it."""
        key, readers, seen = self.now, self._readers, self.seen
        for fact in looked:
            if fact not in seen:
                keys = readers[fact]
                del keys[bisect_left(keys, key)]
        known = set(looked)
        for fact in seen:
            if fact not in known:
                keys = readers.setdefault(fact, [])
                if not keys or keys[-1] < key:
                    keys.append(key)
                else:
                    insort(keys, key)
        self.seen = set()
        return tuple(seen)

    def changed(self, fact: Hashable, until: Key) -> None:
        """Let the statements after the running one, up to `until`, run again if they have looked at a fact."""
        keys = self._readers.get(fact)
        if keys and keys[-1] > self.now:
            self.want(keys[bisect_right(keys, self.now) : bisect_right(keys, until)])

    def want(self, keys: Iterable[Key]) -> None:
        """Let statements run again."""
        for key in keys:
            if key not in self._wait:
                self._wait.add(key)
                heapq.heappush(self._waiting, key)

    def next(self) -> Key | None:
        """Take the first statement that waits."""
        if not self._waiting:
            return None
        key = heapq.heappop(self._waiting)
        self._wait.discard(key)
        return key
