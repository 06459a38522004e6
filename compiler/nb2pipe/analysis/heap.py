"""The objects of the abstract run: where they were made, what they hold, what kind they are.

Contents only grow (weak updates); names are rebound flow-sensitively elsewhere. Objects are numbered in the order of their making,
so that nothing depends on memory addresses.
"""

from __future__ import annotations

from enum import IntEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import ast
    from collections.abc import Iterable

    from nb2pipe.analysis.scopes import Frame

Value = frozenset[int]
NOTHING: Value = frozenset()

CODE = "code"
"""The field for a function that an object calls: not among its elements."""

AXES = "matplotlib.axes.Axes"
"""The type of axes; one object stands for all that `subplots` makes at once."""

BACK = "back"
"""The field for what an object belongs to, as axes do to their figure: they travel together, but a change of the whole is none of the part."""

SHARED = "shared"
"""The field for views that a call made: they and the object share their data."""

SLICES = "[:]"
"""The field for views that a slice made."""

MAX_TEXT = 200
MAX_PARTS = 4

ELEMENTS = "*"
"""The field for what a container holds at unknown places."""


class Kind(IntEnum):
    """What the analysis knows to do with an object."""

    CONSTANT = 0  # immutable: one object per type
    OBJECT = 1
    FUNCTION = 2
    CLASS = 3
    INSTANCE = 4  # of a notebook class
    BOUND = 5  # a method with its object
    LIBRARY = 6  # a module or something in it, by dotted path
    SUPER = 7


class Thing:
    """One abstract object; which fields matter depends on `kind`."""

    __slots__ = (
        *("bases", "classes", "copied_by", "defaults", "draws", "fields", "frame", "kind", "library_base", "node", "owner", "part"),
        *("receiver", "statement", "type"),
    )

    def __init__(self, kind: Kind, type: str = "") -> None:  # noqa: A002 - the heap's word
        self.kind = kind
        self.type = type  # dotted path of its type, or of itself for LIBRARY
        self.node: ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda | ast.ClassDef | ast.GeneratorExp | None = None
        self.frame: Frame | None = None  # the frame that a function closes over
        self.statement = -1  # the top-level statement that defined a function or class
        self.defaults: Value = NOTHING
        self.owner = -1  # class of an instance or method, function of a bound method, object that a view is of
        self.part = ""  # of a view: what it is a view of in its owner
        self.receiver: Value = NOTHING
        self.bases: tuple[int, ...] = ()
        self.library_base = ""
        self.draws = False  # its methods draw from a library's global random generator
        self.copied_by: ast.AST | None = None  # the call that made it as a copy
        self.classes: frozenset[int] = NOTHING  # notebook classes whose instances may be inside, unseen
        self.fields: dict[str, set[int]] = {}


class Heap:
    """All objects of one abstract run."""

    def __init__(self) -> None:
        self.things: list[Thing] = []
        self.holders: list[set[int]] = []
        self._sites: dict[object, int] = {}
        self.has_classes = False
        self.texts: dict[int, str] = {}  # strings that are written out in the notebook, for `eval`

    def new(self, thing: Thing) -> int:
        """Add an object."""
        self.things.append(thing)
        self.holders.append(set())
        return len(self.things) - 1

    def at(self, site: object, kind: Kind = Kind.OBJECT, type: str = "") -> int:  # noqa: A002 - the field's name
        """Return the object made at `site`, the same one each time."""
        found = self._sites.get(site)
        if found is None:
            found = self._sites[site] = self.new(Thing(kind, type))
        return found

    def constant(self, type: str) -> Value:  # noqa: A002 - the field's name
        """Return the one immutable object of a type."""
        return frozenset((self.at(("constant", type), Kind.CONSTANT, type),))

    def text(self, value: str) -> Value:
        """Return the object of a written string; long ones and those that name nothing are all alike."""
        if len(value) > MAX_TEXT or not any(each.isalpha() for each in value):
            return self.constant("str")
        made = self.at(("text", value), Kind.CONSTANT, "str")
        self.texts[made] = value
        return frozenset((made,))

    def joined(self, parts: Iterable[Value], separator: str = "") -> Value:
        """Return the text that written-out texts make together, or some string when one of them is not known."""
        known = [[self.texts[each] for each in part if each in self.texts] for part in parts]
        return self.text(separator.join(each[0] for each in known)) if all(len(each) == 1 for each in known) else self.constant("str")

    def library(self, path: str) -> int:
        """Return the object that stands for a dotted path of a library."""
        return self.at(("library", path), Kind.LIBRARY, path)

    def hold(self, holder: int, key: str, values: Iterable[int]) -> None:
        """Let `holder` hold objects in a field; an immutable object, of which there is one for all, holds nothing."""
        if self.things[holder].kind == Kind.CONSTANT:
            return
        held = self.things[holder].fields.setdefault(key, set())
        for value in values:
            if value not in held:
                held.add(value)
                if key != BACK:
                    self.holders[value].add(holder)

    def field(self, location: int, key: str) -> Value:
        """Read a field; what stands at unknown places may stand in it too."""
        fields = self.things[location].fields
        found = fields.get(key, NOTHING)
        anywhere = fields.get(ELEMENTS, NOTHING)
        return frozenset(found) | frozenset(anywhere) if anywhere else frozenset(found)

    def elements(self, location: int) -> Value:
        """Return everything that an object holds."""
        fields = self.things[location].fields
        return frozenset(value for key, held in fields.items() if key not in (CODE, BACK) for value in held)

    def view(self, location: int, key: str) -> int:
        """Return the part of an opaque object that `key` names: changing the part changes the whole, not the other way round."""
        whole = location
        for _ in range(MAX_PARTS):
            if not self.things[whole].part:
                break
            whole = self.things[whole].owner
        else:
            return location  # deep inside, a part stands for its own parts too
        part = self.at(("view", location, key))
        self.things[part].owner, self.things[part].part = location, key
        self.hold(location, key, (part,))
        return part

    def hold_slices(self, wholes: Value, parts: Value) -> None:
        """Note that parts of arrays are slices: they show what is written into the whole."""
        for location in wholes:
            if self.things[location].type.startswith("numpy."):
                self.hold(location, SLICES, parts & self.elements(location))

    def classes_in(self, values: Iterable[int]) -> set[int]:
        """Return the notebook classes whose instances can be reached from `values`."""
        if not self.has_classes:
            return set()
        things = [self.things[location] for location in self.reach(values)]
        return {thing.owner for thing in things if thing.kind == Kind.INSTANCE} | {each for thing in things for each in thing.classes}

    def reach(self, values: Iterable[int]) -> set[int]:
        """Return the objects that can be reached from `values`."""
        seen = set(values)
        stack = list(seen)
        while stack:
            thing = self.things[stack.pop()]
            for held in (*thing.fields.values(), thing.receiver):
                new = held - seen
                if new:
                    seen |= new
                    stack.extend(new)
        return seen

    def reached_from(self, locations: Iterable[int]) -> set[int]:
        """Return the objects from which some of `locations` can be reached."""
        seen = set(locations)
        stack = list(seen)
        while stack:
            new = self.holders[stack.pop()] - seen
            if new:
                seen |= new
                stack.extend(new)
        return seen
