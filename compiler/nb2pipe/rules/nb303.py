"""NB303 unseeded-randomness."""

from __future__ import annotations

from dataclasses import dataclass

from nb2pipe.diagnostics.model import Severity, Violation


@dataclass(frozen=True)
class UnseededRandomness(Violation):
    """A random result cannot be had again."""

    code = "NB303"
    slug = "unseeded-randomness"
    severity = Severity.NOTE
    since = "0.1"
    message = "`{call}` has no seed"
    why = "two runs of the same step give two results, so neither a cached result nor a comparison means anything"
    fix = "pass a seed, such as `random_state=0`, or make the seed a parameter"

    call: str
