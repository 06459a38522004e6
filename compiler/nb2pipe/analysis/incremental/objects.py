"""Objects of the heap as they are when the running statement sees them: what later statements do to them is not visible."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from nb2pipe.analysis.heap import Kind, Thing

if TYPE_CHECKING:
    from collections.abc import Hashable

    from nb2pipe.analysis.incremental.heap import TimedHeap
    from nb2pipe.analysis.incremental.ledger import Key

CLASSES = "\0classes"
NAMED = "\0named"
"""Fields for what is not held: classes whose instances may be inside, names that have stood for the object."""

FIXED = (Kind.CONSTANT, Kind.LIBRARY)
"""Kinds whose attributes never change."""


class Location(int):
    """The number of an object; numbers sort in the order in which the objects are first made when the cells run from the top."""

    thing: TimedThing

    def __lt__(self, other: int) -> bool:
        """Compare places in the order of making."""
        if not isinstance(other, Location):
            return int(self) < other
        mine, its = self.thing, other.thing
        heap = mine.heap
        for thing in (mine, its):
            if thing.since != heap.ledger.now:
                heap.ledger.look(thing.order_fact)
        return mine.order < its.order


class TimedThing:
    """One object, with everything that statements have said of it and since which statement each fact holds.

    `since` is the statement before which no other can know the object; `firsts` says for each field and value which statement first
    puts it there; `fields` are the values without their times, `until_now` a time from which on all of them hold.
    """

    __slots__ = (
        *("base", "firsts", "full", "heap", "holders", "kind", "latest", "location", "makers", "order", "scalars", "since"),
        *("_seen_fields", "_seen_run"),
    )

    def __init__(self, heap: TimedHeap, location: Location, kind: Kind, type: str, since: Key) -> None:  # noqa: A002
        self.heap = heap
        self.location = location
        self.kind = kind
        self.since = since
        self.base = Thing(kind, type)
        self.firsts: dict[str, dict[Any, Key]] = {}
        self.full: dict[str, set[int]] = {}
        self.holders: dict[tuple[Location, str], Key] = {}
        self.latest: Key = 0
        self.makers: dict[Key, float] = {}
        self.order: tuple[Key, float] = (0, 0.0)
        self.scalars: dict[str, list[tuple[Key, Any]]] = {}
        self._seen_run = -1
        self._seen_fields: dict[str, set[int]] = {}

    @property
    def down_fact(self) -> Hashable:
        """What is read of the object itself."""
        return 3 * int(self.location)

    @property
    def up_fact(self) -> Hashable:
        """Who holds the object, and which names have stood for it."""
        return 3 * int(self.location) + 1

    @property
    def order_fact(self) -> Hashable:
        """When the object is first made."""
        return 3 * int(self.location) + 2

    @property
    def fields(self) -> dict[str, set[int]]:
        """What the object holds now."""
        heap = self.heap
        now = heap.ledger.now
        if self.since != now:
            heap.ledger.look(3 * int(self.location))
        if self.latest <= now:
            return self.full
        if self._seen_run != heap.run:
            self._seen_run = heap.run
            visible = {key: {value for value, first in held.items() if first <= now} for key, held in self.firsts.items()}
            self._seen_fields = {key: held - {None} for key, held in visible.items() if held and key not in (CLASSES, NAMED)}
        return self._seen_fields

    def add_visible(self, key: str, value: int | None) -> None:
        """Show a value that the running statement has put into a field to the rest of its run."""
        held = self.full.setdefault(key, set())
        if value is not None:
            held.add(value)
        if self._seen_run == self.heap.run:
            held = self._seen_fields.setdefault(key, set())
            if value is not None:
                held.add(value)

    @property
    def classes(self) -> frozenset[int]:
        """The notebook classes whose instances may be inside now."""
        now = self.heap.ledger.now
        if self.since != now:
            self.heap.ledger.look(3 * int(self.location))
        return frozenset(class_ for class_, first in self.firsts.get(CLASSES, {}).items() if first <= now)

    @classes.setter
    def classes(self, classes: frozenset[int]) -> None:
        for class_ in classes:
            self.heap.state(self, CLASSES, class_)


def _scalar(name: str) -> property:
    """Make an attribute whose value is the one that was given last before the running statement, or by it."""

    def read(self: TimedThing) -> Any:
        ledger = self.heap.ledger
        if self.since != ledger.now and self.kind not in FIXED:
            ledger.look(3 * int(self.location))
        for key, value in reversed(self.scalars.get(name, ())):
            if key <= ledger.now:
                return self.heap.thaw(value) if name == "frame" else value
        return getattr(self.base, name)

    def write(self: TimedThing, value: Any) -> None:
        self.heap.give(self, name, value)

    return property(read, write)


for _name in Thing.__slots__:
    if not hasattr(TimedThing, _name):
        setattr(TimedThing, _name, _scalar(_name))
