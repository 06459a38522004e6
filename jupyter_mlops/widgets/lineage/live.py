"""The graph's view and a live kernel → an anywidget that asks for a new view when a group is opened."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from jupyter_mlops.errors import need

if TYPE_CHECKING:
    from collections.abc import Callable


def make(view: dict[str, Any], expand: Callable[[list[str]], dict[str, Any]] | None) -> Any:
    """Make the widget.

    Raises
    ------
    EnvironmentProblem
        If anywidget is not installed.
    """
    anywidget = need("anywidget", "lab")
    traitlets = need("traitlets", "lab")
    folder = Path(__file__).parent

    class LineageWidget(anywidget.AnyWidget):  # type: ignore[misc, name-defined] # a class of an optional package
        """`view` is drawn; the page writes the names of open groups into `expanded`."""

        _esm = (folder / "view.js").read_text(encoding="utf-8")
        _css = (folder.parent / "style.css").read_text(encoding="utf-8") + (folder / "view.css").read_text(encoding="utf-8")
        view = traitlets.Dict().tag(sync=True)
        expanded = traitlets.List(traitlets.Unicode()).tag(sync=True)

    made = LineageWidget(view=view)
    if expand is not None:
        made.observe(lambda change: setattr(made, "view", expand(list(change["new"]))), names="expanded")
    return made
