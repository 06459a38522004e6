"""Stage 2: data that is named, pinned by its content and validated."""

from jupyter_mlops.data.datasets import Dataset, dataset, digest_of
from jupyter_mlops.data.proposing import propose_suite
from jupyter_mlops.data.suites import Expectation, Suite
from jupyter_mlops.data.validation import Validation, validate
from jupyter_mlops.provenance.origins import ORIGIN

__all__ = ["ORIGIN", "Dataset", "Expectation", "Suite", "Validation", "dataset", "digest_of", "propose_suite", "validate"]
