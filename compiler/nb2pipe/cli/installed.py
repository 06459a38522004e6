"""What another package of this distribution adds to the command line, found through entry points: the compiler imports no SDK and starts no process."""

from __future__ import annotations

from typing import Any

from nb2pipe.errors import Nb2PipeError


def load_command(group: str, name: str) -> Any:
    """Load what an installed package registers under a name.

    Raises
    ------
    Nb2PipeError
        When nothing is registered.
    """
    from importlib.metadata import entry_points

    for point in entry_points(group=group):
        if point.name == name:
            return point.load()
    raise Nb2PipeError(f"nothing installed here provides `{name}`", hint="pip install jupyter-mlops")
