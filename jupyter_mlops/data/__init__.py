"""Stage 2: data that is named, pinned by its content and validated."""

from jupyter_mlops.data.datasets import Dataset, dataset, digest_of

__all__ = ["Dataset", "dataset", "digest_of"]
