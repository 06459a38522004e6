"""Calls of libraries that were probed: what the facts say, done to the abstract objects.

Two things are taken less widely than measured. What a frame or series gives as another frame or series is a copy: writing single values
through ``df.head()`` reaches `df` only in pandas before 3, which warns of it, while giving such a frame new columns is common and never
reaches it. And a frame made from an array or another frame has taken its data over.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from nb2pipe.analysis.calls import SWITCHES
from nb2pipe.analysis.copies import Copies
from nb2pipe.analysis.heap import CODE, ELEMENTS, NOTHING, SHARED, Value
from nb2pipe.analysis.knowledge.facts import done_by, effects_of, results_of, ties
from nb2pipe.analysis.paths import about

if TYPE_CHECKING:
    import ast
    from collections.abc import Mapping, Sequence

    from nb2pipe.analysis.knowledge.facts import Effects

CONTAINERS = frozenset(
    "list dict set frozenset tuple bytearray collections.deque collections.Counter collections.defaultdict collections.OrderedDict".split()
)
"""What their methods hold and return is followed element by element elsewhere; the facts say what changes."""

SEQUENCES = frozenset("list dict set tuple generator".split())
IMMUTABLE = frozenset("NoneType int float str bool bytes complex".split())
SWITCHED = tuple(f"{name}={value}" for name, value in SWITCHES)
FRAMES = ("pandas.",)
DRAWN = ("matplotlib.",)
"""A figure, its axes and what is drawn on them change together."""


class Known(Copies):
    """Does what the facts say of a call."""

    def facts_of_method(self, location: int, name: str, arguments: Sequence[Value], keywords: Mapping[str, Value]) -> Effects | None:
        """Return what is known of a method; None leaves it to the default for its name."""
        type_ = self.heap.things[location].type
        return effects_of(type_, name, *_switches(arguments, keywords)) if type_ else None

    def facts_of_function(self, path: str, arguments: Sequence[Value], keywords: Mapping[str, Value]) -> Effects | None:
        """Return what is known of a function, by its dotted path."""
        named = about(path)
        return effects_of(named.owner, named.last, *_switches(arguments, keywords)) if named.owner else None

    def do_changes(self, effects: Effects, location: int | None, arguments: Sequence[Value], keywords: Mapping[str, Value]) -> None:
        """Change what a call changes, and let the receiver keep what it keeps."""
        type_ = "" if location is None else self.heap.things[location].type
        if location is not None and "changes inside" in effects:
            self.change({location} | self.heap.elements(location), deep=True)
        elif location is not None and "changes receiver" in effects:
            self.change((location,))
        for word, place in done_by(effects):
            if word == "changes" and (value := _given(place, arguments, keywords)):
                self.change(value)
            elif location is not None and word == "keeps" and not type_.startswith(FRAMES):
                self.heap.hold(location, ELEMENTS, _given(place, arguments, keywords))
            elif location is not None and word == "keeps inside":
                self.heap.hold(location, ELEMENTS, self.all_elements(_given(place, arguments, keywords)))
            elif location is None and word == "sets":
                self.change_library(place)

    def known_result(self, node: ast.AST, effects: Effects, location: int | None, arguments: Sequence[Value]) -> Value:
        """Return what a call returns: objects of the types that were seen, tied to the receiver and the arguments as they were."""
        sources = {"receiver": NOTHING if location is None else frozenset((location,))}
        sources |= {str(index): value for index, value in enumerate(arguments)}
        tied = sources if ties(effects) else {}
        result = {
            each for key, value in tied.items() if f"gives {key}" in effects for each in value if self._may_be_given(each, key, effects)
        }
        made = self._made(node, effects, arguments)
        result |= made
        own = "" if location is None else self.heap.things[location].type
        for each in sorted(made):
            self._tie(each, effects, sources, own)
        return frozenset(result)

    def _may_be_given(self, location: int, key: str, effects: Effects) -> bool:
        """Tell whether an argument may come back itself: a list never does where arrays were seen to come back."""
        type_ = self.heap.things[location].type
        return key == "receiver" or not type_ or f"result {type_}" in effects or (type_.startswith(FRAMES) and "result as 0" in effects)

    def _tie(self, made: int, effects: Effects, sources: Mapping[str, Value], own: str) -> None:
        """Let a new object and what it was made from change together as they were seen to."""
        type_, held = self.heap.things[made].type, False
        drawn = type_.startswith(DRAWN) or own.startswith(DRAWN)
        for key, value in sources.items() if drawn or ties(effects) else ():
            if drawn:
                for each in sorted(value - {made}) if key == "receiver" else ():
                    self.belongs(made, each)
            elif f"wraps {key}" in effects:
                self.heap.hold(made, CODE if type_.startswith(FRAMES) else ELEMENTS, value)
            elif self._shares(value, key, effects) and not (type_.startswith(FRAMES) and own.startswith(FRAMES)):
                held = True
                if type_ in SEQUENCES:
                    self.heap.hold(made, ELEMENTS, value)
                for each in sorted(value - {made}):
                    self.heap.hold(each, SHARED, (made,))
        if type_ in SEQUENCES and not held:
            self.heap.view(made, ELEMENTS)

    def _shares(self, value: Value, key: str, effects: Effects) -> bool:
        """Tell whether a new object shares data with what it was made from; an array with a frame where it would be the array itself."""
        framed = any(self.heap.things[each].type.startswith(FRAMES) for each in value)
        return bool({f"gives part of {key}", f"gives view of {key}"} & effects) or (
            framed and key != "receiver" and f"gives {key}" in effects
        )

    def _made(self, node: ast.AST, effects: Effects, arguments: Sequence[Value]) -> set[int]:
        """Make one object for each type that a result was seen to have."""
        types: Sequence[str] = results_of(effects)
        first = self.library_type(arguments[0]) if arguments else ""
        if "as 0" in types:  # of the type of its first argument where that is a frame; else as the other rows say
            types = [first] if first.startswith(FRAMES) else [each for each in types if each != "as 0"] if first else [""]
        made: set[int] = set()
        for type_ in types:
            if type_ in IMMUTABLE and "numpy.ndarray" in types:
                continue  # one number is an array's neighbour: the same library stores both
            if type_ in IMMUTABLE:
                made |= self.heap.constant(type_)
            else:
                made.add(self.fresh(node, "" if type_ == "object" else type_, role=f"as {type_}"))
        return made


def _switches(arguments: Sequence[Value], keywords: Mapping[str, Value]) -> tuple[str, ...]:
    """Return what makes a call another one: a boolean keyword, or no argument at all."""
    if keywords:
        return tuple(each for each in SWITCHED if each in keywords)
    return () if arguments else ("",)


def _given(place: str, arguments: Sequence[Value], keywords: Mapping[str, Value]) -> Value:
    """Return the argument at a place: a number, or ``name=``."""
    if place.isdecimal():
        return arguments[int(place)] if int(place) < len(arguments) else NOTHING
    return keywords.get(place[:-1], NOTHING) if place.endswith("=") else NOTHING
