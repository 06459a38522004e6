"""What calling a class gives, and what calls that were prepared (`functools.partial`) do."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nb2pipe.analysis.heap import CODE, ELEMENTS, Kind, Value
from nb2pipe.analysis.iteration import Iteration
from nb2pipe.analysis.parts import FIELD

if TYPE_CHECKING:
    import ast
    from collections.abc import Mapping, Sequence

PARTIAL, NAMED_TUPLE = "functools.partial", "collections.namedtuple"
OWN_TYPES = (PARTIAL, NAMED_TUPLE, FIELD)
"""Functions whose results this module knows; their path stands as the type."""


class Instances(Iteration):
    """Makes instances of notebook classes and named tuples, and calls partial functions."""

    def call(self, node: ast.AST, called: Value, arguments: Sequence[Value], keywords: Mapping[str, Value]) -> Value:
        """Call whatever the objects are."""
        raise NotImplementedError

    def instantiate(self, node: ast.AST, location: int, arguments: Sequence[Value], keywords: Mapping[str, Value]) -> Value:
        """Make an instance of a notebook class and run its constructors."""
        class_ = self.heap.things[location]
        made = self.heap.at((id(node), self.current, self.site, location), Kind.INSTANCE, class_.type)
        thing = self.heap.things[made]
        thing.owner, thing.library_base = location, class_.library_base
        instance = frozenset((made,))
        ran = False
        for name in ("__new__", "__init__", "__post_init__"):
            for method in self.members(location, name):
                ran = ran or name != "__post_init__"
                self.run_function(node, method, [instance, *arguments], keywords)
        if not ran or class_.library_base:
            for value in [*arguments, *keywords.values()]:
                self.heap.hold(made, ELEMENTS, value)
        self._fill_fields(node, made, location)
        return instance

    def _fill_fields(self, node: ast.AST, made: int, class_: int) -> None:
        """Give an instance of a data class what the factories of its fields make."""
        things = self.heap.things
        for name, members in [item for each in self.lineage(class_) for item in things[each].fields.items()]:
            for member in sorted(members):
                if things[member].kind == Kind.OBJECT and things[member].type == FIELD:
                    self.heap.hold(made, name, self.call(node, frozenset(things[member].fields.get("default_factory", ())), [], {}))

    def prepare(self, node: ast.AST, path: str, arguments: Sequence[Value], keywords: Mapping[str, Value]) -> Value:
        """Return a partial function or a field of a data class: it holds what it was given, by place and by name."""
        made = self.fresh(node, path)
        for index, value in enumerate(arguments):
            self.heap.hold(made, str(index), value)
        for name, value in keywords.items():
            self.heap.hold(made, name, value)
        return frozenset((made,))

    def call_prepared(self, node: ast.AST, location: int, arguments: Sequence[Value], keywords: Mapping[str, Value]) -> Value:
        """Call a partial function, or a class of named tuples."""
        thing = self.heap.things[location]
        if thing.type == NAMED_TUPLE:
            made = self.fresh(node, "tuple", role="named")
            for value in [*arguments, *keywords.values()]:
                self.heap.hold(made, ELEMENTS, value)
            return frozenset((made,))
        places = sorted((key for key in thing.fields if key.isdigit()), key=int)
        given = [self.heap.field(location, key) for key in places[1:]]
        named = {key: self.heap.field(location, key) for key in thing.fields if key not in places and key != CODE}
        return self.call(node, self.heap.field(location, "0"), [*given, *arguments], {**named, **keywords})

    def run_all_methods(self, node: ast.AST, location: int) -> None:
        """Run every method of an instance: its library base may call any of them."""
        instance = frozenset((location,))
        for class_ in self.lineage(self.heap.things[location].owner):
            for members in list(self.heap.things[class_].fields.values()):
                for member in sorted(members):
                    if self.heap.things[member].kind == Kind.FUNCTION and self.heap.things[member].type != "__init__":
                        self.run_function(node, member, [instance], {})

    def special_names(self, class_: int) -> dict[str, None]:
        """List what a class and its bases define."""
        return dict.fromkeys(name for each in self.lineage(class_) for name in self.heap.things[each].fields)
