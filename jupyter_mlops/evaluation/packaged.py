"""The packaged model → how long one request takes (p50, p99, with intervals that assume nothing) and how many bytes it weighs."""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy
from scipy.special import bdtr

from jupyter_mlops.errors import need
from jupyter_mlops.evaluation import columns
from jupyter_mlops.evaluation.estimate import Estimate, undefined
from jupyter_mlops.evaluation.predictions import Unusable, is_keras, matrix

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

MOST_SECONDS = 10.0


def callable_of(model: Any) -> Callable[[Any], Any]:
    """Give the function features → answers of a model, of a callable (a client of a served model), or of a SavedModel's folder.

    Raises
    ------
    Unusable
        When the folder holds no SavedModel that loads.
    TypeError
        When there is nothing to call.
    """
    if isinstance(model, str | Path):
        return _saved_model(Path(model))
    if is_keras(model):  # `predict` is for many batches, and draws a bar for each call
        return lambda features: model.predict_on_batch(matrix(features))
    for method in ("predict_proba", "predict"):
        if hasattr(model, method):
            found: Callable[[Any], Any] = getattr(model, method)
            return found
    if callable(model):
        asked: Callable[[Any], Any] = model
        return asked
    raise TypeError(f"a `{type(model).__name__}` cannot be timed: pass the packaged model as `latency={{'model': …}}`")


def measure(model: Any, features: Any, *, batch: int = 1, warmup: int = 50, n: int = 1000) -> NDArray[Any]:
    """Time single requests, warm, one after another.

    Parameters
    ----------
    model : model, callable or path
        What is served.
    features : table
        Rows that requests are made of, in turn.
    batch, warmup, n : int
        Rows a request, requests before the clock starts, requests that are timed (fewer when they take more than 10 seconds together).

    Returns
    -------
    float array, shape (requests,)
        Milliseconds.
    """
    ask = callable_of(model)
    rows = columns.height(features)
    requests = [part(features, at * batch % max(rows - batch + 1, 1), batch) for at in range(min(n, 200))]
    begun = time.perf_counter()
    try:
        for at in range(warmup):
            ask(requests[at % len(requests)])
            if time.perf_counter() - begun > MOST_SECONDS / 2:
                break
        taken: list[float] = []
        begun = time.perf_counter()
        for at in range(n):
            start = time.perf_counter()
            ask(requests[at % len(requests)])
            end = time.perf_counter()
            taken.append((end - start) * 1000)
            if end - begun > MOST_SECONDS:
                break
    except Exception as error:  # the user's model: whatever it raises is the verdict on it
        raise Unusable(f"the packaged model raised `{type(error).__name__}`: {' '.join(str(error).split())[:200]}") from error
    return numpy.asarray(taken)


def quantile(values: NDArray[Any], share: float, confidence: float) -> Estimate:
    """Estimate a quantile between two order statistics, which holds for every distribution.

    The number of values below the quantile is binomial, so the k-th smallest value is a bound with the probability of at least, at most k.
    An upper bound exists from n = ln(1 − confidence) / ln(share) values on: 299 for p99 at 0.95.

    Source
    ------
    Hahn and Meeker, 1991, Statistical Intervals, section 5.2.
    """
    ordered = numpy.sort(values)
    n = len(ordered)
    if n == 0:
        return undefined(0, confidence, "nothing was timed")
    chances = bdtr(numpy.arange(n, dtype=float), n, share)  # P(at most k values lie below the quantile)
    above = numpy.flatnonzero(chances >= confidence)
    below = numpy.flatnonzero(chances <= 1 - confidence)
    high = float(ordered[above[0]]) if len(above) and above[0] < n else numpy.inf
    low = float(ordered[below[-1]]) if len(below) else 0.0
    value = float(numpy.quantile(ordered, share))
    return Estimate(value=value, low=min(low, value), high=max(high, value), n=n, confidence=confidence, method="order statistics, warm")


def weigh(model: Any) -> int:
    """Give the bytes of a packaged model: of its files, or of an object's pickle.

    Raises
    ------
    Unusable
        When there is no such file, or the object cannot be pickled.
    """
    if isinstance(model, str | Path):
        path = Path(model)
        if not path.exists():
            raise Unusable(f"the packaged model `{path.name}` is not there")
        return sum(each.stat().st_size for each in ([path] if path.is_file() else path.rglob("*")) if each.is_file())
    import pickle

    try:
        return len(pickle.dumps(model, protocol=5))
    except Exception as error:  # whatever its parts raise
        raise Unusable(f"the model cannot be weighed: {type(error).__name__}") from error


def part(features: Any, start: int, batch: int) -> Any:
    """Give `batch` rows from `start` on, as the same kind of table."""
    if hasattr(features, "iloc"):
        return features.iloc[start : start + batch]
    if hasattr(features, "slice"):
        return features.slice(start, batch)
    if isinstance(features, numpy.ndarray):
        return features[start : start + batch]
    return {name: columns.column(features, name)[start : start + batch] for name in columns.names(features)}


def _saved_model(folder: Path) -> Callable[[Any], Any]:
    if not (folder / "saved_model.pb").is_file():
        raise Unusable(f"`{folder.name}` holds no `saved_model.pb`: it is no SavedModel")
    tensorflow = need("tensorflow", "tensorflow")
    try:
        loaded = tensorflow.saved_model.load(str(folder))
        signature = loaded.signatures["serving_default"]
    except Exception as error:  # TensorFlow raises many kinds for a broken file
        raise Unusable(f"the SavedModel `{folder.name}` cannot be loaded: {type(error).__name__}") from error
    inputs = signature.structured_input_signature[1]

    def ask(features: Any) -> Any:
        if len(inputs) == 1:
            ((name, spec),) = inputs.items()
            matrix = numpy.column_stack([columns.column(features, each) for each in columns.names(features)])
            return signature(**{name: tensorflow.constant(matrix, dtype=spec.dtype)})
        fed = {name: tensorflow.constant(columns.column(features, name), dtype=spec.dtype) for name, spec in inputs.items()}
        return signature(**{name: tensorflow.reshape(value, [-1, *inputs[name].shape[1:]]) for name, value in fed.items()})

    ask._kept = loaded  # type: ignore[attr-defined]  # noqa: SLF001 - a signature does not keep its variables alive
    return ask
