"""Names of steps and pipelines → names of modules, functions, classes and distributions, each given once."""

from __future__ import annotations

import keyword
import re
import sys
from typing import TYPE_CHECKING

KNOWN = frozenset(
    "tests pytest numpy pandas scipy sklearn matplotlib seaborn tensorflow keras torch xgboost lightgbm polars mlflow".split()
)
"""Packages that are likely to be installed beside the project."""

if TYPE_CHECKING:
    from collections.abc import Container, Iterable


def identifier(text: str, *, prefix: str) -> str:
    """Make a name in small letters out of any text; `prefix` stands before what is none by itself.

    Examples
    --------
    >>> identifier("Fit-model", prefix="step"), identifier("2", prefix="step"), identifier("class", prefix="step")
    ('fit_model', 'step_2', 'step_class')
    """
    name = re.sub(r"\W+", "_", text, flags=re.ASCII).strip("_").lower()
    if not name.isidentifier() or keyword.iskeyword(name) or keyword.issoftkeyword(name):
        name = f"{prefix}_{name}".rstrip("_")
    return name


def identifiers(texts: Iterable[str], *, prefix: str) -> dict[str, str]:
    """Name each text as `identifier` does, and no two alike."""
    names: dict[str, str] = {}
    for text in texts:
        names[text] = unused(identifier(text, prefix=prefix), names.values())
    return names


def unused(name: str, taken: Container[str]) -> str:
    """Add underscores until a name is free."""
    while name in taken:
        name += "_"
    return name


def package_name(text: str, imported: Container[str]) -> str:
    """Name the package: no module of the standard library, and none that the notebook imports or one would think of, has its name.

    Examples
    --------
    >>> package_name("01_churn", ()), package_name("02_tensorflow", {"tensorflow"}), package_name("json", ())
    ('churn', 'tensorflow_pipeline', 'json_pipeline')
    """
    name = identifier(re.sub(r"^[\d\W_]+", "", text) or text, prefix="pipeline")
    return f"{name}_pipeline" if name in sys.stdlib_module_names or name in KNOWN or name in imported else name


def class_name(name: str) -> str:
    """Write a name as a class's.

    Examples
    --------
    >>> class_name("fit_model")
    'FitModel'
    """
    return "".join(word[:1].upper() + word[1:] for word in name.split("_"))
