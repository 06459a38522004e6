"""`IPython.display` → the step's display; where the image lacks IPython, a small stand-in takes its place."""

from __future__ import annotations

import sys
from importlib.machinery import ModuleSpec, PathFinder

from .hooks import changed

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from .display import Display


class Finder:
    """An import hook for IPython's modules, set where the notebook's code names IPython."""

    def __init__(self, display: Display) -> None:
        self.display = display
        self.missing = not PathFinder.find_spec("IPython")
        sys.meta_path.insert(0, self)

    def find_spec(self, name: str, path: Any = None, target: Any = None) -> Any:
        """Find the stand-in, or IPython with our functions in the place of its own."""
        if self.missing and name in ("IPython", "IPython.display"):
            return ModuleSpec(name, self, is_package=True)  # type: ignore[arg-type]
        return changed(name, path, self.replace) if name == "IPython.core.display_functions" else None

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
