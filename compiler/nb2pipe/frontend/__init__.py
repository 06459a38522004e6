"""A notebook file → `Notebook`: formats, tags, magics."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from nb2pipe.diagnostics.model import Result
    from nb2pipe.frontend.translations import Translations
    from nb2pipe.ir.notebook import Notebook


def read(path: str) -> Result[Notebook]:
    """Read a notebook file by its suffix: ``.py`` as a percent script, anything else as Jupyter's format.

    Raises
    ------
    Nb2PipeError
        When the file cannot be read.
    """
    return read_text(content_of(path), path)


def content_of(path: str) -> bytes:
    """Read the bytes of a notebook file.

    Raises
    ------
    Nb2PipeError
        When the file cannot be read.
    """
    from nb2pipe.errors import Nb2PipeError

    try:
        with open(path, "rb") as file:  # noqa: PTH123 - pathlib costs start-up, and the path stays a text
            return file.read()
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise Nb2PipeError(f"cannot read `{path}`: {reason}", hint="check the path") from error


def read_text(content: str | bytes, path: str, kept: Translations | None = None) -> Result[Notebook]:
    """Read a notebook from its content; `path` says which format it is in, and is what messages call it.

    `kept` is what an earlier reading made of the cells of a notebook in Jupyter's format.
    """
    from nb2pipe.collector import Resting

    with Resting():
        if path.endswith(".py"):
            from nb2pipe.frontend.percent import read_percent

            return read_percent(content, path)
        from nb2pipe.frontend.ipynb import read_notebook

        return read_notebook(content, path, kept)
