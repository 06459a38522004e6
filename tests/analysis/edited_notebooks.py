"""Random cells with functions, closures, classes, aliases, in-place changes and branches over few names, and random edits of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nb2pipe.frontend.build import RawCell, build_notebook
from nb2pipe.ir.notebook import CellKind, Notebook

if TYPE_CHECKING:
    from collections.abc import Callable
    from random import Random

NAMES = ("a", "b", "c", "d", "f", "g", "K", "o", "df", "m")
Sources = list[tuple[str, str]]
"""Cell ids and sources."""


def notebook_of(cells: Sources) -> Notebook:
    """Make a notebook of code cells."""
    raw = [RawCell(kind=CellKind.CODE, source=source, id=identity) for identity, source in cells]
    notebook = build_notebook(raw, {}, "edited.ipynb").value
    assert notebook is not None
    return notebook


def expression(random: Random, depth: int = 0) -> str:
    """Write an expression."""

    def name() -> str:
        return random.choice(NAMES)

    def inner() -> str:
        return expression(random, depth + 1)

    small: list[Callable[[], str]] = [
        name,
        lambda: str(random.randrange(3)),
        lambda: repr(random.choice(["a", "x.csv", " "])),
        lambda: "[]",
    ]
    large: list[Callable[[], str]] = [
        lambda: f"[{inner()}, {inner()}]",
        lambda: f"{{'k': {inner()}}}",
        lambda: f"{name()}({inner()})",
        lambda: f"{name()}({inner()}, {inner()})",
        lambda: f"{name()}.x",
        lambda: f"{name()}['k']",
        lambda: f"{name()}.put({inner()})",
        lambda: f"({inner()}, {inner()})",
        lambda: f"K({inner()})",
        lambda: f"[x + {inner()} for x in {name()}]",
        lambda: f"(lambda x: x + {name()})",
        lambda: f"pd.DataFrame({inner()})",
        lambda: f"{name()} + {inner()}",
        lambda: f"{name()}.copy()",
        lambda: f"copy.deepcopy({name()})",
        lambda: f"np.asarray({name()})",
    ]
    return random.choice(small if depth > 2 else [*small, *large])()


def block(random: Random, depth: int) -> str:
    """Write an indented block."""
    lines = "\n".join(statement(random, depth + 1) for _ in range(random.randrange(1, 3)))
    return "\n".join("    " + line for line in lines.split("\n"))


def statement(random: Random, depth: int = 0) -> str:
    """Write a statement."""

    def name() -> str:
        return random.choice(NAMES)

    def value() -> str:
        return expression(random)

    def inside() -> str:
        return block(random, depth)

    small: list[Callable[[], str]] = [
        lambda: f"{name()} = {value()}",
        lambda: f"{name()} = {name()}",
        lambda: f"{name()}.append({value()})",
        lambda: f"{name()}['k'] = {value()}",
        lambda: f"{name()}.x = {value()}",
        lambda: f"{name()} += {value()}",
        lambda: f"{name()}({value()})",
        lambda: f"print({value()})",
        name,
        lambda: f"del {name()}",
        lambda: f"{name()}, {name()} = {value()}",
    ]
    large: list[Callable[[], str]] = [
        lambda: f"def {random.choice('fg')}(x, y=1):\n{inside()}\n    return {value()}",
        lambda: f"def {random.choice('fg')}(x):\n    global {name()}\n{inside()}\n    x.append({value()})\n    return x",
        lambda: (
            f"def {random.choice('fg')}(x):\n    s = [x]\n    def i(y):\n        nonlocal s\n        s = [y, {name()}]\n        return s\n    return i"
        ),
        lambda: (
            f"def {random.choice('fg')}(x):\n    s = x\n    def put(y):\n        nonlocal s\n        s = y\n    def get():\n        return s\n    return put, get"
        ),
        lambda: (
            f"class K:\n    z = {value()}\n    def __init__(self, x):\n        self.x = x\n"
            f"    def put(self, y):\n        self.x.append(y)\n        {name()}.append(y)\n        return self"
        ),
        lambda: (
            f"class K({random.choice(['object', 'K', 'Base', name()])}):\n    def put(self, y):\n        self.x = {value()}\n"
            f"        return {name()}\n    def __add__(self, o):\n        return {value()}"
        ),
        lambda: f"if {name()}:\n{inside()}\nelse:\n{inside()}",
        lambda: f"for i in {name()}:\n{inside()}",
        lambda: f"try:\n{inside()}\nexcept Exception:\n{inside()}",
        lambda: f"while {name()}:\n{inside()}",
        lambda: "import numpy as np\nimport pandas as pd\nimport copy",
        lambda: "from os.path import *",
        lambda: "from __future__ import annotations",
        lambda: f"with open('x.csv') as {name()}:\n{inside()}",
        lambda: f"np.random.seed({random.randrange(3)})",
        lambda: f"{name()} = np.random.rand(3)",
        lambda: f"{name()}: {name()} = {value()}",
        lambda: f"{name()} = globals()" + random.choice(["['a']", "", ".get('b')"]),
    ]
    return random.choice(small if depth > 1 else [*small, *large])()


def source(random: Random) -> str:
    """Write a cell."""
    return "\n".join(statement(random) for _ in range(random.choice([1, 1, 1, 2, 3])))


def rewritten(random: Random, text: str) -> str:
    """Edit the text of a cell: all of it, a line more, a number, a name, or so that it no longer parses."""
    name = random.choice(NAMES)
    return random.choice(
        [
            lambda: source(random),
            lambda: f"{text}\n{statement(random)}",
            lambda: f"{statement(random)}\n{text}",
            lambda: text.replace("1", "7", 1),
            lambda: text.replace(name, random.choice(NAMES), 1),
            lambda: f"{text}\n(",
        ]
    )()
