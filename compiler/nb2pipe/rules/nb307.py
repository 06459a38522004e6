"""NB307 random-state-restarts."""

from __future__ import annotations

from dataclasses import dataclass

from nb2pipe.diagnostics.model import Severity, Violation


@dataclass(frozen=True)
class RandomStateRestarts(Violation):
    """A step draws random numbers from a seed that the notebook has moved on from by then."""

    code = "NB307"
    slug = "random-state-restarts"
    severity = Severity.WARNING
    since = "0.1"
    message = "step `{step}` draws from `{module}` as if step `{other}` had not: the seed is set again at its start"
    why = "the state of this generator cannot be carried from the one step to the other, so the numbers differ from the notebook's"
    fix = "give the step a generator or a seed of its own, such as `rng = np.random.default_rng(seed)` or `random_state=seed`"
    label = "drawn here"

    step: str
    other: str
    module: str
