"""NB208 star-import."""

from __future__ import annotations

from dataclasses import dataclass

from nb2pipe.diagnostics.model import Severity, Violation


@dataclass(frozen=True)
class StarImport(Violation):
    """A star import binds names that cannot be seen without running it."""

    code = "NB208"
    slug = "star-import"
    severity = Severity.WARNING
    since = "0.1"
    message = "`from {module} import *` hides which names it defines"
    why = "a name from it cannot be told from a misspelt one, and every step needs the whole import"
    fix = "import the names that are used: `from {module} import name, …`"

    module: str
