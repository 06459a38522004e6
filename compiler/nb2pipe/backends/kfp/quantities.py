"""A Kubernetes quantity → the number it stands for, exactly."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from fractions import Fraction

_QUANTITY = re.compile(r"([+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+))([numkMGTPE]|[KMGTPE]i|[eE][+-]?[0-9]{1,3})?\Z", re.ASCII)
_DECIMAL = {"": 0, "n": -9, "u": -6, "m": -3, "k": 3, "M": 6, "G": 9, "T": 12, "P": 15, "E": 18}
_BINARY = {"Ki": 1024, "Mi": 1024**2, "Gi": 1024**3, "Ti": 1024**4, "Pi": 1024**5, "Ei": 1024**6}


def parse_quantity(text: str) -> Fraction | None:
    """Read a quantity, or None when Kubernetes would not read it.

    Parameters
    ----------
    text : str
        Such as ``"2"``, ``"500m"``, ``"4Gi"``, ``"1e3"``.

    Returns
    -------
    Fraction or None
        In cores or bytes.

    Source
    ------
    Kubernetes, `k8s.io/apimachinery/pkg/api/resource/quantity.go`, the grammar in the comment of `Quantity`.

    Examples
    --------
    >>> parse_quantity("500m"), parse_quantity("1Ki"), parse_quantity("4GB")
    (Fraction(1, 2), Fraction(1024, 1), None)
    """
    match = _QUANTITY.match(text)
    if match is None:
        return None
    from fractions import Fraction  # costs a fifth of an interpreter start, and most pipelines have no quantity

    number, suffix = Fraction(match[1]), match[2] or ""
    if suffix in _BINARY:
        return number * _BINARY[suffix]
    power = _DECIMAL[suffix] if suffix in _DECIMAL else int(suffix[1:])
    scale = int(10 ** abs(power))
    return number * scale if power >= 0 else number / scale
