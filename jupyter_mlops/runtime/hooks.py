"""An import hook: what plotting libraries and IPython would show on a screen goes to the step's display."""

from __future__ import annotations

import os
import sys
from importlib.machinery import ModuleSpec, PathFinder

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from .display import Display
    from .page import Page


class Hooks:
    """Finds a few modules before Python does and changes them when they have been executed.

    IPython's place is taken only where the code names it and the image lacks it.
    """

    def __init__(self, display: Display, page: Page, body: str) -> None:
        os.environ.setdefault("MPLBACKEND", "Agg")
        self.display = display
        self.stands_in = "IPython" in body and not PathFinder.find_spec("IPython")
        self.changes: dict[str, Any] = {
            "matplotlib.pyplot": lambda module: setattr(module, "show", lambda *_, **__: page.show_figures()),
            "plotly.basedatatypes": lambda module: setattr(module.BaseFigure, "show", lambda figure, *_, **__: display.show(figure)),
            "IPython.core.display_functions": self.replace,
        }
        sys.meta_path.insert(0, self)

    def find_spec(self, name: str, path: Any = None, target: Any = None) -> Any:
        """Give the real module's spec, with the change behind its execution."""
        if self.stands_in and name in ("IPython", "IPython.display"):
            return ModuleSpec(name, self, is_package=True)  # type: ignore[arg-type]
        change = self.changes.get(name)
        spec: Any = PathFinder.find_spec(name, path) if change else None
        if change and spec:
            execute = spec.loader.exec_module
            spec.loader.exec_module = lambda module: (execute(module), change(module))
        return spec

    def create_module(self, spec: ModuleSpec) -> None:
        """Let Python make the stand-in module."""
        return

    def replace(self, module: Any) -> None:
        """Put our functions in the place of IPython's."""
        module.display, module.clear_output = self.display.show, self.display.clear

    def exec_module(self, module: Any) -> None:
        """Fill the stand-in."""
        self.replace(module)
        module.get_ipython = lambda: None
        for kind in ("HTML", "Markdown", "SVG", "Latex", "Image"):
            setattr(module, kind, shown(kind.lower()))


def shown(kind: str) -> Any:
    """Make a stand-in for one of IPython's display classes."""

    class Shown:
        """Holds data that is displayed as it is."""

        def __init__(self, data: Any = None, url: Any = None, filename: Any = None, **_: Any) -> None:
            if filename or (kind == "image" and isinstance(data, str)):
                with open(filename or data, "rb") as file:
                    data = file.read()
            form = ("png" if data[:1] == b"\x89" else "jpeg") if kind == "image" else kind
            setattr(self, f"_repr_{form}_", lambda: data)

    return Shown
