"""The state of the abstract run and the primitives on it: read, bind, change, branch. Syntax is elsewhere."""

from __future__ import annotations

import builtins
from typing import TYPE_CHECKING

from nb2pipe.analysis.heap import BACK, NOTHING, SHARED, SLICES, Heap, Kind, Value
from nb2pipe.analysis.knowledge.methods import COMPOSITE_TYPES, DATA_TYPES
from nb2pipe.analysis.scopes import Entry, Frame, Layer, join

if TYPE_CHECKING:
    import ast
    from collections.abc import Iterable

BUILTINS = frozenset(dir(builtins)) | frozenset(
    # what IPython and the step runtime add
    "get_ipython display In Out exit quit _ __ ___ _i _ii _iii _oh _dh _ih __file__ __name__ __doc__ __builtins__ __annotations__".split()
)


SHOWN_IN_VIEWS = ("numpy.", "scipy.sparse.", "torch.")
"""Types whose own changes are seen through their views; a frame's mostly replace whole columns, which no view shows."""


class Record:
    """What one top-level statement has been seen to do so far."""

    __slots__ = ("before", "binds", "changes", "deletes", "draws", "effects", "imports", "mutates", "node", "settings", "uses")

    def __init__(self, node: ast.stmt) -> None:
        self.node = node
        self.uses: dict[str, tuple[ast.AST, frozenset[int], bool]] = {}
        self.binds: dict[str, tuple[ast.AST, bool]] = {}
        self.deletes: dict[str, None] = {}
        self.mutates: dict[str, None] = {}
        self.before: dict[str, frozenset[int]] = {}  # who had made a name's value before this statement changed it
        self.changes: dict[int, None] = {}
        self.imports: dict[str, None] = {}
        self.settings: dict[str, None] = {}
        self.draws: dict[str, None] = {}  # libraries whose global random generator it uses
        self.effects = False  # it called something that may do more than return a value


class Machine:
    """Heap, names and the records of statements, in one abstract run of the notebook."""

    def __init__(self) -> None:
        self.heap = Heap()
        self.top = Frame()
        self.frame = self.top
        self.records: list[Record] = []
        self.current = -1
        self.record: Record
        self.names_of: dict[int, set[str]] = {}
        self.history: dict[str, list[tuple[int, Value]]] = {}
        self.folder = ""  # the notebook's, where modules may be files
        self.stars: frozenset[int] = frozenset()  # statements that import everything from somewhere
        self.lazy_annotations = False
        self.epoch = 0
        self.running: list[tuple[object, ...]] = []  # the calls that are open
        self.site: object = None  # the innermost call being run: part of the identity of new objects

    def begin(self, node: ast.stmt) -> None:
        """Start the next top-level statement."""
        self.record = Record(node)
        self.records.append(self.record)
        self.current = len(self.records) - 1
        self.site = None

    def read(self, name: str, node: ast.AST) -> Value:
        """Read a name from the running frame outwards; a notebook name is recorded as a use."""
        frame: Frame | None = self.frame
        skip_class = False
        while frame is not None and frame is not self.top:
            if name in frame.globals_:
                break
            if not (skip_class and frame.is_class):
                entry = frame.get(name)
                if entry is not None:
                    return entry.value
                if name in frame.locals_:  # bound later in the body: local all the same
                    return NOTHING
            skip_class = True
            frame = frame.outer
        return self.read_global(name, node)

    def read_global(self, name: str, node: ast.AST) -> Value:
        """Read a notebook name and record who made it."""
        entry = self.top.get(name)
        if entry is None or (not entry.sure and not entry.value and name in BUILTINS):  # a deleted name shows the builtin again
            if name in BUILTINS:
                return frozenset((self.heap.library("builtins." + name),))
            self._use(name, node, self.stars, sure=True)
            return NOTHING
        producers = entry.producers
        if producers == frozenset((self.current,)) and name in self.record.before and name not in self.record.binds:
            producers = self.record.before[name]
        if producers != frozenset((self.current,)):
            self._use(name, node, producers, sure=entry.sure)
        return entry.value

    def _use(self, name: str, node: ast.AST, producers: frozenset[int], *, sure: bool) -> None:
        if self.running:  # written in the body of a function: the place is the statement that calls it
            node = self.record.node
        known = self.record.uses.get(name)
        if known is not None:
            node = node if known[0] is self.record.node else known[0]
            producers, sure = known[1] | producers, known[2] and sure
        self.record.uses[name] = (node, producers, sure)

    def bind(self, name: str, value: Value, node: ast.AST) -> None:
        """Bind a name in the running frame, or in the notebook when it is declared global there."""
        frame = self.frame
        if frame is self.top or name in frame.globals_:
            self.bind_global(name, value, node)
            return
        if name in frame.nonlocals:
            outer = frame.outer
            while outer is not None and outer is not self.top and outer.get(name) is None:
                outer = outer.outer
            frame = outer if outer is not None and outer is not self.top else frame
            self.bind_outer(frame, name, value)
        frame.set(name, Entry(value, frozenset()))

    def bind_outer(self, frame: Frame, name: str, value: Value) -> None:
        """Record that a function binds a name of the call around it."""
        raise NotImplementedError

    def bind_global(self, name: str, value: Value, node: ast.AST) -> None:
        """Bind a notebook name."""
        self.top.set(name, Entry(value, frozenset((self.current,))))
        self.record.binds.setdefault(name, (self.record.node if self.running else node, True))
        self.record.deletes.pop(name, None)
        if len(self.top.layers) == 1:  # on every path: the name no longer stands for what was changed before
            self.record.mutates.pop(name, None)
        self.epoch += 1
        for location in value:
            self.names_of.setdefault(location, set()).add(name)

    def delete(self, name: str, node: ast.AST) -> None:
        """Unbind a name; deleting needs it."""
        if self.frame is self.top or name in self.frame.globals_:
            self.read_global(name, node)
            self.top.set(name, Entry(NOTHING, frozenset((self.current,)), sure=False))
            self.record.deletes[name] = None
            self.record.binds.pop(name, None)
            self.epoch += 1
        else:
            self.frame.set(name, Entry(NOTHING, frozenset(), sure=False))

    def finish(self) -> None:
        """End a top-level statement: certainty of its bindings, history of what it touched."""
        record = self.record
        for name in [*record.binds, *record.mutates, *record.deletes]:
            entry = self.top.get(name)
            if entry is None:
                continue
            if name in record.binds:
                # What was first changed and then bound on some path still needs the object it changed.
                sure = entry.sure and entry.producers == frozenset((self.current,)) and name not in record.mutates
                record.binds[name] = (record.binds[name][0], sure)
            versions = self.history.setdefault(name, [])
            if versions and versions[-1][0] == self.current:
                versions.pop()
            versions.append((self.current, entry.value))

    def fresh(self, node: ast.AST, type: str = "", role: str = "") -> int:  # noqa: A002 - the heap's word
        """Return the object that `node` makes when this statement runs it from this call."""
        return self.heap.at((id(node), self.current, self.site, role), Kind.OBJECT, type)

    def change(self, values: Iterable[int], *, deep: bool = False) -> None:
        """Record that objects are changed in place, for every notebook name that can reach them."""
        things = self.heap.things
        changed = self._with_views(self._deeply(values) if deep else set(values))
        changed = {location for location in changed if things[location].kind in (Kind.OBJECT, Kind.INSTANCE, Kind.CLASS, Kind.FUNCTION)}
        if not changed:
            return
        self.record.changes.update(dict.fromkeys(sorted(changed)))
        above = self.heap.reached_from(changed)
        touched = sorted({name for location in above for name in self.names_of.get(location, ())})
        for name in touched:
            entry = self.top.get(name)
            if entry is None or not (entry.value & above) or (self.current in entry.producers and name in self.record.binds):
                continue
            if entry.producers == frozenset((self.current,)) and name in self.record.mutates:
                continue
            self.record.mutates[name] = None
            self.record.before.setdefault(name, entry.producers)
            self.top.set(name, Entry(entry.value, frozenset((self.current,)), entry.sure))
            self.epoch += 1

    def _with_views(self, changed: set[int]) -> set[int]:
        """Add the views of arrays: they show what is written into the array."""
        stack = [location for location in changed if self.heap.things[location].type.startswith(SHOWN_IN_VIEWS)]
        while stack:
            fields = self.heap.things[stack.pop()].fields
            views = {each for key in (SHARED, SLICES) for each in fields.get(key, ())} - changed
            changed |= views
            stack.extend(views)
        return changed

    def is_code(self, name: str) -> bool:
        """Tell whether a notebook name holds functions, classes and modules only."""
        entry = self.top.get(name)
        return entry is not None and all(self.heap.things[each].kind in (Kind.FUNCTION, Kind.CLASS, Kind.LIBRARY) for each in entry.value)

    def _deeply(self, values: Iterable[int]) -> set[int]:
        """Return the objects, and what they are made of where their kind works through its parts; data that they hold is not."""
        things = self.heap.things
        seen: set[int] = set()
        stack = list(values)
        while stack:
            location = stack.pop()
            if location in seen or things[location].type.startswith(DATA_TYPES):
                continue
            seen.add(location)
            thing = things[location]
            if thing.kind == Kind.INSTANCE or thing.type.startswith(COMPOSITE_TYPES) or not thing.type:
                for key, held in thing.fields.items():
                    stack.extend(held if key != BACK else ())
        return seen

    def open(self) -> None:
        """Begin a branch: what it binds stays in a layer of its own."""
        self.top.layers.append({})
        if self.frame is not self.top:
            self.frame.layers.append({})

    def close(self) -> tuple[Layer, Layer]:
        """End a branch and return what it bound, in the notebook and in the running frame."""
        layer = self.top.layers.pop()
        return layer, (self.frame.layers.pop() if self.frame is not self.top else {})

    def merge(self, branches: list[tuple[Layer, Layer]], *, or_neither: bool) -> None:
        """Continue after alternative branches."""
        join(self.top, [branch[0] for branch in branches], or_neither=or_neither)
        if self.frame is not self.top:
            join(self.frame, [branch[1] for branch in branches], or_neither=or_neither)
        self.epoch += 1
