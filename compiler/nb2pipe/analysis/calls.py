"""Calls of the abstract run: notebook functions are run on the objects they get, library calls are looked up in the knowledge tables.

Running the body at the call gives late binding, reads through calls, changed arguments and what the result aliases at once.
A call that is already running with the same arguments, or too deep, gives nothing new; the same call on the same state is run once.
"""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from nb2pipe.analysis.heap import ELEMENTS, NOTHING, Kind, Value
from nb2pipe.analysis.knowledge import functions, methods
from nb2pipe.analysis.machine import Machine
from nb2pipe.analysis.scopes import Entry, Frame

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from nb2pipe.analysis.heap import Thing

MAX_DEPTH = 12
MAX_CALLS = 2_000  # in one top-level statement


class Calls(Machine):
    """Everything that runs code: calls, methods, callbacks."""

    def __init__(self) -> None:
        super().__init__()
        self._done: dict[tuple[object, ...], tuple[int, Value]] = {}
        self._calls = 0
        self._locals: dict[int, frozenset[str]] = {}

    # given by the classes above
    def value(self, node: ast.expr) -> Value:
        """Evaluate an expression."""
        raise NotImplementedError

    def block(self, body: Sequence[ast.stmt]) -> int:
        """Run statements."""
        raise NotImplementedError

    # -- calls ---------------------------------------------------------------------------------------------------------------

    def _call(self, node: ast.Call) -> Value:
        if isinstance(node.func, ast.Attribute):
            receiver = self.value(node.func.value)
            arguments, keywords = self._arguments(node)
            return self.call_method(node, receiver, node.func.attr, arguments, keywords)
        called = self.value(node.func)
        arguments, keywords = self._arguments(node)
        if isinstance(node.func, ast.Name) and node.func.id == "super" and self.frame.owner >= 0:
            made = self.heap.at(("super", self.frame.owner, self.frame.first), Kind.SUPER)
            self.heap.things[made].owner, self.heap.things[made].receiver = self.frame.owner, self.frame.first
            return frozenset((made,))
        return self.call(node, called, arguments, keywords)

    def _arguments(self, node: ast.Call) -> tuple[list[Value], dict[str, Value]]:
        positional: list[Value] = []
        for each in node.args:
            value = self.value(each)
            positional.append(self.all_elements(value) if isinstance(each, ast.Starred) else value)
        keywords: dict[str, Value] = {}
        for keyword in node.keywords:
            value = self.value(keyword.value)
            keywords[keyword.arg or "**"] = value if keyword.arg else self.all_elements(value)
            if keyword.arg == "inplace" and isinstance(keyword.value, ast.Constant) and keyword.value.value is True:
                keywords["inplace=True"] = NOTHING
        return positional, keywords

    def call(self, node: ast.AST, called: Value, arguments: Sequence[Value], keywords: Mapping[str, Value]) -> Value:
        """Call whatever the objects are and return what it may return."""
        result: set[int] = set()
        for location in sorted(called):
            thing = self.heap.things[location]
            if thing.kind == Kind.FUNCTION:
                result |= self._run(node, location, arguments, keywords)
            elif thing.kind == Kind.BOUND:
                result |= self._run(node, thing.owner, [thing.receiver, *arguments], keywords)
            elif thing.kind == Kind.CLASS:
                result |= self._instantiate(node, location, arguments, keywords)
            elif thing.kind == Kind.INSTANCE:
                result |= self.call_method(node, frozenset((location,)), "__call__", arguments, keywords)
            elif thing.kind == Kind.LIBRARY:
                result |= self._call_library(node, thing.type, arguments, keywords)
            elif thing.kind == Kind.OBJECT:
                inner = frozenset(each for each in self.heap.elements(location) if self.heap.things[each].kind == Kind.FUNCTION)
                result |= self.call(node, inner, arguments, keywords)  # functools.partial and the like
        if not called:
            self._run_callbacks(node, [*arguments, *keywords.values()])
        if not result and not any(self.heap.things[each].kind in (Kind.FUNCTION, Kind.BOUND) for each in called):
            result.add(self.fresh(node))
        return frozenset(result)

    # -- notebook functions --------------------------------------------------------------------------------------------------

    def _run(self, node: ast.AST, location: int, arguments: Sequence[Value], keywords: Mapping[str, Value]) -> Value:
        thing = self.heap.things[location]
        definition = thing.node
        if definition is None or isinstance(definition, ast.ClassDef):
            return NOTHING
        key = (location, tuple(arguments), tuple(sorted(keywords.items(), key=lambda item: item[0])))
        done = self._done.get(key)
        if done is not None and done[0] == self.epoch:
            return done[1]
        if key in self.running or len(self.running) >= MAX_DEPTH or self._calls >= MAX_CALLS:
            return done[1] if done is not None else NOTHING
        self._calls += 1
        self.running.append(key)
        caller, site, depth = self.frame, self.site, self.loop_depth
        self.frame = Frame(outer=thing.frame, owner=thing.owner, first=arguments[0] if arguments else NOTHING)
        self.frame.locals_ = self._locals_of(definition)  # type: ignore[assignment]
        self.site, self.loop_depth = (id(node), site if len(self.running) < 4 else None), 0
        self._bind_arguments(definition.args, arguments, keywords, thing)
        epoch = self.epoch
        if isinstance(definition, ast.Lambda):
            self.frame.returned |= self.value(definition.body)
        else:
            self.block(definition.body)
        result = frozenset(self.frame.returned)
        self.frame, self.site, self.loop_depth = caller, site, depth
        self.running.pop()
        if self.epoch == epoch:
            self._done[key] = (epoch, result)
        return result

    loop_depth = 0

    def _locals_of(self, definition: ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda) -> frozenset[str]:
        found = self._locals.get(id(definition))
        if found is None:
            found = self._locals[id(definition)] = frozenset() if isinstance(definition, ast.Lambda) else local_names(definition)
        return found

    def _bind_arguments(self, spec: ast.arguments, arguments: Sequence[Value], keywords: Mapping[str, Value], thing: Thing) -> None:
        names = [each.arg for each in [*spec.posonlyargs, *spec.args]]
        spread = keywords.get("**", NOTHING)
        for index, name in enumerate(names):
            value = arguments[index] if index < len(arguments) else keywords.get(name, thing.defaults | spread)
            self.frame.set(name, Entry(value, frozenset()))
        for each in spec.kwonlyargs:
            self.frame.set(each.arg, Entry(keywords.get(each.arg, thing.defaults | spread), frozenset()))
        if spec.vararg is not None:
            made = self.fresh(spec.vararg, "tuple")
            for value in arguments[len(names) :]:
                self.heap.hold(made, ELEMENTS, value)
            self.frame.set(spec.vararg.arg, Entry(frozenset((made,)), frozenset()))
        if spec.kwarg is not None:
            made = self.fresh(spec.kwarg, "dict")
            for name, value in keywords.items():
                if name not in names:
                    self.heap.hold(made, ELEMENTS if name == "**" else name, value)
            self.frame.set(spec.kwarg.arg, Entry(frozenset((made,)), frozenset()))

    def _instantiate(self, node: ast.AST, location: int, arguments: Sequence[Value], keywords: Mapping[str, Value]) -> Value:
        class_ = self.heap.things[location]
        made = self.heap.at((id(node), self.current, self.site, location), Kind.INSTANCE, class_.type)
        thing = self.heap.things[made]
        thing.owner, thing.library_base = location, class_.library_base
        instance = frozenset((made,))
        ran = False
        for name in ("__new__", "__init__", "__post_init__"):
            for method in self.members(location, name):
                ran = True
                self._run(node, method, [instance, *arguments], keywords)
        if not ran or class_.library_base:
            for value in [*arguments, *keywords.values()]:
                self.heap.hold(made, ELEMENTS, value)
        return instance

    def members(self, class_: int, name: str, seen: tuple[int, ...] = ()) -> Value:
        """Return what a class, or the first base that has it, calls `name`."""
        found = self.heap.things[class_].fields.get(name)
        if found:
            return frozenset(found)
        for base in self.heap.things[class_].bases:
            if base not in seen:
                inherited = self.members(base, name, (*seen, class_))
                if inherited:
                    return inherited
        return NOTHING

    def is_notebook_instance(self, value: Value) -> bool:
        """Tell whether a value may be an instance of a class of the notebook."""
        return any(self.heap.things[each].kind == Kind.INSTANCE for each in value)

    # -- methods -------------------------------------------------------------------------------------------------------------

    def call_method(self, node: ast.AST, receiver: Value, name: str, arguments: Sequence[Value], keywords: Mapping[str, Value]) -> Value:
        """Call a method by name on each object the receiver may be."""
        result: set[int] = set()
        for location in sorted(receiver):
            thing = self.heap.things[location]
            if thing.kind == Kind.LIBRARY:
                result |= self._call_library(node, f"{thing.type}.{name}", arguments, keywords)
            elif thing.kind in (Kind.INSTANCE, Kind.SUPER, Kind.CLASS):
                result |= self._call_own(node, location, name, arguments, keywords)
            elif thing.kind in (Kind.OBJECT, Kind.FUNCTION):
                held = frozenset(each for each in thing.fields.get(name, ()) if self.heap.things[each].kind in (Kind.FUNCTION, Kind.BOUND))
                result |= (
                    self.call(node, held, arguments, keywords) if held else self._call_opaque(node, location, name, arguments, keywords)
                )
            elif thing.kind == Kind.CONSTANT:
                result |= self.heap.constant("str" if thing.type == "str" else thing.type)
                self._run_callbacks(node, [*arguments, *keywords.values()])
        if not receiver:
            self._run_callbacks(node, [*arguments, *keywords.values()])
            result.add(self.fresh(node))
        return frozenset(result)

    def _call_own(self, node: ast.AST, location: int, name: str, arguments: Sequence[Value], keywords: Mapping[str, Value]) -> Value:
        """Call a method of a notebook class; what the class does not have, its library base has."""
        thing = self.heap.things[location]
        if thing.kind == Kind.SUPER:
            found = next((m for base in self.heap.things[thing.owner].bases for m in (self.members(base, name),) if m), NOTHING)
            receiver = thing.receiver
        elif thing.kind == Kind.CLASS:
            found, receiver = self.members(location, name), NOTHING
        else:
            found, receiver = self.members(thing.owner, name) | frozenset(thing.fields.get(name, ())), frozenset((location,))
        if found:
            result: set[int] = set()
            for method in sorted(found):
                own = self.heap.things[method]
                bound = own.owner >= 0 and own.kind == Kind.FUNCTION and not is_static(own)
                unbound = thing.kind == Kind.CLASS and not is_class_method(own)
                first = [frozenset((location,)) if thing.kind == Kind.CLASS else receiver] if bound and not unbound else []
                result |= self.call(node, frozenset((method,)), [*first, *arguments], keywords)
            return frozenset(result)
        if thing.kind != Kind.INSTANCE:
            self._run_callbacks(node, [*arguments, *keywords.values()])
            return NOTHING
        if thing.library_base:  # the library may call any method of the class back
            self._run_all_methods(node, location)
        return self._call_opaque(node, location, name, arguments, keywords)

    def _run_all_methods(self, node: ast.AST, location: int) -> None:
        instance = frozenset((location,))
        classes, seen = [self.heap.things[location].owner], set()
        while classes:
            class_ = classes.pop()
            if class_ in seen:
                continue
            seen.add(class_)
            classes.extend(self.heap.things[class_].bases)
            for members in list(self.heap.things[class_].fields.values()):
                for member in sorted(members):
                    if self.heap.things[member].kind == Kind.FUNCTION and self.heap.things[member].type != "__init__":
                        self._run(node, member, [instance], {})

    def _call_opaque(self, node: ast.AST, location: int, name: str, arguments: Sequence[Value], keywords: Mapping[str, Value]) -> Value:
        """Call a method that the knowledge tables describe, or that the default describes."""
        thing, heap = self.heap.things[location], self.heap
        values = [*arguments, *(value for key, value in keywords.items() if key != "out")]
        self._run_callbacks(node, values, heap.elements(location))
        frame_like = thing.type.startswith(("pandas.", "polars.", "numpy.", "pyarrow."))
        if "inplace=True" in keywords or thing.type.startswith(methods.SELF_CHANGING_TYPES):
            self.change((location,), deep=thing.type.startswith(methods.SELF_CHANGING_TYPES))
        elif name in methods.SHALLOW_MUTATORS and not (frame_like and name in NOT_ON_FRAMES):
            self.change((location,))
        elif name in methods.DEEP_MUTATORS and not frame_like:
            self.change((location,), deep=True)
        if "out" in keywords:
            self.change(keywords["out"])
        if name in methods.ADDS_ARGUMENTS:
            heap.hold(location, ELEMENTS, frozenset().union(*values) if values else NOTHING)
        elif name in methods.ADDS_ELEMENTS:
            for value in values:
                heap.hold(location, ELEMENTS, self.all_elements(value))
        return self._result_of_method(node, location, name)

    def _result_of_method(self, node: ast.AST, location: int, name: str) -> Value:
        thing, heap = self.heap.things[location], self.heap
        if name in methods.RETURNS_SELF:
            return frozenset((location,))
        if name == "items" and thing.type in ("dict", ""):
            made = self.fresh(node, "list")
            self._hold_rows(node, made, [NOTHING, heap.elements(location) if thing.fields else frozenset((heap.view(location, ELEMENTS),))])
            return frozenset((made,))
        if name in methods.RETURNS_PART:
            if thing.type in ("list", "dict", "tuple", "set"):
                return heap.elements(location) or frozenset((self.fresh(node),))
            if thing.type.startswith("matplotlib."):
                return frozenset((location,))
            made = self.fresh(node)
            heap.hold(made, ELEMENTS, (location,))
            return frozenset((made,))
        same = any(thing.type == type_ and name in names for type_, names in functions.FRAME_METHODS.items())
        made = self.fresh(node, thing.type if same or (name == "copy" and thing.type) else "")
        if name == "copy" and thing.type in ("list", "dict", "set"):
            heap.hold(made, ELEMENTS, heap.elements(location))
        if thing.type.startswith("numpy.") and name in NUMBER_METHODS:
            return heap.constant("float")
        return frozenset((made,))

    # -- libraries -----------------------------------------------------------------------------------------------------------

    def _call_library(self, node: ast.AST, path: str, arguments: Sequence[Value], keywords: Mapping[str, Value]) -> Value:
        values = [*arguments, *(value for key, value in keywords.items() if key != "out")]
        if path not in functions.RUNS_NOTHING:
            self._run_callbacks(node, values, frozenset().union(*(self.all_elements(value) for value in values)) if values else NOTHING)
        if is_setting(path):
            self.change_library(path)
        changed = functions.MUTATES_ARGUMENT.get(path)
        if changed is not None and changed < len(arguments):
            self.change(arguments[changed])
        if "out" in keywords:
            self.change(keywords["out"])
        if path in functions.RETURNS_ARGUMENT and arguments:
            return self._same_or_part(node, arguments[0], path)
        return self._result_of_library(node, path, values)

    def _same_or_part(self, node: ast.AST, value: Value, path: str) -> Value:
        """Return the argument itself or something that shares its data."""
        if path in ("builtins.next", "builtins.getattr"):
            return self.all_elements(value) or value
        made = self.fresh(node, self.library_type(value) or "numpy.ndarray")
        self.heap.hold(made, ELEMENTS, value)
        for location in value:
            self.heap.hold(location, "shared", (made,))
        return frozenset((made,))

    def _result_of_library(self, node: ast.AST, path: str, values: Sequence[Value]) -> Value:
        type_ = functions.RESULT_TYPES.get(path, "")
        last = path.rpartition(".")[2]
        is_class = last[:1].isupper() or (last.isidentifier() and path in functions.HOLDS_ARGUMENTS)
        if not type_:
            type_ = path if last[:1].isupper() else next((t for prefix, t in functions.RESULT_TYPE_PREFIXES if path.startswith(prefix)), "")
        if type_ in ("int", "float", "str", "bool"):
            return self.heap.constant(type_)
        made = self.fresh(node, type_)
        if path in ("builtins.zip", "builtins.enumerate"):
            columns = [NOTHING, *values] if path.endswith("enumerate") else values
            self._hold_rows(node, made, [self.all_elements(value, iterate=True) for value in columns])
        elif is_class:
            elements = path.startswith(("builtins.", "itertools."))
            for value in values:
                self.heap.hold(made, ELEMENTS, self.all_elements(value) if elements else value)
        return frozenset((made,))

    def _hold_rows(self, node: ast.AST, made: int, columns: Sequence[Value]) -> None:
        """Let an object hold tuples with one element from each column."""
        row = self.fresh(node, "tuple", role="row")
        for index, column in enumerate(columns):
            self.heap.hold(row, str(index), column)
        self.heap.hold(made, ELEMENTS, (row,))

    def change_library(self, path: str) -> None:
        """Record that the state of a library or of the process is changed."""
        self.record.settings[path.partition(".")[0]] = None

    # -- code that runs without being called by name -------------------------------------------------------------------------

    def _run_callbacks(self, node: ast.AST, values: Sequence[Value], items: Value = NOTHING) -> None:
        """Run functions handed to code that is not the notebook's: it may call them, with anything it was given."""
        for value in values:
            for location in sorted(value):
                thing = self.heap.things[location]
                if thing.kind in (Kind.FUNCTION, Kind.BOUND):
                    owner = self.heap.things[thing.owner if thing.kind == Kind.BOUND else location].node
                    count = len(owner.args.args) if isinstance(owner, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda) else 0
                    self.call(node, frozenset((location,)), [items] * count, {})
                elif thing.kind == Kind.CLASS:
                    self._instantiate(node, location, [], {})
                elif thing.kind == Kind.INSTANCE:
                    if thing.library_base:
                        self._run_all_methods(node, location)
                    else:
                        self.look_at(frozenset((location,)), node, every=True)
                elif thing.kind == Kind.OBJECT and thing.type in ("list", "tuple", "dict"):
                    inner = [each for each in self.heap.elements(location) if self.heap.things[each].kind in RUNNABLE]
                    if inner and ("callbacks", location) not in self.running:
                        self.running.append(("callbacks", location))
                        self._run_callbacks(node, [frozenset(inner)], items)
                        self.running.pop()

    def look_at(self, value: Value, node: ast.AST, *, every: bool = False) -> None:
        """Run the special methods that an operator, a print or an unknown function may call on notebook instances."""
        for location in sorted(value):
            thing = self.heap.things[location]
            if thing.kind == Kind.INSTANCE:
                fields = self.heap.things[thing.owner].fields
                names = [name for name in fields if name.startswith("__") and name not in ("__init__", "__new__", "__post_init__")]
                for name in names if every else [name for name in names if name in OPERATORS]:
                    for method in self.members(thing.owner, name):
                        self._run(node, method, [frozenset((location,))], {})

    # -- parts of objects ----------------------------------------------------------------------------------------------------

    def attribute(self, receiver: Value, name: str, node: ast.AST) -> Value:
        """Read an attribute of each object the receiver may be."""
        result: set[int] = set()
        for location in sorted(receiver):
            thing = self.heap.things[location]
            if thing.kind == Kind.LIBRARY:
                result.add(self.heap.library(f"{thing.type}.{name}"))
            elif thing.kind in (Kind.CLASS, Kind.SUPER):
                result |= self.members(location if thing.kind == Kind.CLASS else thing.owner, name)
            elif thing.kind == Kind.INSTANCE:
                result |= self._instance_attribute(location, name, node)
            elif thing.kind == Kind.OBJECT:
                result |= self.heap.field(location, name) or {self.heap.view(location, name)}
                if thing.type in DATA_TYPES and name in DATA_ATTRIBUTES:
                    self.heap.things[self.heap.view(location, name)].type = "numpy.ndarray"
        return frozenset(result)

    def _instance_attribute(self, location: int, name: str, node: ast.AST) -> Value:
        thing = self.heap.things[location]
        result = set(self.heap.field(location, name))
        for member in sorted(self.members(thing.owner, name)):
            if self.heap.things[member].kind != Kind.FUNCTION:
                result.add(member)
            elif is_property(self.heap.things[member]):
                result |= self._run(node, member, [frozenset((location,))], {})
            else:
                bound = self.heap.at(("bound", location, member), Kind.BOUND)
                self.heap.things[bound].owner, self.heap.things[bound].receiver = member, frozenset((location,))
                result.add(bound)
        return frozenset(result) or frozenset((self.heap.view(location, name),))

    def all_elements(self, value: Value, *, iterate: bool = False) -> Value:
        """Return what containers hold, or a part of an opaque object that is iterated."""
        result: set[int] = set()
        for location in value:
            thing = self.heap.things[location]
            if iterate and thing.kind == Kind.INSTANCE:
                for method in self.members(thing.owner, "__iter__") | self.members(thing.owner, "__next__"):
                    result |= self._run(thing.node or ast.Pass(), method, [frozenset((location,))], {})
            if thing.fields or not iterate:
                result |= self.heap.elements(location)
            elif thing.kind == Kind.OBJECT and thing.type not in ("list", "dict", "set", "tuple", "range"):
                result.add(self.heap.view(location, ELEMENTS))
        return frozenset(result)

    def library_type(self, value: Value) -> str:
        """Return the type of the first object whose library type is known."""
        return next(
            (t for each in sorted(value) if self.heap.things[each].kind == Kind.OBJECT for t in (self.heap.things[each].type,) if t), ""
        )

    def element_type(self, type_: str) -> str:
        """Return the type of what is unpacked from an object of a type."""
        return type_ if type_.startswith(("numpy.", "pandas.")) else ""


RUNNABLE = (Kind.FUNCTION, Kind.BOUND, Kind.CLASS, Kind.INSTANCE)
OPERATORS = frozenset(
    "__add__ __radd__ __sub__ __rsub__ __mul__ __rmul__ __truediv__ __matmul__ __eq__ __lt__ __le__ __gt__ __ge__ __ne__ __hash__ __str__ "
    "__repr__ __format__ __len__ __contains__ __bool__ __neg__ __pow__ __mod__ __and__ __or__ __iter__ __next__".split()
)
NOT_ON_FRAMES = frozenset("add pop_ reverse normal choice uniform read write eval random".split())
NUMBER_METHODS = frozenset("mean sum std var min max prod".split())
DATA_TYPES = frozenset(("pandas.DataFrame", "pandas.Series", "sklearn.utils.Bunch"))
DATA_ATTRIBUTES = frozenset(("values", "data", "target"))


def is_setting(path: str) -> bool:
    """Tell whether a call changes library-wide state and nothing else."""
    return any(path == each or path.startswith(each + ".") for each in functions.SETTINGS)


def _decorators(thing: Thing) -> list[str]:
    nodes = thing.node.decorator_list if isinstance(thing.node, ast.FunctionDef | ast.AsyncFunctionDef) else []
    return [part.id if isinstance(part, ast.Name) else part.attr for part in nodes if isinstance(part, ast.Name | ast.Attribute)]


def is_static(thing: Thing) -> bool:
    """Tell whether a method gets no instance."""
    return "staticmethod" in _decorators(thing)


def is_class_method(thing: Thing) -> bool:
    """Tell whether a method gets its class."""
    return "classmethod" in _decorators(thing)


def is_property(thing: Thing) -> bool:
    """Tell whether reading the attribute runs the function."""
    return bool({"property", "cached_property"} & set(_decorators(thing)))


def local_names(definition: ast.FunctionDef | ast.AsyncFunctionDef) -> frozenset[str]:
    """Return the names that a function binds itself."""
    found: set[str] = set()
    declared: set[str] = set()
    stack: list[ast.AST] = list(definition.body)
    while stack:
        node = stack.pop()
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            found.add(node.name)
            continue
        if isinstance(node, ast.Lambda | ast.ListComp | ast.SetComp | ast.DictComp | ast.GeneratorExp):
            found.update(part.target.id for part in ast.walk(node) if isinstance(part, ast.NamedExpr))
            continue
        if isinstance(node, ast.Global | ast.Nonlocal):
            declared.update(node.names)
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store | ast.Del):
            found.add(node.id)
        elif isinstance(node, ast.alias):
            found.add(node.asname or node.name.partition(".")[0])
        elif isinstance(node, ast.ExceptHandler) and node.name:
            found.add(node.name)
        stack.extend(ast.iter_child_nodes(node))
    return frozenset(found - declared)
