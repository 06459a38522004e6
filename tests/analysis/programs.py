"""Random notebooks that run: a grammar of Python over a few names of known kinds, for property tests.

Loops run at least once and a `try` succeeds or raises at its start, as the analysis takes them to, and what changes an object makes it
different; everything else is free.
"""

from __future__ import annotations

from textwrap import indent
from typing import TYPE_CHECKING, Any, NamedTuple

from hypothesis import strategies as st

if TYPE_CHECKING:
    from collections.abc import Callable

NUMBERS, LISTS, DICTS, CODE, CLASSES, INSTANCES = ("n", "m", "k"), ("xs", "ys", "zs"), ("d", "e"), ("f", "g", "h"), ("A", "B"), ("o", "p")


class Profile(NamedTuple):
    """What programs may hold; `branches`: code that may not run, so that reads may be more than what happens."""

    cells: int
    statements: int
    branches: bool


class Writer:
    """Writes one notebook; `known` are the names that are surely bound, by kind."""

    def __init__(self, draw: Callable[[Any], Any], profile: Profile) -> None:
        self.draw = draw
        self.profile = profile
        self.known: dict[str, list[str]] = {kind: [] for kind in ("number", "list", "dict", "code", "maker", "class", "instance")}
        self.depth = 0
        self.inside = False  # a function

    def one(self, choices: Any) -> Any:
        return self.draw(st.sampled_from(list(choices)))

    def name(self, kind: str) -> str:
        return self.one(self.known[kind])

    def learn(self, kind: str, name: str) -> str:
        for names in self.known.values():
            if name in names:
                names.remove(name)
        self.known[kind].append(name)
        return name

    def number(self, depth: int = 0) -> str:
        choices = ["{literal}", "{literal}"]
        if self.known["number"]:
            choices += ["{n}", "{n}", "{n} + {number}"]
        if self.known["list"]:
            choices += ["len({l})", "sum(len(v) for v in {l} if isinstance(v, list))", "[v for v in {l}].count({number})"]
        if self.known["code"] and not self.inside and depth < 2:
            choices += ["{f}({number}, {list})", "list(map(lambda v: {f}(v, {list}), [{number}]))[0]"]
        if self.known["instance"]:
            choices += ["len(str({o}.size))", "{o}.grow({number})"]
        if self.profile.branches and self.known["number"]:
            choices += ["({n} if {number} > 1 else {number})", "({n} and {number})"]
        return self.fill(self.one(choices if depth < 2 else choices[:3]), depth)

    def list_(self, depth: int = 0) -> str:
        choices = ["[{number}]", "[]"]
        if self.known["list"]:
            choices += ["{l}", "{l}", "{l}[:]", "[{l}, {number}]", "list({l})", "{l} + [{number}]", "sorted({l}, key=str)"]
        if self.known["dict"]:
            choices += ["{d}['a']", "list({d}.values())"]
        if self.known["maker"] and not self.inside and depth < 2:
            choices += ["{mk}({list})"]
        if self.known["instance"]:
            choices += ["{o}.items"]
        return self.fill(self.one(choices if depth < 2 else choices[:3]), depth)

    def fill(self, text: str, depth: int = 0) -> str:
        for mark, kind in (
            ("{n}", "number"),
            ("{l}", "list"),
            ("{d}", "dict"),
            ("{f}", "code"),
            ("{mk}", "maker"),
            ("{o}", "instance"),
            ("{c}", "class"),
        ):
            while mark in text:
                text = text.replace(mark, self.name(kind), 1)
        while "{number}" in text:
            text = text.replace("{number}", self.number(depth + 1), 1)
        while "{list}" in text:
            text = text.replace("{list}", self.list_(depth + 1), 1)
        return text.replace("{literal}", str(self.draw(st.integers(0, 3))))

    def block(self, count: int = 2) -> str:
        """Write some statements; what they bind may not be known after them."""
        before = {kind: list(names) for kind, names in self.known.items()}
        self.depth += 1
        text = "\n".join(self.statement() for _ in range(self.draw(st.integers(1, count))))
        self.depth -= 1
        self.known = {kind: [name for name in names if any(name in each for each in self.known.values())] for kind, names in before.items()}
        return indent(text, "    ")

    def statement(self) -> str:
        simple: list[Callable[[], str]] = [self.bind_number, self.bind_list, self.bind_dict, self.change, self.change, self.expression]
        if not self.inside and self.known["number"]:
            simple.append(self.delete)
        if self.depth < 2:
            simple += [self.loop, self.with_, self.match]
            if self.profile.branches:
                simple += [self.if_, self.while_, self.try_]
        if self.depth == 0:
            simple += [self.function, self.function, self.maker, self.class_, self.instance]
        return self.one(simple)()

    def bind_number(self) -> str:
        if self.known["number"] and self.draw(st.booleans()):
            return self.fill("{n} += {number}") if not self.inside else self.fill("v = {n}")
        value = self.number()
        return f"{self.learn('number', self.one(NUMBERS))} = {value}" if not self.inside else f"w = {value}"

    def bind_list(self) -> str:
        value = self.list_()
        return f"{self.learn('list', self.one(LISTS))} = {value}" if not self.inside else f"own = {value}\nown.append(0)"

    def bind_dict(self) -> str:
        value = self.fill(self.one(["{'a': {list}}", "dict(a={list}, b={list})", "{key: {list} for key in 'ab'}"]))
        return f"{self.learn('dict', self.one(DICTS))} = {value}" if not self.inside else f"table = {value}"

    def change(self) -> str:
        choices = ["pass"]
        if self.known["list"]:
            choices += ["{l}.append({number})", "{l}.extend([{number}])", "{l}[:0] = [{list}]", "{l}.append({list}[:])"]
            if not self.inside:
                choices += ["{l} += {list}", "[{l}.append(v) for v in range(2)]"]
        if self.known["dict"]:
            choices += [
                "{d}[len({d})] = {list}",
                "{d}.update({len({d}): {list}})",
                "{d}['a'].append({number})",
                "{d}.setdefault(len({d}), {list})",
            ]
        if self.known["instance"]:
            choices += ["{o}.size = [{o}.size]", "{o}.items.append({number})", "{o}.items = [{o}.items]"]
        return self.fill(self.one(choices))

    def expression(self) -> str:
        return self.fill(self.one(["print({number})", "len({list})", "str({list})", "f'{{number}}'"])) if not self.inside else "pass"

    def delete(self) -> str:
        if self.depth:
            return "pass"
        name = self.name("number")
        self.known["number"].remove(name)
        return f"del {name}"

    def if_(self) -> str:
        test = self.fill("if {number} > 1:")
        body, other = self.block(), self.block()
        return self.one([f"{test}\n{body}", f"{test}\n{body}\nelse:\n{other}"])

    def while_(self) -> str:
        return f"turns = {self.number()}\nwhile turns > 0:\n    turns = turns - 9\n{self.block()}"

    def loop(self) -> str:
        over = self.fill(self.one(["for i in range(2):", "for i in [{number}, {number}]:", "for i, each in enumerate([{list}, {list}]):"]))
        tail = "\n    each.append(0)" if "each" in over else ""
        return f"{over}\n{self.block()}{tail}"

    def try_(self) -> str:
        body = self.block() if self.draw(st.booleans()) else "    raise ValueError"
        handler = self.block() if "raise" in body else "    pass"
        return f"try:\n{body}\nexcept ValueError as error:\n{handler}\nfinally:\n    pass"

    def with_(self) -> str:
        return f"with suppress(KeyError):\n{self.block()}"

    def match(self) -> str:
        pattern = "[first, rest]" if self.profile.branches else "whole"
        return self.fill("match [{number}, {list}]:\n    case " + pattern + ":\n") + indent(self.block(), "    ")

    def function(self) -> str:
        name, rebinds = self.one(CODE), self.one(["", "", "total"])
        default = self.one(["", "", self.fill("=[{number}]")])
        declared = f"    global {self.one(NUMBERS[:2])}\n" if rebinds and self.known["number"] else ""
        was, self.inside = dict(self.known), True
        body = self.block(3)
        touch = self.one(["    items.append(x)\n", "    [items.append(v) for v in (x,)]\n", "    items = items + [x]\n", ""])
        result = self.number()
        self.inside, self.known = False, was
        head = self.one(["", "", "@cache_of\n"]) if "cache_of" in self.known["maker"] else ""
        bind = f"    {declared.split()[1]} = x\n" if declared else ""
        return f"{head}def {self.learn('code', name)}(x, items{default}):\n{declared}{bind}{body}\n{touch}    return {result}"

    def maker(self) -> str:
        name = self.one(("make", "wrap"))
        body = self.one(
            [
                "    return items",
                "    return [items]",
                "    kept = []\n    def put(v):\n        kept.append(v)\n        return kept\n    return put(items)",
                "    count = 0\n    def step():\n        nonlocal count\n        count += 1\n        return [count, items]\n    return step()",
                "    def walk():\n        for v in items:\n            yield v\n    return list(walk())",
                "    return [*items]",
            ]
        )
        return f"def {self.learn('maker', name)}(items):\n{body}"

    def class_(self) -> str:
        name = self.learn("class", self.one(CLASSES))
        size, grown = self.number(2), self.one(["size", "size", self.number(2)])
        return (
            f"class {name}:\n    shared = []\n    def __init__(self, items):\n        self.items = items\n        self.size = {size}\n"
            f"    def grow(self, size):\n        self.items.append(size)\n        self.size = [self.size, {grown}]\n        return len(self.items)"
        )

    def instance(self) -> str:
        if not self.known["class"]:
            return "pass"
        value = self.fill("{c}({list})")
        return f"{self.learn('instance', self.one(INSTANCES))} = {value}"


@st.composite
def notebooks(draw: Any, profile: Profile) -> list[str]:
    """Write the cells of a notebook."""
    writer = Writer(draw, profile)
    sizes = [draw(st.integers(1, profile.statements)) for _ in range(draw(st.integers(2, profile.cells)))]
    return ["from contextlib import suppress", *("\n".join(writer.statement() for _ in range(size)) for size in sizes)]
