"""NB204 maybe-undefined."""

from __future__ import annotations

from dataclasses import dataclass

from nb2pipe.diagnostics.model import Severity, Violation


@dataclass(frozen=True)
class MaybeUndefined(Violation):
    """A step reads a name that is defined on some paths only."""

    code = "NB204"
    slug = "maybe-undefined"
    severity = Severity.WARNING
    since = "0.1"
    message = "`{name}` may not be defined when step `{step}` reads it"
    why = "a value that an earlier step does not make cannot be passed on, and the step fails at its start"
    fix = "give `{name}` a value on every path, for example `{name} = None` first"
    label = "read here"

    name: str
    step: str
