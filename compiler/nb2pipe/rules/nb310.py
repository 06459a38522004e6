"""NB310 transformation-outside-model."""

from __future__ import annotations

from dataclasses import dataclass

from nb2pipe.diagnostics.model import Severity, Violation


@dataclass(frozen=True)
class TransformationOutsideModel(Violation):
    """A model is saved without a transformation that its training data went through."""

    code = "NB310"
    slug = "transformation-outside-model"
    severity = Severity.WARNING
    since = "0.1"
    message = "`{call}` prepares the training data, but is not part of `{model}`, which is saved"
    why = "whoever serves the model must do the same with the same numbers, or it answers for other data than it learned from"
    fix = "put the transformation into a `Pipeline` with the model, or save it beside the model"

    call: str
    model: str
