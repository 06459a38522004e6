"""scikit-learn estimators (XGBoost's and LightGBM's too) ↔ a skops archive.

Beyond what skops trusts itself, only types of the libraries below are read, and only from bytes that bear the digest of this run.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Optional

_TRUSTED = ("sklearn", "numpy", "scipy", "pandas", "xgboost", "lightgbm", "collections", "__main__")


def save(value: Any, path: str) -> Optional[str]:
    """Write an estimator; None if skops is missing, cannot keep it or would have to trust another library."""
    try:
        import skops.io
    except ImportError:
        return None
    from ..archives import normalize

    path += ".skops"
    skops.io.dump(value, path)
    if trusted(path) is None:
        return None
    normalize(path)
    return "skops"


def load(encoding: str, path: str) -> Any:
    """Read an estimator."""
    import skops.io

    return skops.io.load(path + ".skops", trusted=trusted(path + ".skops") or [])


def trusted(path: str) -> Optional[list[str]]:
    """List the types of an archive that skops leaves to us, or give None if one is of an unknown library."""
    import skops.io

    found = skops.io.get_untrusted_types(file=path)
    return found if all(name.partition(".")[0] in _TRUSTED for name in found) else None
