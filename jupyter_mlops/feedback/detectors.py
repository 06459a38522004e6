"""A stream of errors → the places where a detector says that it has changed for the worse."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jupyter_mlops.errors import need
from jupyter_mlops.feedback.policy import Detector

if TYPE_CHECKING:
    from collections.abc import Sequence


def alarms_of(detector: Detector, errors: Sequence[float]) -> list[int]:
    """Replay a stream.

    Parameters
    ----------
    detector : Detector
        DDM and EDDM need errors of 0 and 1, and see nothing in others.
    errors : sequence of float
        In the order in which they became known.

    Returns
    -------
    list of int
        Places in the stream, ascending. A change for the better is no alarm.
    """
    drift = need("river.drift", "drift")
    binary = all(error in (0.0, 1.0) for error in errors)
    if detector in {Detector.DDM, Detector.EDDM} and not binary:
        return []
    watching = {
        Detector.ADWIN: drift.ADWIN,
        Detector.DDM: drift.binary.DDM,
        Detector.EDDM: drift.binary.EDDM,
        # One-sided, and with a threshold at which errors of a steady model stay silent: river's default alarms every 1,600 rows.
        Detector.PAGE_HINKLEY: lambda: drift.PageHinkley(mode="up", delta=0.05, threshold=20.0),
    }[detector]()
    found = []
    for place, error in enumerate(errors):
        watching.update(bool(error) if detector in {Detector.DDM, Detector.EDDM} else error)
        if watching.drift_detected and _worse(errors, place, watching):
            found.append(place)
    return found


def _worse(errors: Sequence[float], place: int, watching: object) -> bool:
    """ADWIN tells that the mean has changed, not how: compare what it kept with what came before."""
    width = int(getattr(watching, "width", 0))
    if not width or width > place:
        return True
    kept, before = errors[place + 1 - width : place + 1], errors[: place + 1 - width]
    return sum(kept) / len(kept) > sum(before) / len(before)
