"""A model in service → `Monitor`: the windows of its prediction log, each judged once, and what its labels say."""

from __future__ import annotations

import math
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

from jupyter_mlops.feedback.history import History
from jupyter_mlops.feedback.movements import MINIMUM_EFFECT
from jupyter_mlops.feedback.policy import Detector
from jupyter_mlops.feedback.reading import windows_of
from jupyter_mlops.feedback.served import LATE_SECONDS
from jupyter_mlops.report import Report, Verdict, deliver

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from jupyter_mlops.feedback.evidence import Window
    from jupyter_mlops.monitoring.sketch import Profile


@dataclass(frozen=True, kw_only=True, repr=False)
class Monitor(Report):
    """What is watched, and how. All that was seen is in the history; a monitor of the same model in another process sees the same."""

    kind: ClassVar[str] = "monitor"

    model: str
    reference: str | Profile | None = None
    every_seconds: float = 3600.0
    labels: Any = None
    output: str | None = None
    exclude: tuple[str, ...] = ()
    importance: tuple[str, ...] = ()
    minimum_rows: int = 50
    minimum_effect: float = MINIMUM_EFFECT
    late_seconds: float = LATE_SECONDS
    sample: float = 1.0
    detectors: tuple[Detector, ...] = (Detector.ADWIN,)

    @property
    def history(self) -> History:
        """Where it keeps what it has seen."""
        return History(self.model)

    def run(self, now: float | None = None) -> Monitor:
        """Judge the windows that have ended by `now` and were not judged yet, and join labels that have come; gives itself.

        Parameters
        ----------
        now : float, optional
            Seconds since 1970; the clock's time by default.

        Raises
        ------
        EnvironmentProblem
            If the prediction log, the labels or the reference cannot be read.
        """
        from jupyter_mlops.feedback.running import run

        run(self, time.time() if now is None else now)
        return self

    def windows(self, now: float = math.inf) -> tuple[Window, ...]:
        """Give what a policy is judged on: windows that ended by `now`, with the labels and alarms that were known by then."""
        judged = [window for window in self.history.windows() if window.end <= now]
        ranks = {name: place for place, name in enumerate(self.importance, 1)}
        return windows_of(judged, self.history.errors(until=now, seen=now), ranks=ranks, detectors=self.detectors)

    def definition(self) -> dict[str, Any]:
        """Give the arguments of `monitor` that make this one, as JSON values.

        Raises
        ------
        ValueError
            If it watches with something that only this process has, such as labels in a frame.
        """
        for name, value in (("reference", self.reference), ("labels", self.labels)):
            if value is not None and not isinstance(value, str):
                raise ValueError(
                    f"`{name}` is a `{type(value).__name__}` of this process; expected a path, so that other processes can read it"
                )
        written: dict[str, Any] = {"model": self.model, "reference": self.reference, "every": self.every_seconds, "labels": self.labels}
        written |= {"output": self.output, "exclude": list(self.exclude), "importance": list(self.importance)}
        written |= {"minimum_rows": self.minimum_rows, "minimum_effect": self.minimum_effect}
        written |= {"late_seconds": self.late_seconds, "sample": self.sample}
        defaults = {"exclude": [], "importance": [], "minimum_rows": 50, "minimum_effect": MINIMUM_EFFECT}
        defaults |= {"late_seconds": LATE_SECONDS, "sample": 1.0}
        return {name: value for name, value in written.items() if value is not None and defaults.get(name) != value}

    def view(self) -> dict[str, Any]:
        """Give the windows with what moved, when, and what labels say."""
        from jupyter_mlops.feedback.overview import overview

        return overview(self)


def monitor(
    model: Any,
    *,
    reference: str | Path | Profile | None = None,
    every: str | float = "1h",
    labels: Any = None,
    problem: Any = None,
    output: str | None = None,
    exclude: Iterable[str] = (),
    importance: Sequence[str] = (),
    minimum_rows: int = 50,
    minimum_effect: float | None = None,
    late_seconds: float = LATE_SECONDS,
    sample: float = 1.0,
) -> Monitor:
    """Watch a model in service: its prediction log in windows of time, each judged once against the reference.

    Parameters
    ----------
    model : str, or what `ml.deploy` gave
        Whose predictions; the local server logs them below ``home()/monitoring/predictions``.
    reference : path or Profile, optional
        `ml.profile` of the training data. Without one, the first window stands for it, and the report says so.
    every : str or float
        Length of a window: ``"10m"``, ``"1h"``, or seconds.
    labels : path, frame or callable, optional
        True labels as they come in, see `labels.read_labels`: columns ``prediction_id`` and ``label``, perhaps ``explored``.
    problem : Problem, optional
        Gives `minimum_effect`; by default the card that was set last.
    output : str, optional
        The output that is the prediction, where the model has several.
    exclude : iterable of str
        Inputs and outputs that are not read.
    importance : sequence of str
        Features, the most important first: what "top-10" means. Without it every feature counts.
    minimum_rows : int
        Windows with fewer rows are counted and not judged.
    minimum_effect : float, optional
        The smallest effect that counts as drift.
    late_seconds : float
        A window is judged this long after its end, when its last rows have reached the disk.
    sample : float
        Share of requests that are looked at, chosen by their ids.

    Returns
    -------
    Monitor
        `run` judges what has ended by now; it shows what has been seen so far.

    Raises
    ------
    TypeError
        If `model` is none.
    ValueError
        For a number outside its range.
    """
    name = model if isinstance(model, str) else getattr(model, "model", getattr(model, "name", None))
    if not isinstance(name, str) or not name:
        raise TypeError(f"`model` is a `{type(model).__name__}`; expected the name of a model, or what `ml.deploy` gave")
    seconds = _seconds(every)
    if not 0 < sample <= 1:
        raise ValueError(f"`sample` is {sample:g}; expected a share above 0 and of at most 1")
    if minimum_rows < 1 or late_seconds < 0:
        raise ValueError("expected `minimum_rows` of at least 1 and `late_seconds` of at least 0")
    from jupyter_mlops.framing import current

    card = problem if problem is not None else current()
    least = minimum_effect if minimum_effect is not None else getattr(card, "drift_minimum_effect", None)
    made = Monitor(
        model=name,
        reference=str(reference) if isinstance(reference, Path) else reference,
        every_seconds=seconds,
        labels=str(labels) if isinstance(labels, Path) else labels,
        output=output,
        exclude=tuple(sorted(exclude)),
        importance=tuple(importance),
        minimum_rows=minimum_rows,
        minimum_effect=MINIMUM_EFFECT if least is None else least,
        late_seconds=late_seconds,
        sample=sample,
    )
    return deliver(made, Verdict.PASS)


def _seconds(every: str | float) -> float:
    from jupyter_mlops.serving.rollout.spec import seconds

    length = seconds(every)
    if not math.isfinite(length) or length < 1:
        raise ValueError(f"`every` is {every}; expected windows of at least a second, such as `1h`")
    return length
