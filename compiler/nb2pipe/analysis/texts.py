"""Python that stands in strings: run where a string that is written out in the notebook is evaluated."""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING

from nb2pipe.analysis.knowledge import functions
from nb2pipe.analysis.states import States

if TYPE_CHECKING:
    from collections.abc import Sequence

    from nb2pipe.analysis.heap import Value

MARKED = re.compile(r"@([^\W\d]\w*)")
NAMES = re.compile(r"(?<![\w.])[^\W\d]\w*")
FORMULAS = ("statsmodels.formula.", "patsy.")
"""Functions below these paths look all names of their formulas up, in the notebook too."""
OWN_NAMES = ("builtins.eval", "builtins.exec")


class Texts(States):
    """Runs strings, and reads the names in them."""

    def __init__(self) -> None:
        super().__init__()
        self._trees: dict[str, ast.Module] = {}

    def run_texts(self, node: ast.AST, path: str, arguments: Sequence[Value]) -> None:
        """Run the strings that a library function evaluates on the notebook's names."""
        if path in functions.EVALUATES_STRING and arguments and not (path in OWN_NAMES and has_names_of_its_own(node)):
            for text in sorted(self.heap.texts[each] for each in arguments[0] & self.heap.texts.keys()):
                self._evaluate(text, node)
        if path.startswith(FORMULAS):
            written = [self.heap.texts[each] for value in arguments for each in sorted(value & self.heap.texts.keys())]
            for name in (each for text in written if "~" in text for each in NAMES.findall(text)):
                if self.top.get(name) is not None:
                    self.run_callbacks(node, [self.read(name, node)])

    def read_marked_names(self, text: ast.expr, value: Value) -> None:
        """Read the names that a frame's query marks with ``@``."""
        constants = [part.value for part in ast.walk(text) if isinstance(part, ast.Constant)]
        for piece in [*constants, *(self.heap.texts[each] for each in sorted(value & self.heap.texts.keys()))]:
            for name in MARKED.findall(piece) if isinstance(piece, str) else ():
                self.read(name, text)

    def _evaluate(self, text: str, node: ast.AST) -> None:
        """Run Python that stands in a string which is written out somewhere."""
        tree = self._trees.get(text)
        if tree is None:
            try:
                tree = ast.parse(text.strip())
            except (SyntaxError, ValueError):
                tree = ast.Module(body=[], type_ignores=[])
            for part in ast.walk(tree):  # its positions are those of the string, not of the cell
                if isinstance(part, ast.expr | ast.stmt):
                    ast.copy_location(part, node)
            self._trees[text] = tree  # kept, as objects are known by the node that makes them
        self.block(tree.body)


def has_names_of_its_own(node: ast.AST) -> bool:
    """Tell whether a call of `eval` or `exec` brings the names that the string may use."""
    given = node.args[1:] if isinstance(node, ast.Call) else []
    spelled = given[0].func if given and isinstance(given[0], ast.Call) else None
    return bool(given) and not (isinstance(spelled, ast.Name) and spelled.id in ("globals", "locals", "vars"))
