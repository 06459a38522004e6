"""Completion of a tag that is being typed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

    from jupyter_mlops.server.context import Context


def complete(context: Context, body: Mapping[str, Any]) -> dict[str, Any]:
    """Answer `complete`."""
    from nb2pipe.completion import complete_tag

    notebook = body["notebook"]
    tags = [cell["tags"] for cell in notebook["cells"] if cell["type"] == "code"]
    found = complete_tag(body["text"], tags, context.outline(notebook, fresh=False), context.accelerators.known())
    return {"items": [{"text": each.text, "help": each.help} for each in found]}
