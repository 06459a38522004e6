"""Functions, classes and imports of the abstract run."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from nb2pipe.analysis.expressions import Expressions
from nb2pipe.analysis.heap import NOTHING, Kind, Value
from nb2pipe.analysis.parts import setter_of
from nb2pipe.analysis.scopes import Entry, Frame

if TYPE_CHECKING:
    from nb2pipe.analysis.heap import Thing


class Definitions(Expressions):
    """Runs what defines names of code: `def`, `class`, `import`."""

    def _functiondef(self, node: ast.FunctionDef | ast.AsyncFunctionDef) -> None:
        value = self.function(node)
        if self._is_setter(node):  # the name keeps the property, whose first function reads
            self.frame.set(setter_of(node.name), Entry(value, frozenset()))
            return
        for decorator in reversed(node.decorator_list):
            made = self._decorate(decorator, value)
            value = value | frozenset(each for each in made if self.heap.things[each].kind in (Kind.FUNCTION, Kind.BOUND, Kind.INSTANCE))
        self.bind(node.name, value, node)

    _asyncfunctiondef = _functiondef

    def _is_setter(self, node: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
        setters = (each for each in node.decorator_list if isinstance(each, ast.Attribute) and each.attr in ("setter", "deleter"))
        return self.frame.is_class and any(isinstance(each.value, ast.Name) and each.value.id == node.name for each in setters)

    def _classdef(self, node: ast.ClassDef) -> None:
        bases = [(base, self.value(base)) for base in [*node.bases, *(keyword.value for keyword in node.keywords)]]
        things = self.heap.things
        known = tuple(location for _, value in bases for location in sorted(value) if things[location].kind == Kind.CLASS)
        library = next(
            (things[location].type for _, value in bases for location in sorted(value) if things[location].kind == Kind.LIBRARY), ""
        )
        inherited = next((things[base].library_base for base in known if things[base].library_base), "")
        site = self.heap.at((id(node), self.current, self.site, "class"), Kind.CLASS, node.name)
        thing: Thing = things[site]
        self.heap.has_classes = True
        thing.node, thing.statement, thing.bases = node, self.current, known
        thing.library_base = "" if library == "builtins.object" else library or inherited
        outer = self.frame
        self.frame = Frame(outer=outer, is_class=True, owner=site)
        self.block(node.body)
        members, self.frame = self.frame.layers[0], outer
        for name, entry in members.items():
            self.heap.hold(site, name, entry.value)
            for location in entry.value:
                if things[location].kind == Kind.FUNCTION and things[location].owner < 0:
                    things[location].owner = site
        self._run_class_hooks(node, site, known)
        for decorator in node.decorator_list:
            self._decorate(decorator, frozenset((site,)))
        self.bind(node.name, frozenset((site,)), node)

    def _decorate(self, decorator: ast.expr, value: Value) -> Value:
        """Apply a decorator: the notebook's own is run, a library's is taken to wrap without calling."""
        place = decorator.func if isinstance(decorator, ast.Call) else decorator
        if isinstance(place, ast.Attribute) and place.attr == "register":  # functools.singledispatch
            for generic in sorted(self.value(place.value)):
                if self.heap.things[generic].kind == Kind.FUNCTION:
                    self.heap.hold(generic, "registered", value)
                    self.change((generic,))
        own = frozenset(each for each in self.value(decorator) if self.heap.things[each].kind not in (Kind.LIBRARY, Kind.OBJECT))
        return self.call(decorator, own, [value], {}) if own else NOTHING

    def _run_class_hooks(self, node: ast.ClassDef, site: int, bases: tuple[int, ...]) -> None:
        """Run what making a class runs: hooks of its bases and of its metaclass."""
        made = frozenset((site,))
        for base in bases:
            for name in ("__init_subclass__", "__init__", "__new__") if base in self._metaclasses(node) else ("__init_subclass__",):
                for method in self.members(base, name):
                    self.run_function(node, method, [made], {})

    def _metaclasses(self, node: ast.ClassDef) -> Value:
        return frozenset().union(*(self.value(keyword.value) for keyword in node.keywords if keyword.arg == "metaclass"))

    def _import(self, node: ast.Import) -> None:
        for alias in node.names:
            self.record.imports[alias.name.partition(".")[0]] = None
            path = alias.name if alias.asname else alias.name.partition(".")[0]
            self.bind(alias.asname or path, frozenset((self.heap.library(path),)), alias)

    def _importfrom(self, node: ast.ImportFrom) -> None:
        module = "." * node.level + (node.module or "")
        if not node.level and node.module:
            self.record.imports[node.module.partition(".")[0]] = None
        self.lazy_annotations = self.lazy_annotations or (module == "__future__" and any(each.name == "annotations" for each in node.names))
        for alias in node.names:
            if alias.name == "*":
                self._import_star(module, alias)
            else:
                self.bind(alias.asname or alias.name, frozenset((self.heap.library(f"{module}.{alias.name}"),)), alias)

    def _import_star(self, module: str, alias: ast.alias) -> None:
        """Bind what the module brings where that is known; else any name that nothing else binds may come from here."""
        from nb2pipe.analysis.knowledge.stars import star_names

        names = star_names(module, self.folder)
        if names is None:
            self.stars |= {self.current}
        for name in names or ():
            self.bind(name, frozenset((self.heap.library(f"{module}.{name}"),)), alias)
