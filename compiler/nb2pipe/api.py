"""The whole compiler as a few functions: what the command line, the server and the tests call."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nb2pipe.diagnostics.model import Diagnostic, Result, Severity
from nb2pipe.errors import Nb2PipeError
from nb2pipe.record import record, replace

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from nb2pipe.conversion import Converted
    from nb2pipe.described import TaggedCell, Value
    from nb2pipe.diagnostics.place import FileText
    from nb2pipe.editing import OpenNotebook
    from nb2pipe.form import Form
    from nb2pipe.ir.bundle import Bundle
    from nb2pipe.ir.notebook import Notebook
    from nb2pipe.ir.pipeline import Pipeline
    from nb2pipe.lower.division import Merged
    from nb2pipe.outline import Outline
    from nb2pipe.propose.proposal import Proposal


@record(kw_only=True)
class Checked:
    """All that the compiler knows of a notebook; `notebook` or `pipeline` is None when errors prevent it."""

    path: str
    notebook: Notebook | None
    pipeline: Pipeline | None
    diagnostics: tuple[Diagnostic, ...]

    @property
    def file(self) -> FileText:
        """Return what messages show of the notebook."""
        from nb2pipe.diagnostics.place import FileText
        from nb2pipe.frontend.report import file_text

        return file_text(self.notebook) if self.notebook is not None else FileText(path=self.path)

    @property
    def has_errors(self) -> bool:
        """Tell whether the notebook cannot be compiled."""
        return any(each.severity == Severity.ERROR for each in self.diagnostics)


@record(kw_only=True)
class Proposed:
    """Tags proposed for a notebook, None when there is no notebook, and all that the compiler knows of it once it has them."""

    checked: Checked
    proposal: Proposal | None


def check_file(path: str, *, backend: str | None = "kfp", runtime: str | None = None, allow_errors: bool = False) -> Checked:
    """Check a notebook file, for a backend or (None) for none in particular.

    `runtime` overrides the notebook's own setting; with `allow_errors` every cell counts as tagged ``raises-exception``.

    Raises
    ------
    Nb2PipeError
        When the file cannot be read or the backend does not exist.
    """
    from nb2pipe.frontend import read

    result = read(path)
    if allow_errors and result.value is not None:
        from nb2pipe.lower.division import surviving

        result = Result(surviving(result.value), result.diagnostics)
    return _check(result, path, backend, runtime)


def divide_file(path: str, *, steps: int | None = None, allow_errors: bool = False) -> tuple[Checked, tuple[Merged, ...]]:
    """Check a notebook file in other steps than its tags say: `steps` of about equal length, or (None) one for each cell.

    With `allow_errors` every cell counts as tagged ``raises-exception``. There is a pipeline even when there are errors: it shows how far they matter. Cells that cannot be apart are one step, and are listed.

    Raises
    ------
    Nb2PipeError
        When the file cannot be read.
    """
    from nb2pipe.diagnostics.suppress import apply_suppressions
    from nb2pipe.frontend import read
    from nb2pipe.frontend.lint import lint
    from nb2pipe.lower.division import divide, surviving

    result = read(path)
    if result.value is None:
        return Checked(path=path, notebook=None, pipeline=None, diagnostics=result.diagnostics), ()
    divided = divide(surviving(result.value) if allow_errors else result.value, steps)
    found = dict.fromkeys((*result.diagnostics, *lint(result.value), *divided.diagnostics))
    diagnostics = apply_suppressions(result.value, found)
    return Checked(path=path, notebook=divided.notebook, pipeline=divided.pipeline, diagnostics=diagnostics), divided.merged


def check_source(content: str | bytes, path: str, *, backend: str | None = "kfp") -> Checked:
    """Check a notebook from its content; `path` tells the format by its suffix and is what messages call it."""
    from nb2pipe.frontend import read_text

    return _check(read_text(content, path), path, backend)


def outline_source(content: str | bytes, path: str, *, backend: str = "kfp") -> Outline:
    """Return everything that an editor shows of a notebook, from its content.

    Raises
    ------
    Nb2PipeError
        When the content cannot be read as a notebook.
    """
    return outline_notebook(*_readable(content, path), backend=backend)


def outline_notebook(notebook: Notebook, found: tuple[Diagnostic, ...] = (), *, backend: str = "kfp") -> Outline:
    """Return everything that an editor shows of a notebook that has been read; `found` are the findings of reading it."""
    from nb2pipe.expressible import backend_findings
    from nb2pipe.outline import outline

    return outline(notebook, found, lambda pipeline: backend_findings(pipeline, backend))


def convert_source(content: str | bytes, path: str, cells: Sequence[TaggedCell], metadata: Mapping[str, object]) -> Converted:
    """Say a Kale or papermill notebook in our own words; `cells` and `metadata` are the notebook's, as they are written.

    Raises
    ------
    Nb2PipeError
        When the content cannot be read as a notebook.
    """
    from nb2pipe.conversion import convert

    return convert(_readable(content, path)[0], cells, metadata)


def tag_form(content: str | bytes, path: str, cells: Sequence[TaggedCell], changes: Mapping[str, Value]) -> Form:
    """Make the form of some cells of a notebook, after changes of fields; the code of the notebook may be left out of `content`.

    Raises
    ------
    Nb2PipeError
        When the content cannot be read as a notebook.
    """
    from nb2pipe.form import fill_form

    return fill_form(_readable(content, path)[0], cells, changes)


def check_text(text: str, path: str) -> tuple[Diagnostic, ...]:
    """Return the findings of a notebook given as text."""
    return check_source(text, path).diagnostics


def check_notebook(notebook: Notebook, found: tuple[Diagnostic, ...] = (), *, backend: str | None = "kfp") -> Checked:
    """Check a notebook that has been read, perhaps with other tags than its file's; `found` are the findings of reading it."""
    return _check(Result(notebook, found), notebook.path, backend)


def _readable(content: str | bytes, path: str) -> tuple[Notebook, tuple[Diagnostic, ...]]:
    from nb2pipe.frontend import read_text

    result = read_text(content, path)
    if result.value is None:
        reason = result.diagnostics[0].message if result.diagnostics else "it is not a notebook"
        raise Nb2PipeError(f"cannot open `{path}`: {reason}", hint=f"nb2pipe check {path}")
    return result.value, result.diagnostics


def _check(read: Result[Notebook], path: str, backend: str | None, runtime: str | None = None) -> Checked:
    from nb2pipe.diagnostics.suppress import apply_suppressions
    from nb2pipe.expressible import backend_findings
    from nb2pipe.frontend.lint import lint
    from nb2pipe.ir.verify import verify_pipeline
    from nb2pipe.lower.pipeline import lower

    notebook, found = read.value, list(read.diagnostics)
    pipeline: Pipeline | None = None
    if notebook is not None:
        lowered = lower(notebook)
        pipeline = lowered.value
        if pipeline is not None and runtime is not None:
            pipeline = replace(pipeline, runtime=runtime)
        found += [*lint(notebook), *lowered.diagnostics]
        if pipeline is not None and not any(each.severity == Severity.ERROR for each in found):
            verify_pipeline(pipeline)
        if pipeline is not None and backend is not None:
            found += backend_findings(pipeline, backend)
        found = list(apply_suppressions(notebook, dict.fromkeys(found)))
        if any(each.severity == Severity.ERROR for each in found):
            pipeline = None
    return Checked(path=path, notebook=notebook, pipeline=pipeline, diagnostics=tuple(found))


def compile_pipeline(pipeline: Pipeline, *, backend: str = "kfp") -> Bundle:
    """Emit the files of a pipeline; the same pipeline gives the same bytes."""
    from nb2pipe.backends.registry import load_backend

    return load_backend(backend).emit(pipeline)


def verification_task(checked: Checked, merged: tuple[Merged, ...] = ()) -> dict[str, object]:
    """Say what a verification of a notebook compares: its cells, the names of each step, and the findings that may explain a difference.

    Raises
    ------
    Nb2PipeError
        When the notebook has errors.
    """
    from nb2pipe.lower.verification import task_of

    if checked.notebook is None or checked.pipeline is None:
        raise Nb2PipeError(f"`{checked.path}` has errors, so there is no pipeline to verify", hint=f"nb2pipe check {checked.path}")
    return task_of(checked.notebook, checked.pipeline, checked.diagnostics, merged)


def export_file(path: str, directory: str) -> tuple[Checked, tuple[str, ...]]:
    """Write a notebook file as a plain Python project; return the findings, and the files written, relative to the folder.

    Nothing is written when the notebook has errors, or says what plain Python cannot (NB706).

    Raises
    ------
    Nb2PipeError
        When the notebook cannot be read, or the folder holds files that no export wrote.
    """
    import hashlib

    from nb2pipe.frontend import content_of, read_text
    from nb2pipe.project.export import export
    from nb2pipe.project.folder import write_project

    content = content_of(path)
    checked = _check(read_text(content, path), path, None)
    if checked.notebook is None or checked.pipeline is None:
        return checked, ()
    project = export(checked.notebook, checked.pipeline, digest=hashlib.sha256(content).hexdigest())
    checked = replace(checked, diagnostics=(*checked.diagnostics, *project.diagnostics))
    return checked, () if project.value is None else write_project(project.value, directory)


def propose_tags(path: str) -> Proposed:
    """Propose tags for the cells of a notebook file that have none.

    Raises
    ------
    Nb2PipeError
        When the file cannot be read.
    """
    from nb2pipe.frontend import content_of

    return propose_tags_of(content_of(path), path)


def propose_tags_of(content: str | bytes, path: str) -> Proposed:
    """Propose tags for the cells of a notebook that have none, from its content."""
    from nb2pipe.frontend import read_text
    from nb2pipe.propose.proposal import propose

    result = read_text(content, path)
    if result.value is None:
        return Proposed(checked=_check(result, path, "kfp"), proposal=None)
    proposal = propose(result.value, lambda notebook: check_notebook(notebook, result.diagnostics).diagnostics)
    return Proposed(checked=check_notebook(proposal.notebook, result.diagnostics), proposal=proposal)


def analyse_file(path: str) -> dict[str, object]:
    """Return what each cell of a notebook reads, writes and changes (`product.md`, the `analyze` contract).

    Raises
    ------
    Nb2PipeError
        When the file cannot be read as a notebook.
    """
    from nb2pipe.analysis.summary import cell_summaries
    from nb2pipe.frontend import read

    result = read(path)
    if result.value is None:
        reason = result.diagnostics[0].message if result.diagnostics else "it is not a notebook"
        raise Nb2PipeError(f"cannot analyse `{path}`: {reason}", hint=f"nb2pipe check {path}")
    return {"cells": cell_summaries(result.value, unknown_stars=True)}


def open_notebook(content: str | bytes, path: str) -> OpenNotebook:
    """Open a notebook for an editor: after an edit of one cell, only what depends on it is analysed again.

    Raises
    ------
    Nb2PipeError
        When the content cannot be read as a notebook.
    """
    from nb2pipe.editing import OpenNotebook

    return OpenNotebook(_readable(content, path)[0])
