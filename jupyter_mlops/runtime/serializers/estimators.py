"""scikit-learn estimators (XGBoost's and LightGBM's too) ↔ a skops archive.

Beyond what skops trusts itself, only types of the libraries below are read, and only from bytes that bear the digest of this run.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

_TRUSTED = "sklearn numpy scipy pandas xgboost lightgbm collections __main__".split()


def save(value: Any, path: str) -> str:
    """Write an estimator, or fail if skops is missing, cannot keep it or would have to trust another library."""
    import skops.io

    from ..archives import normalize

    path += ".skops"
    skops.io.dump(value, path)
    trusted(path)
    normalize(path)
    return "skops"


def load(encoding: str, path: str) -> Any:
    """Read an estimator."""
    import skops.io

    path += ".skops"
    return skops.io.load(path, trusted=trusted(path))


def trusted(path: str) -> list[str]:
    """List the types of an archive that skops leaves to us; none is of an unknown library."""
    import skops.io

    found: list[str] = skops.io.get_untrusted_types(file=path)
    if all(name.partition(".")[0] in _TRUSTED for name in found):
        return found
    raise TypeError
