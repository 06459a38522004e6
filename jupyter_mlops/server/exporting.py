"""A saved notebook → a plain Python project in a folder below the server's."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from jupyter_mlops.server.context import Refused
from jupyter_mlops.server.running.compiled import without_pipeline

if TYPE_CHECKING:
    from collections.abc import Mapping

    from jupyter_mlops.server.context import Context


def export_notebook(context: Context, body: Mapping[str, Any]) -> dict[str, Any]:
    """Export a notebook, whole or not at all.

    Raises
    ------
    Refused
        When there is no such notebook, it has errors, or the folder is not one that an export may write.
    """
    from nb2pipe.api import export_file

    path = context.file(body["path"], ".ipynb", ".py")
    folder = context.file(body["directory"])
    if not path.is_file():
        raise Refused(404, f"there is no notebook `{body['path']}`", "save it first")
    if folder == context.root:
        raise Refused(400, "a project needs a folder of its own", "name a new folder")
    checked, files = export_file(str(path), str(folder))
    if not files:
        raise without_pipeline(checked, body["path"])
    return {"directory": context.relative(folder), "files": list(files)}
