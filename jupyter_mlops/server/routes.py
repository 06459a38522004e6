"""Every route of the extension: method and path → the function that answers, and the definitions in `schemas/api.json` of what goes in and out.

A function takes a `Context`, then the parts of the path in braces as keywords, then `body` (POST) or the query's words (GET) as keywords; it
returns what the definition says, or a `Text`. It runs in a thread of its own, so that a slow one delays nobody; a coroutine function only waits.
"""

from __future__ import annotations

from typing import NamedTuple


class Route(NamedTuple):
    """One row: `answer` is "module:function", loaded on first use; `takes` is None for a GET.

    `action` is what an authorizer of the server is asked for: ``"read"``, ``"write"`` a file or ``"execute"`` code.
    """

    method: str
    path: str
    answer: str
    takes: str | None
    gives: str
    action: str = "read"


ROUTES = (
    Route("POST", "view", "jupyter_mlops.server.view:view", "Notebook", "View"),
    Route("GET", "grammar", "jupyter_mlops.server.form:grammar", None, "Grammar"),
    Route("POST", "form", "jupyter_mlops.server.form:form", "FormRequest", "Form"),
    Route("POST", "complete", "jupyter_mlops.server.completion:complete", "CompletionRequest", "Completions"),
    Route("POST", "propose", "jupyter_mlops.server.proposal:propose", "Notebook", "Proposal"),
    Route("POST", "convert", "jupyter_mlops.server.conversion:convert", "Notebook", "Conversion"),
    Route("POST", "sizes", "jupyter_mlops.server.sizes:sizes", "SizesRequest", "Sizes"),
    Route("GET", "explain/{code}", "jupyter_mlops.server.pages:explain", None, "Page"),
    Route("POST", "compile", "jupyter_mlops.server.compilation:compile_notebook", "CompileRequest", "Compiled", "write"),
    Route("POST", "export", "jupyter_mlops.server.exporting:export_notebook", "ExportRequest", "Exported", "write"),
    Route("GET", "runs", "jupyter_mlops.server.runs:list_runs", None, "Runs"),
    Route("POST", "runs", "jupyter_mlops.server.runs:start_run", "StartRequest", "Run", "execute"),
    Route("GET", "runs/{run}", "jupyter_mlops.server.runs:get_run", None, "Run"),
    Route("POST", "runs/{run}/stop", "jupyter_mlops.server.runs:stop_run", "Nothing", "Run", "execute"),
    Route("POST", "runs/{run}/resume", "jupyter_mlops.server.runs:resume_run", "Nothing", "Run", "execute"),
    Route("GET", "runs/{run}/steps/{label}/log", "jupyter_mlops.server.runs:step_log", None, "Text"),
    Route("GET", "runs/{run}/steps/{label}/page", "jupyter_mlops.server.runs:step_page", None, "Text"),
    Route("GET", "compare", "jupyter_mlops.server.comparison:compare", None, "Comparison"),
)
