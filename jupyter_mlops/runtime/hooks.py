"""An import hook: the figures that plotting libraries would show on a screen go to the step's page."""

from __future__ import annotations

import sys
from importlib.machinery import PathFinder

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from .display import Display
    from .page import Page


class Hooks:
    """Finds a few modules before Python does and changes them when they have been executed."""

    def __init__(self, display: Display, page: Page) -> None:
        self.changes: dict[str, Any] = {
            "matplotlib.pyplot": lambda module: setattr(module, "show", lambda *_, **__: page.show_figures()),  # it gets attributes
            "plotly.basedatatypes": lambda module: setattr(module.BaseFigure, "show", lambda figure, *_, **__: display.show(figure)),
        }
        sys.meta_path.insert(0, self)

    def find_spec(self, name: str, path: Any = None, target: Any = None) -> Any:
        """Give the real module's spec, with the change behind its execution."""
        return changed(name, path, self.changes[name]) if name in self.changes else None


def changed(name: str, path: Any, change: Callable[[Any], object]) -> Any:
    """Find a module that will be changed when it has been executed."""
    spec: Any = PathFinder.find_spec(name, path)
    if spec:
        execute = spec.loader.exec_module
        spec.loader.exec_module = lambda module: (execute(module), change(module))
    return spec
