"""The notebooks that editors have open, as far as it saves work to remember them: a few, and the least recently used is forgotten first."""

from __future__ import annotations

import threading
from collections import OrderedDict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from jupyter_mlops.server.documents import text_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from nb2pipe.live import LiveNotebook
    from nb2pipe.outline import Outline

MOST_NOTEBOOKS = 8


@dataclass
class _Open:
    """One notebook; requests for it wait for each other, those for others do not."""

    lock: threading.Lock = field(default_factory=threading.Lock)
    live: LiveNotebook | None = None
    content: str = ""
    last: Outline | None = None


@dataclass
class Memory:
    """The open notebooks by their paths."""

    _lock: threading.Lock = field(default_factory=threading.Lock)
    _open: OrderedDict[str, _Open] = field(default_factory=OrderedDict)

    def outline(self, notebook: Mapping[str, Any], path: str, *, fresh: bool = True) -> Outline:
        """Look at the notebook of a request, which lies at `path`; what is remembered of it only saves time.

        Without `fresh` the last look will do if the notebook is what it was, although files beside it may be others.
        """
        from nb2pipe.live import LiveNotebook

        with self._lock:
            known = self._open.setdefault(path, _Open())
            self._open.move_to_end(path)
            while len(self._open) > MOST_NOTEBOOKS:
                self._open.popitem(last=False)
        with known.lock:
            content = text_of(notebook)
            if not fresh and known.last is not None and known.content == content:
                return known.last
            if known.live is None:
                known.live = LiveNotebook()
            known.last = known.live.outline(content, path)
            known.content = content
            return known.last
