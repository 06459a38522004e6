"""What an answer may know of the server, and the one place that turns a path of a request into a file."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from jupyter_mlops.server.accelerators import Accelerators
from jupyter_mlops.server.documents import path_of
from jupyter_mlops.server.memory import Memory

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path
    from typing import Any

    from nb2pipe.outline import Outline


class Refused(Exception):
    """A request that cannot be answered: `status` is HTTP's, `message` one sentence, `hint` what to do."""

    def __init__(self, status: int, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.status, self.message, self.hint = status, message, hint


@dataclass(frozen=True)
class Text:
    """An answer that is no JSON: a log, a page."""

    content: str
    media_type: str = "text/plain"


@dataclass(frozen=True)
class Context:
    """The server as answers see it: `root` is the folder whose files it serves, resolved; the rest is what it remembers."""

    root: Path
    accelerators: Accelerators = field(default_factory=Accelerators)
    memory: Memory = field(default_factory=Memory)

    def file(self, path: str, *suffixes: str) -> Path:
        """Return the file that a request's path means, inside the root whatever links lead where.

        Raises
        ------
        Refused
            When it is outside the root, hidden, or has another suffix than those given.
        """
        try:
            found = (self.root / path.lstrip("/")).resolve()
            relative = found.relative_to(self.root)
            found.exists()  # a name may be longer than the file system takes
        except (ValueError, OSError, RuntimeError):
            raise Refused(404, f"`{path}` is not below the server's folder") from None
        if any(part.startswith(".") for part in relative.parts):
            raise Refused(404, f"`{path}` is hidden")
        if suffixes and found.suffix not in suffixes:
            raise Refused(400, f"`{path}` is not a file of a kind that can be used here", f"use {' or '.join(suffixes)}")
        return found

    def outline(self, notebook: Mapping[str, Any], *, fresh: bool = True) -> Outline:
        """Look at the notebook of a request; without `fresh` an earlier look at the same content will do.

        Raises
        ------
        Refused
            When it lies outside the root.
        """
        return self.memory.outline(notebook, path_of(self, notebook), fresh=fresh)

    def relative(self, path: Path) -> str:
        """Name a file as requests do."""
        return path.relative_to(self.root).as_posix()
