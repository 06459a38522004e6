"""Completion of a tag that is being typed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from jupyter_mlops.server.documents import text_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from jupyter_mlops.server.context import Context


def complete(context: Context, body: Mapping[str, Any]) -> dict[str, Any]:
    """Answer `complete`."""
    from nb2pipe.api import outline_source
    from nb2pipe.completion import complete_tag

    notebook = body["notebook"]
    outline = outline_source(text_of(notebook), notebook["path"] or "untitled.ipynb")
    tags = [cell["tags"] for cell in notebook["cells"] if cell["type"] == "code"]
    found = complete_tag(body["text"], tags, outline, context.accelerators.known())
    return {"items": [{"text": each.text, "help": each.help} for each in found]}
