"""Tags proposed for a notebook as it is in the editor, cell by cell; nothing is written."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from jupyter_mlops.server.documents import path_of, text_of
from jupyter_mlops.server.graphs import graph_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from jupyter_mlops.server.context import Context
    from nb2pipe.api import Checked


def propose(context: Context, body: Mapping[str, Any]) -> dict[str, Any]:
    """Answer `propose`."""
    from nb2pipe.api import outline_notebook, propose_tags_of
    from nb2pipe.propose.shown import proposal_data

    proposed = propose_tags_of(text_of(body), path_of(context, body))
    if proposed.proposal is None:
        return _nothing(proposed.checked)
    told: dict[str, Any] = proposal_data(proposed.proposal, None, body["path"])
    outline = outline_notebook(proposed.proposal.notebook)
    graph = graph_of(outline)
    colours = {node["name"]: node["colour"] for node in graph["nodes"]} if graph else {}
    return {
        "cells": [
            {
                "id": cell["cell"],
                "number": cell["number"],
                "line": cell["line"],
                "add": cell["add"],
                "step": cell["step"],
                "colour": colours.get(cell["step"]),
                "reason": cell["reason"],
            }
            for cell in told["cells"]
        ],
        "changes": told["changes"],
        "graph": graph,
        "refused": "" if told["changes"] else _why_nothing(proposed.checked, any(cell["step"] for cell in told["cells"])),
    }


def _nothing(checked: Checked) -> dict[str, Any]:
    reason = checked.diagnostics[0].message if checked.diagnostics else "it is not a notebook"
    return {"cells": [], "changes": 0, "graph": None, "refused": reason}


def _why_nothing(checked: Checked, has_steps: bool) -> str:
    from nb2pipe.diagnostics.model import Severity

    wrong = next((each for each in checked.diagnostics if each.severity is Severity.ERROR and each.code.startswith("NB1")), None)
    if wrong is not None:
        return f"a tag is wrong, and what was meant must be known first: {wrong.message}"
    if has_steps:
        return "the tags can stay as they are"
    return "no division into steps was found that brings no error"
