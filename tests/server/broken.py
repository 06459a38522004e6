"""An extension of Jupyter Server that puts a bug into ours, to see what becomes of it."""

from __future__ import annotations


def _jupyter_server_extension_points():
    return [{"module": "broken"}]


def _load_jupyter_server_extension(server):
    from jupyter_mlops.server import pages

    explain = pages.explain

    def fail(context, code):
        if code == "BUG":
            raise ZeroDivisionError("a detail that is nobody's business")
        return explain(context, code)

    pages.explain = fail
