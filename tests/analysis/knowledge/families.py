"""The families that are probed, loaded by name: a sample imports nothing before it is called."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from knowledge.sample import Family

NAMES = ("builtins", "standard", "numpy", "pandas", "sklearn", "matplotlib", "scipy", "xgboost", "networkx", "river")


def load(name: str) -> Family:
    """Return a family."""
    module = "standard" if name == "standard" else f"{name}_"
    family: Family = importlib.import_module(f"knowledge.samples.{module}").FAMILY
    return family
