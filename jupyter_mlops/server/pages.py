"""The page of a diagnostic, as `nb2pipe explain` prints it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jupyter_mlops.server.context import Refused

if TYPE_CHECKING:
    from jupyter_mlops.server.context import Context


def explain(_context: Context, code: str) -> dict[str, str]:
    """Answer `explain/{code}`.

    Raises
    ------
    Refused
        When there is no such diagnostic.
    """
    from nb2pipe.diagnostics.catalogue import CATALOGUE, page

    wanted = code.upper()
    if wanted not in CATALOGUE:
        raise Refused(404, f"there is no diagnostic `{code}`", "codes look like `NB201`")
    return {"code": wanted, "markdown": page(wanted)}
