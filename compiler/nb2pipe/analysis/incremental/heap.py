"""The heap of an incremental run: each fact carries the statements that state it, so that it can be read as of any statement."""

from __future__ import annotations

from bisect import bisect_left, insort
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from nb2pipe.analysis.heap import BACK, Heap, Kind
from nb2pipe.analysis.incremental import notes
from nb2pipe.analysis.incremental.ledger import FOREVER, Key, Ledger
from nb2pipe.analysis.incremental.objects import CLASSES, NAMED, Location, TimedThing

if TYPE_CHECKING:
    from collections.abc import Iterable

    from nb2pipe.analysis.incremental.frames import Frames

Held = tuple[TimedThing, str, Any]
"""An object, a field, and what stands in it (None: the field exists)."""


class Trace:
    """What one statement has stated of the heap when it last ran."""

    __slots__ = ("given", "held", "made", "sites")

    def __init__(self) -> None:
        self.sites: dict[object, Location] = {}
        self.made: dict[Location, float] = {}  # objects and their places in the order of making
        self.held: dict[Held, None] = {}
        self.given: dict[tuple[TimedThing, str], Any] = {}


class TimedHeap(Heap):
    """Objects whose facts are withdrawn and stated again when a statement runs again."""

    def __init__(self, ledger: Ledger, noted: notes.Notes) -> None:
        self._notes = noted
        super().__init__()
        self.ledger = ledger
        self.run = 0
        self.frames: Frames
        self.trace = Trace()
        self._before: Trace = Trace()
        self._again: dict[Held, list[Key]] = {}  # facts that several statements state, the first of them first
        self._firsts_before: dict[Held, Key] = {}
        self._orders_before: dict[TimedThing, tuple[Key, float]] = {}

    def begin(self, before: Trace) -> None:
        """Withdraw what the running statement has stated `before`."""
        now = self.ledger.now
        self.run += 1
        self.trace, self._before = Trace(), before
        self._firsts_before, self._orders_before = {}, {}
        for held in before.held:
            self._withdraw(held, now)
        for thing, name in before.given:
            versions = thing.scalars[name]
            del versions[bisect_left(versions, now, key=_key_of)]
        for location in before.made:
            thing = location.thing
            self._orders_before[thing] = thing.order
            del thing.makers[now]
            if thing.order[0] == now:
                thing.order = min(thing.makers.items(), default=(FOREVER, 0.0))

    def _withdraw(self, held: Held, now: Key) -> None:
        thing, key, value = held
        first = thing.firsts[key][value]
        keys = self._again.get(held)
        if keys is not None:
            del keys[bisect_left(keys, now)]
            if len(keys) == 1:
                del self._again[held]
            if first == now:
                self._firsts_before[held] = first
                self._set_first(held, keys[0])
            return
        self._firsts_before[held] = first
        firsts = thing.firsts[key]
        del firsts[value]
        if key is not CLASSES and key is not NAMED:
            full = thing.full[key]
            full.discard(value)
            if not firsts:
                del thing.full[key]
            if value is not None:
                del value.thing.holders[thing.location, key]
        if not firsts:
            del thing.firsts[key]

    def _set_first(self, held: Held, first: Key) -> None:
        thing, key, value = held
        thing.firsts[key][value] = first
        if key is CLASSES or key is NAMED:
            return
        thing.latest = max(thing.latest, first)
        if value is not None:
            value.thing.holders[thing.location, key] = first

    def state(self, thing: TimedThing, key: str, value: Any) -> None:
        """State that something stands in a field."""
        held = (thing, key, value)
        if held in self.trace.held:
            return
        self.trace.held[held] = None
        now = self.ledger.now
        firsts = thing.firsts.setdefault(key, {})
        first = firsts.get(value)
        if first is not None:
            insort(self._again.setdefault(held, [first]), now)
        if first is None or first > now:
            self._firsts_before.setdefault(held, FOREVER if first is None else first)
            self._set_first(held, now)
            if key is not CLASSES and key is not NAMED:
                thing.add_visible(key, value)

    def give(self, thing: TimedThing, name: str, value: Any) -> None:
        """Set an attribute of an object."""
        now = self.ledger.now
        versions = thing.scalars.setdefault(name, [])
        at = bisect_left(versions, now, key=_key_of)
        if versions[at : at + 1] and versions[at][0] == now:
            versions[at] = (now, value)
        else:
            versions.insert(at, (now, value))
        self.trace.given[thing, name] = value

    def thaw(self, frame: Any) -> Any:
        """Return the frame that a function closes over as it is now."""
        return self.frames.thaw(frame)

    def at(self, site: object, kind: Kind = Kind.OBJECT, type: str = "") -> int:  # noqa: A002 - the field's name
        """Return the object made at `site`, the same one each time a statement runs."""
        found = self.trace.sites.get(site)
        if found is not None:
            return found
        known = self._sites.get((site, kind, type))
        if known is None:
            known = self._sites[site, kind, type] = self._new(site, kind, type)
        location: Location = self.things[known].location  # type: ignore[attr-defined]
        now = self.ledger.now
        self.trace.sites[site] = location
        place = float(len(self.trace.made) + 1)
        self.trace.made[location] = place
        thing = location.thing
        self._orders_before.setdefault(thing, thing.order)
        thing.makers[now] = place
        thing.order = min(thing.order, (now, place)) if len(thing.makers) > 1 else (now, place)
        return location

    def _new(self, site: object, kind: Kind, type: str) -> int:  # noqa: A002 - the field's name
        location = Location(len(self.things))
        parts = site if isinstance(site, tuple) else ()
        inside = [part.thing.since for part in parts if isinstance(part, Location)]
        now = self.ledger.now
        since = now if now in inside or any(part == now and not isinstance(part, Location) for part in parts) else 0
        location.thing = TimedThing(self, location, kind, type, since)
        self.things.append(location.thing)  # type: ignore[arg-type]
        return location

    def hold(self, holder: int, key: str, values: Iterable[int]) -> None:
        """Let `holder` hold objects in a field."""
        thing: TimedThing = self.things[holder]  # type: ignore[assignment]
        if thing.kind == Kind.CONSTANT:
            return
        some = False
        for value in tuple(values):
            some = True
            self.state(thing, key, value)
        if not some:
            self.state(thing, key, None)

    def reached_from(self, locations: Iterable[int]) -> set[int]:
        """Return the objects from which some of `locations` can be reached now."""
        now = self.ledger.now
        seen: set[int] = set()
        stack = list(locations)
        while stack:
            location = stack.pop()
            if location not in seen:
                seen.add(location)
                thing: TimedThing = self.things[location]  # type: ignore[assignment]
                if thing.since != now:
                    self.ledger.look(thing.up_fact)
                stack.extend(holder for (holder, key), first in thing.holders.items() if first <= now and key != BACK)
        return seen

    @property
    def has_classes(self) -> bool:
        """Whether a class has been made by now."""
        return any(self._notes.under(notes.CLASSES))

    @has_classes.setter
    def has_classes(self, made: bool) -> None:
        if made:
            self._notes.make(notes.CLASSES, True)

    def finish(self, *, edited: bool) -> None:
        """End the run of a statement: let the readers of what it now states otherwise run again."""
        ledger = self.ledger
        for held, before in self._firsts_before.items():
            thing, key, value = held
            after = thing.firsts.get(key, {}).get(value, FOREVER)
            if after != before:
                until = max(before, after)
                if key is not NAMED:
                    ledger.changed(thing.down_fact, until)
                if key is NAMED:
                    ledger.changed(thing.up_fact, until)
                elif key is not CLASSES and value is not None:
                    ledger.changed(value.thing.up_fact, until)
        self._compare_given(edited=edited)
        self._settle_order()
        self.trace.sites = {}

    def _compare_given(self, *, edited: bool) -> None:
        before, after = self._before.given, self.trace.given
        for what in before.keys() | after.keys():
            same = what in before and what in after and before[what] == after[what]
            if not same or (edited and what[1] == "node"):
                thing, name = what
                later = [key for key, _ in thing.scalars.get(name, ()) if key > self.ledger.now]
                self.ledger.changed(thing.down_fact, later[0] if later else FOREVER)

    def _settle_order(self) -> None:
        """Give objects that were made before, in the same order as before, their old places, and the others places between them."""
        now, made = self.ledger.now, list(self.trace.made)
        for location, place in zip(made, places(made, self._before.made), strict=True):
            thing = location.thing
            self.trace.made[location] = thing.makers[now] = place
            if thing.order[0] == now:
                thing.order = (now, place)
        for thing, order in self._orders_before.items():
            if thing.order != order:
                self.ledger.changed(thing.order_fact, FOREVER)


def places(made: list[Location], before: dict[Location, float]) -> list[float]:
    """Number objects in order; those that keep their order keep the numbers that they had `before`."""
    if not before:
        return [float(at) for at in range(1, len(made) + 1)]
    kept: list[float | None] = []
    last = 0.0
    for location in made:
        place = before.get(location)
        kept.append(place if place is not None and place > last else None)
        last = kept[-1] or last
    numbers: list[float] = []
    fresh = 0  # objects without a number since the last one that has one
    for place in [*kept, None]:
        if place is None and len(numbers) + fresh < len(made):
            fresh += 1
            continue
        low = numbers[-1] if numbers else 0.0
        step = 1.0 if place is None else (place - low) / (fresh + 1)
        numbers += [low + step * at for at in range(1, fresh + 1)]
        numbers += [] if place is None else [place]
        fresh = 0
    if any(one >= other for one, other in pairwise(numbers)):  # no room is left between two of them
        return [float(at) for at in range(1, len(made) + 1)]
    return numbers


def _key_of(version: tuple[Key, Any]) -> Key:
    return version[0]
