"""NB502 import-without-distribution."""

from __future__ import annotations

from dataclasses import dataclass

from nb2pipe.diagnostics.model import Severity, Violation


@dataclass(frozen=True)
class ImportWithoutDistribution(Violation):
    """A step imports a module that no installed package provides."""

    code = "NB502"
    slug = "import-without-distribution"
    severity = Severity.WARNING
    since = "0.1"
    message = "`{module}` is a file beside the notebook, not a package"
    why = "a container holds what its image was built with, and nothing of this folder"
    fix = "put the module's code into a `setup` cell, or build it into the step's image"

    module: str
