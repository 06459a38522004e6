"""The Jupyter Server half of the JupyterLab extension: what the front end asks → calls of `nb2pipe.api` and of `jupyter_mlops.submit`.

Importing this package imports nothing; Jupyter Server calls the two hooks below.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from jupyter_server.serverapp import ServerApp


def _jupyter_server_extension_points() -> list[dict[str, str]]:
    """Say which module is the extension."""
    return [{"module": "jupyter_mlops.server"}]


def _load_jupyter_server_extension(server: ServerApp) -> None:
    """Add our handlers to a server that starts."""
    from jupyter_mlops.server.handlers import add_handlers

    add_handlers(server)
