"""A notebook that an editor sends anew after each edit → everything that the editor shows of it, without reading again what is as it was."""

from __future__ import annotations

from nb2pipe.collector import Resting
from nb2pipe.errors import Nb2PipeError
from nb2pipe.expressible import backend_findings
from nb2pipe.frontend import read_text
from nb2pipe.frontend.translations import Translations
from nb2pipe.outline import Outline, outline


class LiveNotebook:
    """What is kept between the answers: the cells' trees, and on them what the analysis made of each statement.

    Every answer is what a fresh one would be. One thread may ask at a time.
    """

    def __init__(self) -> None:
        self._kept = Translations()

    def outline(self, content: str | bytes, path: str, *, backend: str = "kfp") -> Outline:
        """Look at the notebook as it is now.

        Raises
        ------
        Nb2PipeError
            When the content cannot be read as a notebook.
        """
        with Resting():
            result = read_text(content, path, self._kept)
            if result.value is None:
                reason = result.diagnostics[0].message if result.diagnostics else "it is not a notebook"
                raise Nb2PipeError(f"cannot open `{path}`: {reason}", hint=f"nb2pipe check {path}")
            return outline(result.value, result.diagnostics, lambda pipeline: backend_findings(pipeline, backend))
