"""A notebook that an editor sends anew after each edit → everything that the editor shows of it, without reading again what is as it was."""

from __future__ import annotations

from nb2pipe.collector import Resting
from nb2pipe.expressible import backend_findings
from nb2pipe.frontend import read_text
from nb2pipe.frontend.translations import Translations
from nb2pipe.outline import Outline, outline, unread


class LiveNotebook:
    """What is kept between the answers: the cells' trees, and on them what the analysis made of each statement.

    Every answer is what a fresh one would be. One thread may ask at a time.
    """

    def __init__(self) -> None:
        self._kept = Translations()

    def outline(self, content: str | bytes, path: str, *, backend: str = "kfp") -> Outline:
        """Look at the notebook as it is now; of one that cannot be read only the reason is known."""
        with Resting():
            result = read_text(content, path, self._kept)
            if result.value is None:
                return unread(path, result.diagnostics)
            return outline(result.value, result.diagnostics, lambda pipeline: backend_findings(pipeline, backend))
