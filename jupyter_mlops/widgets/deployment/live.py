"""The live widget of a deployment: the same drawing, drawn again while the rollout goes on, and four buttons."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jupyter_mlops.errors import need
from jupyter_mlops.widgets.deployment import headline, html

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

OVER = ("STABLE", "ROLLED_BACK")


def live(view: Callable[[], dict[str, Any]], commands: Mapping[str, Callable[[], str]], *, every_seconds: float = 2.0) -> Any:
    """Make the widget; it looks every `every_seconds` until the rollout is over.

    Parameters
    ----------
    view : Gives the facts as they are now.
    commands : What each button does; each gives what came of it, in words.
    """
    anywidget, traitlets = need("anywidget", "lab"), need("traitlets", "lab")

    class DeploymentWidget(anywidget.AnyWidget):  # type: ignore[misc,name-defined]
        _esm = Path(__file__).with_name("view.js")
        body = traitlets.Unicode().tag(sync=True)
        headline = traitlets.Unicode().tag(sync=True)
        commands = traitlets.Dict().tag(sync=True)
        outcome = traitlets.Unicode().tag(sync=True)

    def show() -> bool:
        seen = view()
        shown.body, shown.headline, shown.commands = html(seen), headline(seen), seen["commands"]
        return seen["state"] in OVER

    def obey(_: Any, message: Any, __: Any) -> None:
        name = message.get("command", "") if isinstance(message, dict) else ""
        if name in commands:
            shown.outcome = f"{name}: {commands[name]()}"
            show()

    def follow() -> None:
        while not stop.wait(every_seconds):
            if show():
                return

    stop = threading.Event()
    shown = DeploymentWidget()
    shown.on_msg(obey)
    shown.stop_following = stop.set
    if not show():
        threading.Thread(target=follow, name="deployment-widget", daemon=True).start()
    return shown
