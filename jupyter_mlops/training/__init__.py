"""Stage 3: runs that say what they were made from, and searches that go on where they were killed."""

from jupyter_mlops.training.runs import Run, track
from jupyter_mlops.training.search import Study, tune

__all__ = ["Run", "Study", "track", "tune"]
