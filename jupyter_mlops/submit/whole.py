"""The cells of a notebook → what a kernel makes of them in one go: the outputs of each cell, and the answers of `checkpoint`."""

from __future__ import annotations

import json
import os
import sys
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from jupyter_mlops.submit.displays import of_outputs
from nb2pipe.errors import Nb2PipeError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

DIED = "the kernel died"
HINT = 'pip install "jupyter-mlops[verify]"'


@dataclass(frozen=True, slots=True, kw_only=True)
class Whole:
    """One run of the whole notebook: records by cell number, answers, and the cell where it stopped with what it raised."""

    cells: Mapping[int, dict[str, Any]]
    answers: tuple[dict[str, Any], ...]
    stopped: int | None = None
    error: str = ""
    folder: Path = field(repr=False)


def run_whole(
    cells: Sequence[Mapping[str, Any]],
    steps: Mapping[str, Mapping[str, Any]],
    *,
    folder: Path,
    directory: Path,
    parameters: Mapping[str, object],
) -> Whole:
    """Run all cells in one kernel by papermill.

    Parameters
    ----------
    cells : sequence of mapping
        ``{"number", "source", "parameters": bool, "goes_on": bool, "steps": [step, …], "ends": [step, …]}``.
    steps : mapping
        What `checkpoint.compare_step` is told of each step, and ``names``: those it must keep in any case.
    folder : Path
        An empty folder for what the run leaves.
    directory : Path
        The notebook's folder.
    parameters : mapping
        Values of pipeline parameters.

    Raises
    ------
    Nb2PipeError
        If papermill or a kernel is missing.
    """
    try:
        import nbformat
        import papermill
        from papermill.exceptions import PapermillExecutionError
    except ImportError as error:
        raise Nb2PipeError(f"verify needs {error.name}", hint=HINT) from error
    notebook = nbformat.v4.new_notebook(metadata={"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}})
    for cell in cells:
        made = nbformat.v4.new_code_cell(cell["source"], metadata={"nb2pipe": cell["number"]})
        made.metadata["tags"] = [*(["parameters"] if cell["parameters"] else []), *(["raises-exception"] if cell["goes_on"] else [])]
        notebook.cells.append(made)
    (folder / "task.json").write_text(json.dumps({"cells": list(cells), "steps": steps}), encoding="utf-8")
    begin = f"__import__('jupyter_mlops.submit.checkpoint').submit.checkpoint.begin({str(folder)!r})"
    nbformat.write(notebook, folder / "whole.ipynb")
    stopped = ""
    try:
        with _streams_to(folder / "kernel.log"):
            papermill.execute_notebook(
                str(folder / "whole.ipynb"),
                str(folder / "done.ipynb"),
                parameters=dict(parameters),
                cwd=str(directory),
                progress_bar=False,
                kernel_name="python3",
                extra_arguments=[f"--IPKernelApp.exec_lines={begin}"],
            )
    except PapermillExecutionError as error:
        stopped = f"{error.ename}: {error.evalue}"
    except Exception as error:
        if type(error).__name__ == "NoSuchKernel":
            raise Nb2PipeError("verify needs the kernel `python3`", hint=f"{sys.executable} -m ipykernel install --sys-prefix") from error
        if type(error).__name__ != "DeadKernelError":
            raise
        stopped = DIED
    return _read(folder, stopped, {cell["number"] for cell in cells if cell["goes_on"]})


@contextmanager
def _streams_to(path: Path) -> Iterator[None]:
    """Keep what a kernel says beside its messages off the terminal: it repeats there what programs print."""
    sys.stdout.flush()
    sys.stderr.flush()
    kept = [os.dup(descriptor) for descriptor in (1, 2)]
    try:
        with path.open("wb") as log:
            for descriptor in (1, 2):
                os.dup2(log.fileno(), descriptor)
        yield
    finally:
        for descriptor, original in zip((1, 2), kept, strict=True):
            os.dup2(original, descriptor)
            os.close(original)


def _read(folder: Path, error: str, survived: set[int]) -> Whole:
    """Collect what the run has left; papermill calls an error of a cell that may raise an error of the notebook."""
    done = json.loads((folder / "done.ipynb").read_text(encoding="utf-8")) if (folder / "done.ipynb").exists() else {"cells": []}
    ran = [cell for cell in done["cells"] if "nb2pipe" in cell["metadata"] and (cell["outputs"] or cell["execution_count"] is not None)]
    records = {cell["metadata"]["nb2pipe"]: of_outputs(map(_joined, cell["outputs"])) for cell in ran}
    failed = [number for number, record in records.items() if record["error"] and number not in survived]
    answers = folder / "answers.jsonl"
    lines = answers.read_text(encoding="utf-8").splitlines() if answers.exists() else []
    return Whole(
        cells=records,
        answers=tuple(json.loads(line) for line in lines),
        stopped=failed[-1] if error and failed else None,
        error=error if failed or not done["cells"] or error == DIED else "",
        folder=folder,
    )


def _joined(output: dict[str, Any]) -> dict[str, Any]:
    """Join the lists of lines that the file format keeps texts as."""

    def text(value: Any) -> Any:
        return "".join(value) if isinstance(value, list) and all(isinstance(line, str) for line in value) else value

    joined = {key: text(value) for key, value in output.items()}
    return joined | ({"data": {key: text(value) for key, value in output["data"].items()}} if "data" in output else {})
