"""A stream of errors → the places where a detector says that it has changed for the worse."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jupyter_mlops.feedback.policy import Detector

if TYPE_CHECKING:
    from collections.abc import Sequence

NAMES = {Detector.ADWIN: "adwin", Detector.DDM: "ddm", Detector.EDDM: "eddm", Detector.PAGE_HINKLEY: "page_hinkley"}
RUN_LENGTH = 100_000
"""How many answers of a steady model there should be, on average, between two false alarms."""


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
    from jupyter_mlops.monitoring.streams import replay

    if detector in {Detector.DDM, Detector.EDDM} and any(error not in {0.0, 1.0} for error in errors):
        return []
    places = [int(place) for place in replay(NAMES[detector], errors, run_length=RUN_LENGTH)]
    return [place for before, place in zip([-1, *places], places, strict=False) if _worse(errors, before + 1, place)]


def _worse(errors: Sequence[float], first: int, place: int) -> bool:
    """Tell a rise from a fall, of which ADWIN makes no difference: the last errors before the alarm against those since the alarm before."""
    width = min(max((place + 1 - first) // 4, 1), 200)
    late, early = errors[place + 1 - width : place + 1], errors[first : place + 1 - width]
    return not early or sum(late) / len(late) > sum(early) / len(early)
