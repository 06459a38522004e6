"""Figures and axes, and the figure that pyplot draws on: it lives until its cell ends, when Jupyter shows and closes it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nb2pipe.analysis.heap import AXES, BACK, ELEMENTS, Value
from nb2pipe.analysis.texts import Texts

if TYPE_CHECKING:
    import ast

FIGURE = "matplotlib.figure.Figure"
PYPLOT = "matplotlib.pyplot."
MAKES_AXES = frozenset(f"{PYPLOT}{name}" for name in "axes gca subplot subplot2grid twinx twiny".split())


class Drawing(Texts):
    """Knows which axes belong to which figure."""

    cell = 0  # the cell that runs, as a number of its own

    def belongs(self, part: int, whole: int) -> None:
        """Let an object be a part of another that it knows, as axes are of their figure."""
        self.heap.hold(whole, ELEMENTS, (part,))
        self.heap.hold(part, BACK, (whole,))

    def figure_or_axes(self, node: ast.AST, path: str) -> Value:
        """Return what a function of pyplot makes or finds; empty when that is no figure and no axes."""
        if path == PYPLOT + "figure":
            return frozenset((self._new_figure(node),))
        if path == PYPLOT + "gcf":
            return self._current_figure(node) or frozenset((self._new_figure(node),))
        if path == PYPLOT + "subplots":
            figure, axes, both = self._new_figure(node), self.fresh(node, AXES, role="axes"), self.fresh(node, "tuple", role="both")
            self.belongs(axes, figure)
            self.heap.hold(both, "0", (figure,))
            self.heap.hold(both, "1", (axes,))
            return frozenset((both,))
        if path in MAKES_AXES:
            axes = self.fresh(node, AXES, role="axes")
            for figure in sorted(self._current_figure(node)):
                self.belongs(axes, figure)
            return frozenset((axes,))
        return frozenset()

    def _new_figure(self, node: ast.AST) -> int:
        made = self.fresh(node, FIGURE, role="figure")
        self.bind_global(self._state, frozenset((made,)), node)
        return made

    def _current_figure(self, node: ast.AST) -> Value:
        return self.read_global(self._state, node) if self.top.get(self._state) is not None else frozenset()

    @property
    def _state(self) -> str:
        return f"pyplot:{self.cell}"
