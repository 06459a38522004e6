"""The abstract run, one statement at a time and again: each statement sees what earlier ones state and takes back what it stated before."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nb2pipe.analysis.incremental.frames import Frames, TimedLayer, Versions
from nb2pipe.analysis.incremental.heap import TimedHeap, Trace
from nb2pipe.analysis.incremental.ledger import FOREVER, Key, Ledger
from nb2pipe.analysis.incremental.notes import LAZY, STARS, Files, Notes
from nb2pipe.analysis.incremental.objects import NAMED, Location
from nb2pipe.analysis.incremental.order import CELL_BITS
from nb2pipe.analysis.nesting import run_statement
from nb2pipe.analysis.scopes import Frame
from nb2pipe.analysis.statements import Statements

if TYPE_CHECKING:
    import ast
    from collections.abc import Hashable

    from nb2pipe.analysis.incremental.frames import Name
    from nb2pipe.analysis.incremental.notes import Note
    from nb2pipe.analysis.machine import Record
    from nb2pipe.analysis.scopes import Entry

OF_TREES = ("_locals", "_read_in")
"""What the machine remembers of nodes by their identity."""


class Place:
    """One top-level statement, and what it has stated and looked at when it last ran."""

    __slots__ = ("entries", "key", "last", "looked", "node", "notes", "record", "text", "trace", "versions")

    def __init__(self, key: Key) -> None:
        self.key = key
        self.node: ast.stmt | None = None  # None: it is no more
        self.text: object = None  # all that decides the syntax tree
        self.last = False  # of its cell: its value is displayed
        self.record: Record | None = None
        self.trace = Trace()
        self.entries: dict[Name, Entry] = {}
        self.looked: tuple[Hashable, ...] = ()
        self.versions: frozenset[str] = frozenset()  # names that it binds, changes or deletes
        self.notes: set[Note] = set()


class NamesOf:
    """Which names have stood for an object by now."""

    def __init__(self, heap: TimedHeap) -> None:
        self._heap = heap

    def setdefault(self, location: Location, _: object) -> Named:
        """Return what takes another name of an object."""
        return Named(self._heap, location)

    def get(self, location: Location, _: object) -> list[str]:
        """List the names that have stood for an object."""
        thing, ledger = location.thing, self._heap.ledger
        if thing.since != ledger.now:
            ledger.look(thing.up_fact)
        return [name for name, first in thing.firsts.get(NAMED, {}).items() if first <= ledger.now]


class Named:
    """Takes the names of one object."""

    def __init__(self, heap: TimedHeap, location: Location) -> None:
        self._heap = heap
        self._location = location

    def add(self, name: str) -> None:
        """State that a name stands for the object."""
        self._heap.state(self._location.thing, NAMED, name)


class Rerun(Statements):
    """Runs single statements of a notebook, in any order that follows the ledger."""

    def __init__(self) -> None:
        self.ledger = Ledger()
        self.notes = Notes(self.ledger)
        super().__init__()
        self._of_trees = [value for name, value in vars(self).items() if name in OF_TREES]
        self.files = Files(self.notes)
        heap = TimedHeap(self.ledger, self.notes)
        self.heap = heap
        self.versions = Versions(self.ledger)
        self.top = self.frame = Frame(layers=[TimedLayer(self.versions, None)])
        self.kept = heap.frames = Frames(self.versions, self.top)
        self.names_of = NamesOf(heap)  # type: ignore[assignment]
        self.timed = heap

    @property
    def stars(self) -> frozenset[Key]:
        """The statements until now that import everything from somewhere."""
        return frozenset(self.notes.under(STARS))  # type: ignore[arg-type]

    @stars.setter
    def stars(self, keys: frozenset[Key]) -> None:
        if self.ledger.now in keys:
            self.notes.make(STARS, self.ledger.now)

    @property
    def lazy_annotations(self) -> bool:
        """Whether annotations are no longer evaluated."""
        return any(self.notes.under(LAZY))

    @lazy_annotations.setter
    def lazy_annotations(self, lazy: bool) -> None:
        if lazy:
            self.notes.make(LAZY, True)

    def forget_trees(self) -> None:
        """Forget what is known of syntax trees: an edit may have changed them in place."""
        for known in self._of_trees:
            known.clear()

    def run(self, place: Place, *, edited: bool) -> None:
        """Run a statement (again), or take back what it stated when it is no more; who depends on a difference will wait."""
        ledger, heap = self.ledger, self.timed
        ledger.now = place.key
        heap.begin(place.trace)
        self.versions.begin(place.entries)
        self.kept.begin()
        self.notes.begin(place.notes)
        self.history = {}
        if place.node is not None:
            self.begin(place.node)
            self.records.clear()
            self.current = place.key
            self.shown = place.node if place.last else None
            self.cell = place.key >> CELL_BITS
            run_statement(self, place.node)
            self.finish()
            place.record = self.record
        for thing, name in heap.trace.given:
            if name == "frame":
                value = heap.trace.given[thing, name]
                if isinstance(value, Frame):
                    heap.give(thing, name, self.kept.freeze(value))
        heap.finish(edited=edited)
        self.versions.finish(FOREVER)
        self.notes.finish()
        place.trace, place.entries, place.notes = heap.trace, self.versions.set_now, self.notes.made
        place.versions = frozenset(self.history)
        place.looked = ledger.settle(place.looked)
