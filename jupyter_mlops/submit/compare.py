"""Two values → where they first differ, or None. Numbers are equal within a relative tolerance; what carries numbers is looked into."""

from __future__ import annotations

import math
import pickle
import sys
from typing import Any

TOLERANCE = 1e-7
"""Relative: libraries add in another order when threads or memory layout differ."""


def difference(whole: Any, isolated: Any, at: str = "", seen: frozenset[tuple[int, int]] = frozenset()) -> str | None:
    """Say where two values first differ.

    Parameters
    ----------
    whole, isolated : object
        The value in the notebook run whole, and step by step.
    at : str
        The place inside the value, as Python would write it.

    Returns
    -------
    str or None
        ``"[3]: 0.5 against 0.25"`` or None when nothing differs.
    """
    key = (id(whole), id(isolated))
    if whole is isolated or key in seen:
        return None
    seen = seen | {key}
    if isinstance(whole, float) and isinstance(isolated, float):
        same = math.isclose(whole, isolated, rel_tol=TOLERANCE) or (math.isnan(whole) and math.isnan(isolated))
        return None if same else _said(at, whole, isolated)
    if (
        _title(whole) == _title(isolated) and hasattr(whole, "variables") and hasattr(whole, "signatures")
    ):  # a loaded SavedModel: a class each
        one, other = ([variable.numpy() for variable in each.variables] for each in (whole, isolated))
        return difference(one, other, f"{at}.variables", seen)
    if type(whole) is not type(isolated):
        return f"{at or 'it'} is {_title(whole)} against {_title(isolated)}"
    for compare in (_containers, _libraries):
        found = compare(whole, isolated, at, seen)
        if found is not NotImplemented:
            return found if found is None or isinstance(found, str) else str(found)
    return _objects(whole, isolated, at, seen)


def _containers(whole: Any, isolated: Any, at: str, seen: frozenset[tuple[int, int]]) -> Any:
    if isinstance(whole, dict):
        if list(whole) != list(isolated):
            return f"{at or 'it'} has other keys: {_short(list(whole))} against {_short(list(isolated))}"
        return _first((whole[key], isolated[key], f"{at}[{key!r}]") for key in whole)(seen)
    if isinstance(whole, list | tuple):
        if len(whole) != len(isolated):
            return f"{at or 'it'} has {len(whole)} elements against {len(isolated)}"
        return _first((one, other, f"{at}[{index}]") for index, (one, other) in enumerate(zip(whole, isolated, strict=True)))(seen)
    if isinstance(whole, set | frozenset | str | bytes | int | complex | range | type(None)):
        return None if whole == isolated else _said(at, whole, isolated)
    return NotImplemented


def _first(pairs: Any) -> Any:
    def run(seen: frozenset[tuple[int, int]]) -> str | None:
        return next((found for one, other, place in pairs if (found := difference(one, other, place, seen)) is not None), None)

    return run


def _libraries(whole: Any, isolated: Any, at: str, seen: frozenset[tuple[int, int]]) -> Any:
    """Compare what libraries compare better than we would; nothing is imported that is not in use."""
    numpy, pandas = sys.modules.get("numpy"), sys.modules.get("pandas")
    if pandas is not None and isinstance(whole, pandas.DataFrame | pandas.Series | pandas.Index):
        kind = "index" if isinstance(whole, pandas.Index) else "series" if isinstance(whole, pandas.Series) else "frame"
        try:
            getattr(pandas.testing, f"assert_{kind}_equal")(whole, isolated, check_exact=False, rtol=TOLERANCE, atol=0)
        except AssertionError as error:
            return f"{at or 'it'}: " + " ".join(str(error).split())
        return None
    if numpy is not None and isinstance(whole, numpy.ndarray | numpy.generic):
        if whole.dtype != isolated.dtype or whole.shape != isolated.shape:
            return f"{at or 'it'} is {whole.dtype}{list(whole.shape)} against {isolated.dtype}{list(isolated.shape)}"
        if whole.dtype.kind in "fc":
            same = numpy.allclose(whole, isolated, rtol=TOLERANCE, atol=0, equal_nan=True)
            return None if same else _said(at, whole, isolated)
        if whole.dtype.kind == "O":
            return difference(whole.tolist(), isolated.tolist(), at, seen)
        return None if numpy.array_equal(whole, isolated) else _said(at, whole, isolated)
    if hasattr(whole, "get_weights") and hasattr(whole, "to_json"):  # Keras
        if whole.to_json() != isolated.to_json():
            return f"{at or 'it'} has another architecture"
        return difference(whole.get_weights(), isolated.get_weights(), f"{at}.get_weights()", seen)
    if hasattr(whole, "state_dict") and hasattr(whole, "parameters"):  # PyTorch
        one, other = ({key: value.numpy(force=True) for key, value in each.state_dict().items()} for each in (whole, isolated))
        return difference(one, other, f"{at}.state_dict()", seen)
    return NotImplemented


def _objects(whole: Any, isolated: Any, at: str, seen: frozenset[tuple[int, int]]) -> str | None:
    """Compare by equality where a class defines it, else by state, else by what pickle makes of it."""
    if "__eq__" in {name for base in type(whole).__mro__[:-1] for name in vars(base)}:
        try:
            if bool(whole == isolated):
                return None
        except (ValueError, TypeError):
            pass
    state = getattr(whole, "__dict__", None)
    if state:
        other = isolated.__dict__
        if set(state) != set(other):
            return f"{at or 'it'} has other attributes"
        found: str | None = _first((state[key], other[key], f"{at}.{key}") for key in state)(seen)
        return found
    try:
        if pickle.dumps(whole) == pickle.dumps(isolated):
            return None
        one, other = whole.__reduce_ex__(4), isolated.__reduce_ex__(4)
    except Exception as error:
        return f"{at or 'it'} cannot be compared: {_title(whole)} {' '.join(str(error).split())[:80]}"
    if isinstance(one, tuple) and any(one[1:3]):  # what pickle would keep: arguments and state
        return difference(list(one[1:3]), list(other[1:3]), f"{at}.__reduce__()", seen)
    return _said(at, whole, isolated)


def _said(at: str, whole: Any, isolated: Any) -> str:
    return f"{at or 'it'}: {_short(whole)} against {_short(isolated)}"


def _short(value: Any) -> str:
    text = " ".join(repr(value).split())
    return text if len(text) <= 60 else text[:57] + "…"


def _title(value: Any) -> str:
    return f"{type(value).__module__}.{type(value).__qualname__}".removeprefix("builtins.")
