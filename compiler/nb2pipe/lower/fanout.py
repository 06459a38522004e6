"""How the values of a fan-out step become one value again, and whether its turns are independent.

The step's own loop runs with a list of one item per turn. That equals the notebook when no turn needs what another left, and when what is
collected is a list that each turn extends, a dict that each turn adds to, or a value that each turn binds anew.
"""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from nb2pipe.analysis.statements import Statements
from nb2pipe.ir.pipeline import Collect

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

LAST = ast.dump(ast.parse("-1", mode="eval").body)
EXTENDS = {"append": Collect.CONCATENATE, "extend": Collect.CONCATENATE, "update": Collect.MERGE, "setdefault": Collect.MERGE}


class FanOut:
    """What the cells of one fan-out step do with the list `over`.

    Attributes
    ----------
    collected : dict of str to Collect
        Names that start empty in the step and are filled by its loop.
    carried : dict of str to ast.AST
        Names whose value goes from one turn to the next, or that are read while they are incomplete, with a place.
    """

    def __init__(self, trees: Sequence[ast.Module], over: str) -> None:
        self.over = over
        self.collected: dict[str, Collect] = {}
        self.carried: dict[str, ast.AST] = {}
        self._trees = trees
        self._fills: set[ast.AST] = set()
        self._filled: dict[tuple[str, str], int] = {}  # (name, place filled) → line
        statements = [node for tree in trees for node in tree.body]
        for node in statements:
            self._starts_empty(node)
        loops = [node for node in statements if isinstance(node, ast.For) and self._is_over(node.iter)]
        for loop in loops:
            self._find_fills(loop)
        for node in statements:
            self._find_reads(node)
        for loop in loops:
            self._find_carried(loop)

    def collect(self, name: str) -> Collect:
        """Return how the values of a name become one."""
        return self.collected.get(name, Collect.LAST)

    def fills_by_item(self, name: str) -> bool:
        """Tell whether a dict gets entries only under the item of the turn."""
        fills = [node for node in self._nodes() if isinstance(node, ast.Name) and node.id == name and node in self._fills]
        return self.collected.get(name) == Collect.MERGE and bool(fills) and all(self._is_by_item(node) for node in fills)

    def reads_by_item(self, name: str) -> bool:
        """Tell whether a name is read only as ``name[item]``, under the item of the turn."""
        return all(self._is_by_item(node) for node in self._nodes() if isinstance(node, ast.Name) and node.id == name)

    def _nodes(self) -> Iterable[ast.AST]:
        return (node for tree in self._trees for node in ast.walk(tree))

    def _is_by_item(self, name: ast.Name) -> bool:
        for loop in self._nodes():
            if isinstance(loop, ast.For) and self._is_over(loop.iter) and isinstance(loop.target, ast.Name):
                for node in ast.walk(loop):
                    if isinstance(node, ast.Subscript) and node.value is name:
                        return isinstance(node.slice, ast.Name) and node.slice.id == loop.target.id
        return isinstance(name.ctx, ast.Store)

    def _is_over(self, node: ast.expr) -> bool:
        return isinstance(node, ast.Name) and node.id == self.over

    def _starts_empty(self, node: ast.stmt) -> None:
        if not isinstance(node, ast.Assign | ast.AnnAssign) or node.value is None:
            return
        kind = self._container(node.value)
        for target in node.targets if isinstance(node, ast.Assign) else [node.target]:
            if isinstance(target, ast.Name) and kind is not None:
                self.collected[target.id] = kind

    def _container(self, value: ast.expr) -> Collect | None:
        called = value.func.id if isinstance(value, ast.Call) and isinstance(value.func, ast.Name) else ""
        if (isinstance(value, ast.List) and not value.elts) or (called == "list" and not value.args):  # type: ignore[attr-defined]
            return Collect.CONCATENATE
        if (isinstance(value, ast.Dict) and not value.keys) or called in ("dict", "defaultdict", "OrderedDict"):
            return Collect.MERGE
        if isinstance(value, ast.ListComp | ast.DictComp) and self._is_over(value.generators[0].iter):
            return Collect.CONCATENATE if isinstance(value, ast.ListComp) else Collect.MERGE
        return None

    def _find_fills(self, loop: ast.For) -> None:
        """Find the places where the loop adds to what is collected: reading the name there is no read of its content."""
        for node in ast.walk(loop):
            target: ast.expr | None = None
            line = getattr(node, "lineno", 0)
            if isinstance(node, ast.Expr) and isinstance(node.value, ast.Call) and isinstance(node.value.func, ast.Attribute):
                target = node.value.func.value if node.value.func.attr in EXTENDS else None
            elif isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Subscript):
                target = node.targets[0].value
                while isinstance(target, ast.Subscript):
                    target = target.value
            elif isinstance(node, ast.AugAssign) and isinstance(node.op, ast.Add | ast.BitOr):
                target = node.target
            if isinstance(target, ast.Name) and target.id in self.collected:
                self._fills.add(target)
                place = (
                    ast.dump(node.targets[0].slice) if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Subscript) else LAST
                )
                self._filled.setdefault((target.id, place), line)
        self._find_own_reads(loop)

    def _find_own_reads(self, loop: ast.For) -> None:
        """Find reads of what the same turn has just filled in: ``scores[depth]`` after it was set, ``rows[-1]`` after an append."""
        for node in ast.walk(loop):
            if isinstance(node, ast.Subscript) and isinstance(node.ctx, ast.Load) and isinstance(node.value, ast.Name):
                filled = self._filled.get((node.value.id, ast.dump(node.slice)))
                if filled is not None and filled < node.lineno:
                    self._fills.add(node.value)

    def _find_reads(self, statement: ast.stmt) -> None:
        iterated = {node.iter for node in ast.walk(statement) if isinstance(node, ast.For | ast.comprehension)}
        for node in ast.walk(statement):
            if not isinstance(node, ast.Name) or node in self._fills:
                continue
            whole_list = node.id == self.over and isinstance(node.ctx, ast.Load) and node not in iterated
            if whole_list or (node.id in self.collected and isinstance(node.ctx, ast.Load)):
                self.carried.setdefault(node.id, node)

    def _find_carried(self, loop: ast.For) -> None:
        """Find names that a turn reads before it binds them."""
        run = Statements()
        run.begin(loop)
        run.assign(loop.target, frozenset())
        run.record.binds.clear()
        run.block(loop.body)
        for name, (node, _, _) in run.record.uses.items():
            if name in _bound_in(loop.body) and name not in self.collected:
                self.carried.setdefault(name, node)


def _bound_in(body: Iterable[ast.stmt]) -> set[str]:
    return {
        node.id
        for statement in body
        for node in ast.walk(statement)
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store | ast.Del)
    }
