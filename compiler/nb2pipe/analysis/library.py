"""Library calls of the abstract run: looked up in the knowledge tables, with callbacks into the notebook's own code."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from nb2pipe.analysis.drawing import PYPLOT
from nb2pipe.analysis.heap import CODE, ELEMENTS, NOTHING, Kind, Value
from nb2pipe.analysis.instances import OWN_TYPES
from nb2pipe.analysis.iteration import GENERATOR, ITERATOR, ITERATORS
from nb2pipe.analysis.knowledge import functions, methods
from nb2pipe.analysis.known import CONTAINERS, DRAWN, Known
from nb2pipe.analysis.paths import about

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

RUNNABLE = (Kind.FUNCTION, Kind.BOUND, Kind.CLASS, Kind.INSTANCE)
OPERATORS = frozenset(
    "__add__ __radd__ __sub__ __rsub__ __mul__ __rmul__ __truediv__ __matmul__ __eq__ __lt__ __le__ __gt__ __ge__ __ne__ __hash__ __str__ "
    "__repr__ __format__ __len__ __contains__ __bool__ __neg__ __pow__ __mod__ __and__ __or__ __iter__ __next__".split()
)
LAZY = ITERATORS | {"collections.defaultdict"}
DICTS = ("builtins.dict", "collections.OrderedDict", "collections.defaultdict", "collections.Counter")
RUNS_INSIDE = frozenset((GENERATOR, ITERATOR, "list", "tuple", "dict"))
"""Types of objects that may run code where they are iterated, or whose elements may be code."""
SPECIAL = ("__", "_repr_", "_ipython_display_")
NOT_ON_FRAMES = frozenset("add pop_ reverse normal choice uniform read write eval random".split())
NUMBER_METHODS = frozenset("mean sum std var min max prod".split())


class Library(Known):
    """Calls into code that is not the notebook's."""

    def call_opaque(self, node: ast.AST, location: int, name: str, arguments: Sequence[Value], keywords: Mapping[str, Value]) -> Value:
        """Call a method that the knowledge tables describe, or that the default describes."""
        thing, heap = self.heap.things[location], self.heap
        values = [*arguments, *(value for key, value in keywords.items() if key != "out")]
        if self._have_code(values):
            self.run_callbacks(node, values, heap.elements(location))
        if thing.fields and "." in thing.type:  # a pipeline calls the functions that it was built from
            inner = frozenset(each for each in heap.reach((location,)) if heap.things[each].kind in (Kind.FUNCTION, Kind.INSTANCE))
            self.run_callbacks(node, [inner], NOTHING)
        self.record.effects = self.record.effects or thing.type not in ("list", "tuple", "dict", "set")
        frame_like = thing.type.startswith(("pandas.", "polars.", "numpy.", "pyarrow."))
        known = self.facts_of_method(location, name, arguments, keywords)
        followed = known is None or thing.type in CONTAINERS
        if known is not None:
            self.do_changes(known, location, arguments, keywords)
            self.change((location,) if "inplace=True" in keywords else ())
        elif "inplace=True" in keywords or (thing.type.startswith(methods.SELF_CHANGING_TYPES) and not shows(name)):
            self.change((location,), deep=not thing.type.startswith(DRAWN))
        elif thing.type.startswith(methods.UNCHANGEABLE_TYPES):
            pass
        elif name in methods.SHALLOW_MUTATORS and not (frame_like and name in NOT_ON_FRAMES) and not thing.type.startswith("statsmodels."):
            self.change((location,))
        elif name in methods.DEEP_MUTATORS and not frame_like:
            self.change((location,), deep=True)
        if "out" in keywords:
            self.change(keywords["out"])
        if name in methods.ADDS_ARGUMENTS and followed:
            heap.hold(location, ELEMENTS, frozenset().union(*values) if values else NOTHING)
        elif name in methods.ADDS_ELEMENTS and followed:
            for value in arguments:
                heap.hold(location, ELEMENTS, self.all_elements(value))
            for key, value in keywords.items():
                heap.hold(location, ELEMENTS if key == "**" else key, value)
        if name in methods.CALLS_NAMES_IN_STRING and isinstance(node, ast.Call) and node.args and frame_like:
            self.read_marked_names(node.args[0], arguments[0])
        self.states_of_method(node, location, name, arguments, keywords)
        result = (
            self._result_of_method(node, location, name)
            if known is None or followed
            else self.known_result(node, known, location, arguments)
        )
        self._may_contain(result, [frozenset((location,)), *values])
        return result

    def _result_of_method(self, node: ast.AST, location: int, name: str) -> Value:
        thing, heap = self.heap.things[location], self.heap
        if thing.type in (GENERATOR, ITERATOR):
            return self.all_elements(frozenset((location,)))
        if name in methods.RETURNS_SELF and not thing.type.startswith(methods.FIT_RETURNS_RESULT):
            return frozenset((location,))
        if name == "items" and thing.type in ("dict", ""):
            made = self.fresh(node, "list")
            self._hold_rows(node, made, [NOTHING, heap.elements(location) if thing.fields else frozenset((heap.view(location, ELEMENTS),))])
            return frozenset((made,))
        if name == "popitem" and thing.type in ("dict", ""):
            row = self.fresh(node, "tuple", role="row")
            self.heap.hold(row, "1", heap.elements(location))
            return frozenset((row,))
        if name in methods.RETURNS_PART:
            if thing.type in ("list", "dict", "tuple", "set"):
                held = heap.elements(location) or frozenset((self.fresh(node),))
                if name != "values":
                    return held
                made = self.fresh(node, "list", role="values")
                heap.hold(made, ELEMENTS, held)
                return frozenset((made,))
            made = self.fresh(node)
            heap.hold(made, ELEMENTS, (location,))
            return frozenset((made,))
        if name == "fit" and thing.type.startswith("statsmodels."):
            return frozenset((self.fresh(node, "statsmodels.Results"),))
        same = any(thing.type == type_ and name in names for type_, names in functions.FRAME_METHODS.items())
        made = self.fresh(node, thing.type if same or (name == "copy" and thing.type) else "")
        if name == "copy" and thing.type in ("list", "dict", "set"):
            heap.hold(made, ELEMENTS, heap.elements(location))
        if thing.type.startswith("numpy.") and name in NUMBER_METHODS:
            return heap.constant("float")
        return frozenset((made,))

    def call_library(self, node: ast.AST, path: str, arguments: Sequence[Value], keywords: Mapping[str, Value]) -> Value:
        """Call a function or class of a library by its dotted path."""
        values = [*arguments, *(value for key, value in keywords.items() if key != "out")]
        if path in OWN_TYPES:
            return self.prepare(node, path, arguments, keywords)
        if path not in functions.RUNS_NOTHING and path not in ITERATORS and self._have_code(values):
            self.run_callbacks(node, values, frozenset().union(*(self.all_elements(value) for value in values)))
        if path in functions.ALL_NAMES and not arguments and (path == "builtins.globals" or self.frame is self.top):
            for name in sorted({name for layer in self.top.layers for name in layer}):
                if not self.is_code(name):
                    self.read_global(name, node)
        self.run_texts(node, path, arguments)
        named = about(path)
        if named.is_setting:
            self.change_library(path)
        self.states_of_function(node, path, arguments, keywords)
        if path in functions.RETURNS_STATE:
            return frozenset((self.heap.library(path + "()"),))
        self.record.effects = self.record.effects or named.has_effects
        known = self.facts_of_function(path, arguments, keywords)
        if known is not None:
            self.do_changes(known, None, arguments, keywords)
        changed = 0 if path.startswith("numpy.") and path.endswith(".at") else functions.MUTATES_ARGUMENT.get(path)
        if changed is not None and changed < len(arguments):
            self.change(arguments[changed])
        if "out" in keywords:
            self.change(keywords["out"])
        if path == "builtins.getattr" and len(arguments) > 1 and arguments[1] & self.heap.texts.keys():
            names = [self.heap.texts[each] for each in sorted(arguments[1] & self.heap.texts.keys())]
            return frozenset().union(*(self.attribute(arguments[0], name, node) for name in names))
        if path in ("builtins.max", "builtins.min") and arguments:
            return self.all_elements(arguments[0]) if len(arguments) == 1 else frozenset().union(*arguments)
        if path.startswith(PYPLOT) and (drawn := self.figure_or_axes(node, path)):
            return drawn
        if path in functions.RETURNS_ARGUMENT and arguments:
            return self._same_or_part(node, arguments[0], path)
        if path == "os.path.join":
            return self.heap.joined(arguments, "/")
        if path in functions.RETURNS_SHALLOW_COPY and arguments:
            return frozenset(self.shallow_copy(node, location) for location in arguments[0])
        if path in functions.RETURNS_COPY and arguments:
            copies: dict[int, int] = {}
            return frozenset(self.deep_copy(node, location, copies) for location in arguments[0])
        result = (
            self.known_result(node, known, None, arguments)
            if known and not named.is_followed
            else self._result_of_library(node, path, values, arguments)
        )
        self.note_random_object(node, path, keywords, result)
        self._may_contain(result, values)
        return result

    def _may_contain(self, result: Value, values: Sequence[Value]) -> None:
        """Note that what a library returns may contain instances of the notebook's classes that it was given."""
        for value in values if self.heap.has_classes else ():
            classes = self.heap.classes_in(value)
            for location in result if classes else ():
                if self.heap.things[location].kind == Kind.OBJECT:
                    self.heap.things[location].classes |= classes

    def _same_or_part(self, node: ast.AST, value: Value, path: str) -> Value:
        """Return the argument itself or something that shares its data."""
        if path in ("builtins.next", "builtins.getattr"):
            return self.all_elements(value) or (value if path == "builtins.getattr" else NOTHING)
        made = self.fresh(node, self.library_type(value) or "numpy.ndarray")
        self.heap.hold(made, ELEMENTS, value)
        for location in value:
            self.heap.hold(location, "shared", (made,))
        return frozenset((made,))

    def _result_of_library(self, node: ast.AST, path: str, values: Sequence[Value], arguments: Sequence[Value]) -> Value:
        named = about(path)
        is_class = named.is_class or (named.last.isidentifier() and path in functions.HOLDS_ARGUMENTS)
        type_ = named.result_type or (ITERATOR if path in ITERATORS else "")
        if type_ in ("int", "float", "str", "bool"):
            return self.heap.constant(type_)
        made = self.fresh(node, type_)
        if path in functions.SPLITS_ARGUMENTS:
            for index, value in enumerate(arguments):
                types = {self.heap.things[each].type for each in value} or {""}
                for part in (2 * index, 2 * index + 1):
                    self.heap.hold(made, str(part), [self.fresh(node, each, role=f"part {part} {each}") for each in sorted(types)])
        if path in ("builtins.zip", "builtins.enumerate"):
            columns = [NOTHING, *values] if path.endswith("enumerate") else values
            self._hold_rows(node, made, [self.all_elements(value, iterate=True) for value in columns])
        elif is_class and not type_.startswith(("pandas.", "polars.", "pyarrow.")):  # frames take their data over
            self._hold_arguments(made, path, arguments, values)
        return frozenset((made,))

    def _hold_arguments(self, made: int, path: str, arguments: Sequence[Value], values: Sequence[Value]) -> None:
        """Let what a constructor makes hold its arguments, or for a container their elements; keyword arguments are held themselves."""
        container = path.startswith(("builtins.", "itertools.", "collections."))
        for index, value in enumerate(values):
            code = frozenset(each for each in value if self.heap.things[each].kind in (Kind.FUNCTION, Kind.BOUND))
            if path in LAZY:
                self.heap.hold(made, CODE, code)
            if container and index < len(arguments):
                self.heap.hold(made, ELEMENTS, self.all_elements(value))
            elif not container or path in DICTS:
                self.heap.hold(made, ELEMENTS, value)

    def _hold_rows(self, node: ast.AST, made: int, columns: Sequence[Value]) -> None:
        """Let an object hold tuples with one element from each column."""
        row = self.fresh(node, "tuple", role="row")
        for index, column in enumerate(columns):
            self.heap.hold(row, str(index), column)
        self.heap.hold(made, ELEMENTS, (row,))

    def _have_code(self, values: Sequence[Value]) -> bool:
        """Tell whether values may hold functions or objects with methods of the notebook."""
        things = [self.heap.things[each] for value in values for each in value]
        return any(thing.kind in RUNNABLE or (thing.kind == Kind.OBJECT and thing.type in RUNS_INSIDE) for thing in things)

    def run_callbacks(self, node: ast.AST, values: Sequence[Value], items: Value = NOTHING) -> None:
        """Run functions handed to code that is not the notebook's: it may call them, with anything it was given."""
        for value in values:
            for location in sorted(value):
                thing = self.heap.things[location]
                if thing.kind in (Kind.FUNCTION, Kind.BOUND):
                    owner = self.heap.things[thing.owner if thing.kind == Kind.BOUND else location].node
                    count = len(owner.args.args) if isinstance(owner, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda) else 0
                    self.all_elements(self.call(node, frozenset((location,)), [items] * count, {}))
                elif thing.type in (GENERATOR, ITERATOR):
                    self.all_elements(frozenset((location,)))
                elif thing.kind == Kind.CLASS:
                    self.instantiate(node, location, [], {})
                elif thing.kind == Kind.INSTANCE:
                    if thing.library_base:
                        self.run_all_methods(node, location)
                    else:
                        self.look_at(frozenset((location,)), node, every=True)
                elif thing.kind == Kind.OBJECT and thing.type in ("list", "tuple", "dict"):
                    inner = [each for each in self.heap.elements(location) if self.heap.things[each].kind in RUNNABLE]
                    if inner and ("callbacks", location) not in self.running:
                        self.running.append(("callbacks", location))
                        self.run_callbacks(node, [frozenset(inner)], items)
                        self.running.pop()

    def look_at(self, value: Value, node: ast.AST, *, every: bool = False, names: frozenset[str] = OPERATORS) -> None:
        """Run the special methods that an operator (`names`), or a print, a display or an unknown function (`every`), may call on instances."""
        for location in sorted(value):
            thing = self.heap.things[location]
            if thing.kind == Kind.INSTANCE:
                fields = self.special_names(thing.owner)
                special = [name for name in fields if name.startswith(SPECIAL) and name not in ("__init__", "__new__", "__post_init__")]
                for name in special if every else [name for name in special if name in names]:
                    for method in self.members(thing.owner, name):
                        self.all_elements(self.run_function(node, method, [frozenset((location,))], {}))


def shows(name: str) -> bool:
    """Tell whether a method of a figure or the like only gives out what is there."""
    return name in methods.SHOWING or name.startswith("get")
