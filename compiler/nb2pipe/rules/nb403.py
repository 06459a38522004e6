"""NB403 untyped-output."""

from __future__ import annotations

from dataclasses import dataclass

from nb2pipe.diagnostics.model import Severity, Violation


@dataclass(frozen=True)
class UntypedOutput(Violation):
    """Nothing tells the type of a value that crosses a step."""

    code = "NB403"
    slug = "untyped-output"
    severity = Severity.NOTE
    since = "0.1"
    message = "the type of `{name}` is not known before it is made, and {reason}"
    why = "its artifact has no type in the pipeline's interface, and whether it can be stored without pickle shows only when the step ends"
    fix = "annotate it, as in `{name}: pd.DataFrame = …`, or name its encoding with `encoding:{name}=…`"

    name: str
    reason: str
