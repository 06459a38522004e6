"""NB206 deleted-name-crosses-step."""

from __future__ import annotations

from dataclasses import dataclass

from nb2pipe.diagnostics.model import Severity, Violation


@dataclass(frozen=True)
class DeletedNameCrossesStep(Violation):
    """A step reads a name that an earlier cell has deleted."""

    code = "NB206"
    slug = "deleted-name-crosses-step"
    severity = Severity.ERROR
    since = "0.1"
    message = "`{name}` is read in step `{step}` but was deleted above"
    why = "after `del` the name has no value, in the notebook as in the pipeline"
    fix = "remove the `del`, or define `{name}` again before this step"
    label = "read here"

    name: str
    step: str
